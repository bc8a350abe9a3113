"""Defines the nodes of a symbolic manifest. Does not define how an author makes them (`words.py`, `build.py`).

None is changed once it is made. That they could be (`frozen` would refuse it) saves 3 ms at every start.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from podzol.template.expressions import Expr


@dataclass(eq=False)
class Constant:
    """A scalar that the author wrote."""

    value: Any


@dataclass(eq=False)
class Leaf:
    """A value in its place; `keep` renders {} and [] too."""

    value: Expr
    keep: bool = False


@dataclass(eq=False)
class Map:
    """Entries (key, node), and what the author merges into them: Spread, Named, When, Map."""

    parts: tuple[Any, ...]


@dataclass(eq=False)
class List:
    items: tuple[Any, ...]


@dataclass(eq=False)
class When:
    condition: Expr
    then: Any
    otherwise: Any = None


@dataclass(eq=False)
class Each:
    """`variables` are the item, or key and value; `index` counts a list's items, for the paths of rules."""

    source: Expr
    variables: tuple[Expr, ...]
    index: str
    body: Any


@dataclass(eq=False)
class Spread:
    """A map or list merged into the author's own; `reserved` keys are the author's."""

    value: Any
    reserved: tuple[str, ...] = ()


@dataclass(eq=False)
class Named:
    """A map that becomes a named template of the chart."""

    name: str
    body: Any
    doc: str


@dataclass(eq=False)
class Rule:
    """A cross-field rule: `check` holds, or `at` must be what `must` says and `fix` tells what to do."""

    check: Any
    at: Any
    must: str
    fix: str = ""


@dataclass(eq=False)
class Several:
    """What a loop over plain values gives: items of the list around it, or documents."""

    items: tuple[Any, ...]


def expressions(node: Any) -> Iterator[Expr]:
    """Every expression that stands in a tree."""
    match node:
        case Leaf(value) | Spread(value):
            yield value
        case Map(parts):
            for part in parts:
                yield from expressions(part[1] if isinstance(part, tuple) else part)
        case List(items):
            for item in items:
                yield from expressions(item)
        case When(condition, then, otherwise):
            yield condition
            yield from expressions(then)
            yield from expressions(otherwise)
        case Each(source, _, _, body):
            yield source
            yield from expressions(body)
        case Named(_, body, _):
            yield from expressions(body)
        case Rule(check, at, _, _):
            yield check
            yield at


def loops(node: Any) -> Iterator[Each]:
    """Every loop in a tree."""
    match node:
        case Map(parts):
            for part in parts:
                yield from loops(part[1] if isinstance(part, tuple) else part)
        case List(items):
            for item in items:
                yield from loops(item)
        case When(_, then, otherwise):
            yield from loops(then)
            yield from loops(otherwise)
        case Each(_, _, _, body):
            yield node
            yield from loops(body)
        case Named(_, body, _):
            yield from loops(body)
