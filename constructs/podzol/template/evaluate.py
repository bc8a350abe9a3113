"""Defines the first interpreter: a tree and concrete values give plain manifests. Compiled once a tree, to closures."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from podzol.template.expressions import Expr, in_values_yaml
from podzol.template.faults import Fault, ValuesError, shown
from podzol.template.functions import FUNCTIONS
from podzol.template.place import place
from podzol.template.release import Context
from podzol.template.trace import Tree
from podzol.template.tree import Constant, Each, Leaf, List, Map, Named, Rule, Spread, When
from podzol.template.values import raw, raw_default


class Scope:
    """What an expression may see: the values as Helm has them, the release, and the variables of the loops around it."""

    __slots__ = ("context", "names", "values")

    def __init__(self, values: dict[str, Any], context: Context) -> None:
        self.values, self.context = values, context
        self.names: dict[str, Any] = {}


Compute = Callable[[Scope], Any]
Contribute = Callable[[Scope, list[Any]], None]

ABSENT = object()
"""A map or list that ends up empty is left out; an author's literal {} or [] stays."""


# ---------------------------------------------------------------- expressions


def expression(node: Expr) -> Compute:
    op, args = node._op, node._args
    match op:
        case "const":
            constant = args[0]
            return lambda scope: constant
        case "root":
            return lambda scope: scope.values
        case "context":
            fact = args[1]
            return lambda scope: getattr(scope.context, fact)
        case "var":
            name = args[0]
            return lambda scope: scope.names[name]
        case "index":
            index = args[0]
            return lambda scope: scope.names[index]
        case "path":
            return path(node)
        case "narrow":
            return expression(args[0])
        case "named":
            return expression(args[1])
        case "collect":
            return collected(node)
    parts = [expression(part) for part in args]
    twin = FUNCTIONS[op].python
    if len(parts) == 1:
        only = parts[0]
        return lambda scope: twin(only(scope))
    if len(parts) == 2:
        first, second = parts
        return lambda scope: twin(first(scope), second(scope))
    return lambda scope: twin(*[part(scope) for part in parts])


def path(node: Expr) -> Compute:
    base, field = node._args
    alias = field.alias
    if in_values_yaml(node):
        if base._op == "root":
            return lambda scope: scope.values[alias]
        if base._args[0]._op == "root":
            section = base._args[1].alias
            return lambda scope: scope.values[section][alias]
        inside = expression(base)
        return lambda scope: inside(scope)[alias]
    default = None if field.required else raw_default(base._type.model, alias)
    holder = expression(base)
    return lambda scope: holder(scope).get(alias, default)


def collected(node: Expr) -> Compute:
    source, body, *variables = node._args
    turns, item = turns_of(source, tuple(variables), variables[0]._args[3]), expression(body)
    return lambda scope: [item(scope) for _ in turns(scope)]


def turns_of(source: Expr, variables: tuple[Expr, ...], index: str) -> Callable[[Scope], Iterator[None]]:
    """Binds the variables of a loop, turn by turn."""
    items, names = expression(source), [variable._args[0] for variable in variables]

    def over_list(scope: Scope) -> Iterator[None]:
        for number, item in enumerate(items(scope) or ()):
            scope.names[names[0]], scope.names[index] = item, number
            yield

    def over_map(scope: Scope) -> Iterator[None]:
        for key, value in sorted((items(scope) or {}).items()):
            scope.names[names[0]], scope.names[names[1]] = key, value
            yield

    return over_list if source._type.kind == "list" else over_map


# ---------------------------------------------------------------- nodes


def compute(node: Any) -> Compute:
    """What a node is as a value: of a key, or by itself."""
    match node:
        case Constant(value):
            return lambda scope: value
        case Leaf():
            return leaf(node)
        case Map():
            return mapping(node)
        case Named(_, body, _):
            return compute(body)
        case When(condition, then, otherwise):
            holds = expression(condition)
            yes = compute(then) if then is not None else nothing
            no = compute(otherwise) if otherwise is not None else nothing
            return lambda scope: yes(scope) if holds(scope) else no(scope)
        case _:
            return sequence(node)


def nothing(scope: Scope) -> Any:
    return ABSENT


def leaf(node: Leaf) -> Compute:
    value, type_ = expression(node.value), node.value._type
    if type_.scalar and not type_.optional:
        return value
    if type_.scalar:

        def scalar(scope: Scope) -> Any:
            found = value(scope)
            return ABSENT if found is None else found

        return scalar

    def tree(scope: Scope) -> Any:
        found = value(scope)
        if found is None or (not node.keep and found in ({}, [])):
            return ABSENT
        return copied(found)

    return tree


def copied(value: Any) -> Any:
    """A tree of its own: two objects that share one would be written to YAML with an anchor."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def mapping(node: Map) -> Compute:
    if all(isinstance(part, tuple) and isinstance(part[1], Constant) for part in node.parts):
        constants = {key: value.value for key, value in node.parts}
        return lambda scope: constants.copy()
    parts = [(part[0], compute(part[1])) if isinstance(part, tuple) else (None, merged(part)) for part in node.parts]

    def build(scope: Scope) -> Any:
        out: dict[str, Any] = {}
        for key, run in parts:
            value = run(scope)
            if value is ABSENT:
                continue
            if key is None:
                out.update(value)
            else:
                out[key] = value
        return out or ABSENT

    return build


def merged(node: Any) -> Compute:
    """What is merged into a map: a user's map without the author's keys, or more of the author's own."""
    if not isinstance(node, Spread):
        return compute(node)
    items, reserved = expression(node.value), node.reserved
    return lambda scope: {key: copied(value) for key, value in (items(scope) or {}).items() if key not in reserved}


def sequence(node: Any) -> Compute:
    if isinstance(node, List) and not node.items:
        return lambda scope: []
    contribute = contribution(node)

    def build(scope: Scope) -> Any:
        out: list[Any] = []
        contribute(scope, out)
        return out or ABSENT

    return build


def contribution(node: Any) -> Contribute:
    """What a node adds to the list, or to the file of documents, that it stands in."""
    match node:
        case Each(source, variables, index, body):
            turns, inner = turns_of(source, variables, index), contribution(body)

            def loop(scope: Scope, out: list[Any]) -> None:
                for _ in turns(scope):
                    inner(scope, out)

            return loop
        case Spread(value, _):
            items = expression(value)
            return lambda scope, out: out.extend(copied(items(scope) or []))
        case When(condition, then, otherwise):
            holds = expression(condition)
            yes, no = contribution(then), contribution(otherwise)
            return lambda scope, out: yes(scope, out) if holds(scope) else no(scope, out)
        case List(items) if items:
            each = [contribution(item) for item in items]

            def all_items(scope: Scope, out: list[Any]) -> None:
                for add in each:
                    add(scope, out)

            return all_items
        case None:
            return lambda scope, out: None
    run = compute(node)

    def one(scope: Scope, out: list[Any]) -> None:
        value = run(scope)
        if value is not ABSENT:
            out.append(value)

    return one


def ruling(node: Any) -> Contribute:
    """The faults that a rule, or rules in each() and when(), finds."""
    match node:
        case Rule(check, at, must, fix):
            holds = expression(check)
            steps = [step if isinstance(step, str) else expression(step) for step in place(at)]
            got = expression(at) if at._type.scalar and not at._type.optional else None

            def judge(scope: Scope, out: list[Any]) -> None:
                if not holds(scope):
                    where = "".join(step if isinstance(step, str) else str(step(scope)) for step in steps)
                    out.append(Fault(where, f"must {must}", got(scope) if got else None, fix))

            return judge
        case When(condition, then, otherwise):
            asks = expression(condition)
            yes, no = ruling(then), ruling(otherwise)
            return lambda scope, out: yes(scope, out) if asks(scope) else no(scope, out)
        case Each(source, variables, index, body):
            turns, inner = turns_of(source, variables, index), ruling(body)

            def loop(scope: Scope, out: list[Any]) -> None:
                for _ in turns(scope):
                    inner(scope, out)

            return loop
        case List(items):
            each = [ruling(item) for item in items]

            def all_items(scope: Scope, out: list[Any]) -> None:
                for add in each:
                    add(scope, out)

            return all_items
    return lambda scope, out: None


# ---------------------------------------------------------------- a tree


class Compiled:
    """A tree as closures."""

    def __init__(self, tree: Tree) -> None:
        self.rules = [ruling(node) for node in tree.rules]
        self.manifests = [contribution(node) for node in tree.manifests.values()]
        self.notes = [contribution(node) for node in tree.notes]

    def judge(self, scope: Scope) -> list[Fault]:
        faults: list[Fault] = []
        for rule in self.rules:
            rule(scope, faults)
        return faults


def compile_tree(tree: Tree) -> Compiled:
    return Compiled(tree)


def broken(tree: Tree, values: BaseModel, context: Context) -> list[Fault]:
    """The rules that these values break."""
    compiled: Compiled = tree.compiled
    return compiled.judge(Scope(raw(values), context))


def evaluate(tree: Tree, values: BaseModel, context: Context) -> list[dict[str, Any]]:
    """The manifests for these values, in the author's order. Raises ValuesError with every broken rule."""
    compiled: Compiled = tree.compiled
    scope = Scope(raw(values), context)
    if faults := compiled.judge(scope):
        raise ValuesError(faults)
    out: list[dict[str, Any]] = []
    for add in compiled.manifests:
        add(scope, out)
    return out


def evaluate_notes(tree: Tree, values: BaseModel, context: Context) -> str:
    """NOTES.txt, filled in."""
    compiled: Compiled = tree.compiled
    scope = Scope(raw(values), context)
    out: list[str] = []
    for add in compiled.notes:
        add(scope, out)
    return "".join(f"{line}\n" for line in out)


__all__ = ["broken", "evaluate", "evaluate_notes", "shown"]
