"""Defines when a node gives anything at all: a map or list that ends up empty is left out, together with its key."""

from typing import Any

from podzol.template.expressions import Expr
from podzol.template.functions import all_of, any_of, not_, present, without
from podzol.template.nodes import Each, Leaf, List, Map, Spread, When
from podzol.template.types import BOOL

Presence = tuple[Expr, ...] | None
"""None: always there. Else the conditions of which one must hold; empty: never there."""

ALWAYS: Presence = None

UNKNOWN = Expr("unknown", BOOL)
"""Whether a loop whose every turn may vanish gives anything: no template can say."""


def presence(node: Any) -> Presence:
    match node:
        case None:
            return ()
        case Leaf(value, keep):
            if keep or (value._type.scalar and not value._type.optional):
                return ALWAYS
            return (present(value),) if value._type.scalar else (value,)
        case Spread():
            return (spread_value(node),)
        case Map(parts):
            inside = [presence(part[1] if isinstance(part, tuple) else part) for part in parts]
            return one_of(inside) if parts else ALWAYS
        case List(items):
            return one_of([presence(item) for item in items]) if items else ALWAYS
        case Each(source, _, _, body):
            return (source,) if presence(body) is ALWAYS else (UNKNOWN,)
        case When(condition, then, otherwise):
            return of_choice(condition, presence(then), presence(otherwise))
    return ALWAYS


def spread_value(node: Spread) -> Expr:
    """What a spread gives: a user's map without the author's own keys."""
    return without(node.value, *node.reserved) if node.reserved else node.value


def one_of(found: list[Presence]) -> Presence:
    if any(each is ALWAYS for each in found):
        return ALWAYS
    conditions = [condition for each in found if each is not None for condition in each]
    return tuple({condition._key: condition for condition in conditions}.values())


def of_choice(condition: Expr, yes: Presence, no: Presence) -> Presence:
    """`c and p, or not c and q`; where p is certain, `c or q` says the same."""
    if yes is ALWAYS and no is ALWAYS:
        return ALWAYS
    first = (condition,) if yes is ALWAYS else both(condition, yes)
    second = (not_(condition),) if no is ALWAYS else no if yes is ALWAYS else both(not_(condition), no)
    return (*first, *second)  # type: ignore[misc]


def both(condition: Expr, found: Presence) -> tuple[Expr, ...]:
    return (all_of(condition, joined(found)),) if found else ()


def joined(found: Presence) -> Expr:
    """The one condition that the node gives anything."""
    assert found
    return found[0] if len(found) == 1 else any_of(*found)


def is_unknown(condition: Expr) -> bool:
    return condition is UNKNOWN or any(isinstance(arg, Expr) and is_unknown(arg) for arg in condition._args)
