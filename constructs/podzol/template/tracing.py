"""Defines `trace`, which runs an author's functions once with symbolic values, and `Tree`, what comes out.

Refuses what no chart could hold: an object whose name is fixed, a value that nothing reads.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from podzol.template.build import build
from podzol.template.expressions import Expr
from podzol.template.faults import TemplateError
from podzol.template.lint import refuse_untraceable
from podzol.template.nodes import Constant, Each, List, Map, Rule, When
from podzol.template.paths import value_path
from podzol.template.release import root_of, symbolic_release
from podzol.template.unread import unread_values


@dataclass(frozen=True, eq=False)
class Tree:
    """What a workload's functions say of every value: objects by file name, rules, hooks of `helm test`, notes."""

    model: type[BaseModel]
    manifests: dict[str, Any]
    rules: tuple[Any, ...] = ()
    tests: dict[str, Any] = field(default_factory=dict)
    notes: tuple[Any, ...] = ()


def trace(
    values_model: type[BaseModel],
    manifests: Callable[..., dict[str, Any]],
    rules: Callable[..., Any] | None = None,
    tests: Callable[..., dict[str, Any]] | None = None,
    notes: Callable[..., Any] | None = None,
) -> Tree:
    """The symbolic tree of a workload. Raises TemplateError, with what to use instead, for what can't be expressed."""
    for written in (manifests, rules, tests, notes):
        if written is not None:
            refuse_untraceable(written)
    values, release = root_of(values_model), symbolic_release(values_model)
    tree = Tree(
        values_model,
        manifests=documents(manifests(values, release)),
        rules=tuple(map(rule_node, rules(values) or ())) if rules else (),
        tests=documents(tests(values, release)) if tests else {},
        notes=tuple(map(build, notes(values, release))) if notes else (),
    )
    nodes = (*tree.manifests.values(), *tree.rules, *tree.tests.values(), *tree.notes)
    if unread := unread_values(values_model, nodes):
        raise TemplateError(f"{values_model.__name__}: nothing reads {', '.join(unread)}; use it, or remove it")
    return tree


# ---------------------------------------------------------------- objects


def documents(returned: Any) -> dict[str, Any]:
    """Nodes by file name; every object's name tells its release."""
    if not isinstance(returned, dict):
        raise TemplateError(f"manifests return a dict of file name to object, not {type(returned).__name__}")
    nodes = {name: build(value) for name, value in returned.items()}
    for name, node in nodes.items():
        for document in each_document(name, node):
            refuse_fixed_name(name, document)
    return {name.replace("_", "-"): node for name, node in nodes.items() if node is not None}


def each_document(name: str, node: Any) -> Iterator[Map]:
    match node:
        case Map():
            yield node
        case When(_, then, otherwise):
            yield from each_document(name, then)
            yield from each_document(name, otherwise)
        case Each(_, _, _, body):
            yield from each_document(name, body)
        case List(items):
            for item in items:
                yield from each_document(name, item)
        case None:
            return
        case _:
            raise TemplateError(f"{name}: an object is a dict, a when() or an each() of dicts")


def refuse_fixed_name(name: str, document: Map) -> None:
    """Two releases of one chart live in one namespace only if each object's name comes from a release or a value."""
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


# ---------------------------------------------------------------- rules


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
