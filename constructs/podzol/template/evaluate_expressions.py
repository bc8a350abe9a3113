"""Defines how an expression is computed with concrete values: compiled once to a closure over a `Scope`."""

from collections.abc import Callable, Iterator
from typing import Any

from podzol.template.expressions import Expr, in_values_yaml
from podzol.template.functions import FUNCTIONS
from podzol.template.release import Context
from podzol.template.values import raw_default


class Scope:
    """What an expression sees: the values as Helm has them, the release, and the variables of the loops around it."""

    __slots__ = ("context", "named", "names", "values")

    def __init__(self, values: dict[str, Any], context: Context) -> None:
        self.values, self.context = values, context
        self.names: dict[str, Any] = {}
        self.named: dict[Any, Any] = {}


Compute = Callable[[Scope], Any]


def expression(node: Expr) -> Compute:
    """The value of an expression."""
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
        case "var" | "counter":
            name = args[0]
            return lambda scope: scope.names[name]
        case "path":
            return path(node)
        case "narrow":
            return expression(args[0])
        case "named":
            return once(node)
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


def once(node: Expr) -> Compute:
    """A named text, computed once an evaluation: it sees no loop variables."""
    key, body = hash(node._key), expression(node._args[1])

    def compute(scope: Scope) -> Any:
        if key not in scope.named:
            scope.named[key] = body(scope)
        return scope.named[key]

    return compute


def path(node: Expr) -> Compute:
    """A value below a section. values.yaml fills the sections it reaches; elsewhere a value may be left out."""
    base, field = node._args
    alias = field.alias
    holder = expression(base)
    if in_values_yaml(node):
        if base._op == "root":
            return lambda scope: scope.values[alias]
        if base._args[0]._op == "root":
            section = base._args[1].alias
            return lambda scope: scope.values[section][alias]
        return lambda scope: holder(scope)[alias]
    default = None if field.required else raw_default(base._type.model, alias)
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
