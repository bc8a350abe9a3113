"""Defines `trace`, which runs an author's functions once with symbolic values, and `Tree`, what comes out.

Refuses what no chart could hold: an object whose name is fixed, a value that nothing reads.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from podzol.template.expressions import Expr, value_path, walk
from podzol.template.faults import TemplateError
from podzol.template.release import symbolic_release
from podzol.template.tree import Constant, Each, Leaf, List, Map, Named, Rule, When, build, expressions
from podzol.template.types import Type, fields


@dataclass(frozen=True, eq=False)
class Tree:
    """What a workload's functions say of every value: manifests, hooks and notes as nodes, rules as conditions."""

    model: type[BaseModel]
    manifests: dict[str, Any]
    rules: tuple[Any, ...] = ()
    tests: dict[str, Any] = field(default_factory=dict)
    notes: tuple[Any, ...] = ()

    @cached_property
    def compiled(self) -> Any:
        """The evaluator of this tree, made once."""
        from podzol.template.evaluate import compile_tree

        return compile_tree(self)

    @cached_property
    def root(self) -> Expr:
        return root_of(self.model)


def trace(
    values_model: type[BaseModel],
    manifests: Callable[..., dict[str, Any]],
    rules: Callable[..., Any] | None = None,
    tests: Callable[..., dict[str, Any]] | None = None,
    notes: Callable[..., Any] | None = None,
) -> Tree:
    """The symbolic tree of a workload. Raises TemplateError, with what to use instead, for what can't be expressed."""
    values, release = root_of(values_model), symbolic_release(values_model)
    for written in (manifests, rules, tests, notes):
        if written is not None:
            refuse_untraceable(written)
    tree = Tree(
        values_model,
        documents(manifests(values, release)),
        tuple(map(rule_node, rules(values) or ())) if rules else (),
        documents(tests(values, release)) if tests else {},
        tuple(build(line) for line in notes(values, release)) if notes else (),
    )
    refuse_unread(tree)
    return tree


def root_of(model: type[BaseModel]) -> Expr:
    return Expr("root", Type("section", model=model), "values")


def documents(returned: Any) -> dict[str, Any]:
    """Nodes by file name; every object's name tells its release."""
    if not isinstance(returned, dict):
        raise TemplateError(f"manifests return a dict of file name to object, not {type(returned).__name__}")
    out = {}
    for name, value in returned.items():
        node = build(value)
        if node is None:
            continue
        for document in each_document(name, node):
            refuse_fixed_name(name, document)
        out[name.replace("_", "-")] = node
    return out


def each_document(name: str, node: Any) -> Iterator[Map]:
    match node:
        case When(_, then, otherwise):
            for arm in (then, otherwise):
                if arm is not None:
                    yield from each_document(name, arm)
        case Each(_, _, _, body):
            yield from each_document(name, body)
        case List(items):
            for item in items:
                yield from each_document(name, item)
        case Map():
            yield node
        case _:
            raise TemplateError(f"{name}: an object is a dict, a when() or an each() of dicts")


def refuse_fixed_name(name: str, document: Map) -> None:
    metadata = entries(document).get("metadata")
    held = entries(metadata).get("name") if isinstance(metadata, Map) else None
    if held is None:
        raise TemplateError(f"{name}: metadata.name is missing; use release.fullname")
    if isinstance(held, Constant):
        raise TemplateError(
            f"{name}: metadata.name is always {held.value!r}, so two releases would collide; use release.fullname"
        )


def entries(node: Map) -> dict[str, Any]:
    return dict(part for part in node.parts if isinstance(part, tuple))


def rule_node(returned: Any) -> Any:
    """A rule, or rules in each() and when()."""
    node = build(returned)
    for found in rules_in(node):
        if not isinstance(found.check, Expr):
            raise TemplateError(f"rule(must={found.must!r}): the check {found.check!r} isn't about a value")
        if not isinstance(found.at, Expr) or not value_path(found.at):
            raise TemplateError(f"rule(must={found.must!r}): at={found.at!r} must be a value, like v.replicas")
    return node


def rules_in(node: Any) -> Iterator[Rule]:
    match node:
        case Rule():
            yield node
        case When(_, then, otherwise):
            yield from rules_in(then)
            yield from rules_in(otherwise)
        case Each(_, _, _, body):
            yield from rules_in(body)
        case List(items):
            for item in items:
                yield from rules_in(item)
        case None:
            return
        case _:
            raise TemplateError("rules are made by rule(...), alone or in each() and when()")


def rule_sentences(tree: Tree) -> list[str]:
    """The rules as a README says them: "`autoscaling.minReplicas` must be at most maxReplicas."."""
    return [f"`{value_path(found.at)}` must {found.must}." for node in tree.rules for found in rules_in(node)]


# ---------------------------------------------------------------- values that nothing reads


def refuse_unread(tree: Tree) -> None:
    used = read_paths(tree)
    unread = [path for path in leaf_paths(Type("section", model=tree.model)) if not covered(path, used)]
    if unread:
        names = ", ".join(unread)
        raise TemplateError(f"{tree.model.__name__}: nothing reads {names}; use it in manifests, or remove it")


def read_paths(tree: Tree) -> set[str]:
    """camelCase paths that stand anywhere; hashing a value alone doesn't count as reading it."""
    nodes = [*tree.manifests.values(), *tree.rules, *tree.tests.values(), *tree.notes]
    return {value_path(part) for node in nodes for top in expressions(node) for part in read(top)} - {""}


def read(expression: Expr) -> Iterator[Expr]:
    if expression._op == "sha256_of":
        return
    if expression._op != "var":
        yield expression
    for part in expression._args:
        if isinstance(part, Expr):
            if expression._op == "path":
                yield from (inner for inner in read(part) if inner._type.kind != "section")
            else:
                yield from read(part)
    if expression._op == "var":
        yield expression


def leaf_paths(type_: Type, path: str = "") -> Iterator[str]:
    if type_.kind == "section":
        assert type_.model is not None
        for alias, found in fields(type_.model).items():
            yield from leaf_paths(found.type, f"{path}.{alias}" if path else alias)
    elif type_.element is not None and type_.element.kind == "section":
        yield from leaf_paths(type_.element, f"{path}{'[]' if type_.kind == 'list' else '.*'}")
    else:
        yield path


def covered(path: str, used: set[str]) -> bool:
    return path in used


# ---------------------------------------------------------------- what no operator can catch


def refuse_untraceable(written: Callable[..., Any]) -> None:
    """`is`, `isinstance` and `match` take one branch of a symbolic value without a sound: find them in the source."""
    try:
        source = ast.parse(textwrap.dedent(inspect.getsource(written)))
    except (OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(source):
        what = ""
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
            what = "`is` can't see into a chart value; use present(value), or when(value, lambda value: ...)"
        elif isinstance(node, ast.Match):
            what = "`match` can't see into a chart value; use when() or pick()"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "type"):
            what = f"{node.func.id}() can't see into a chart value; its type stands in the model"
        if what:
            raise TemplateError(f"{written.__qualname__}, line {node.lineno}: {what}")  # type: ignore[attr-defined]


__all__ = ["Leaf", "Named", "Tree", "rule_sentences", "trace", "walk"]
