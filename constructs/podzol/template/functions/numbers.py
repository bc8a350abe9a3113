"""Defines arithmetic on integers.

Source: https://masterminds.github.io/sprig/math.html (2026-11-23): all of it computes in int64 and casts by itself.
"""

from collections.abc import Callable

from podzol.template.expressions import Expr, is_constant
from podzol.template.faults import TemplateError
from podzol.template.functions.registry import before, function, need
from podzol.template.types import Type, integer

INT64 = 2**63


def arithmetic(name: str, compute: Callable[[int, int], int]) -> Callable[[Expr, Expr], Type]:
    """The bounds of the result come from the bounds of both sides."""

    def rule(left: Expr, right: Expr) -> Type:
        one, other = need(name, left, "int"), need(name, right, "int")
        ends = [compute(x, y) for x in (one.low, one.high) for y in (other.low, other.high)]
        if max(map(abs, ends)) >= INT64:
            raise TemplateError(f"{left!r} {name} {right!r} may overflow Go's int64: bound the values with ge and le")
        return integer(min(ends), max(ends))

    return rule


def division(left: Expr, right: Expr) -> Type:
    divisor = right._args[0] if is_constant(right) and right._type.kind == "int" else 0
    if divisor <= 0:
        raise TemplateError(f"{left!r} // {right!r}: divide by a positive constant, since x/0 stops an installation")
    if need("//", left, "int").low < 0:
        raise TemplateError(f"{left!r} // {right!r}: Go rounds towards zero, Python down; bound {left!r} with ge=0")
    return integer(left._type.low // divisor, left._type.high // divisor)


add = function(
    "+",
    arithmetic("+", lambda x, y: x + y),
    lambda x, y: x + y,
    before("add"),
    ((2, 3), 5),
    ((-2000000, 3000000), 1000000),
)
subtract = function(
    "-",
    arithmetic("-", lambda x, y: x - y),
    lambda x, y: x - y,
    before("sub"),
    ((2, 3), -1),
    ((1000001, 1), 1000000),
)
multiply = function(
    "*",
    arithmetic("*", lambda x, y: x * y),
    lambda x, y: x * y,
    before("mul"),
    ((3, 4), 12),
    ((-3, 1000000), -3000000),
)
divide = function(
    "//",
    division,
    lambda x, y: x // y,
    before("div"),
    ((7, 2), 3),
    ((0, 5), 0),
)
max_of = function(
    "max_of",
    arithmetic("max_of", max),
    lambda x, y: max(x, y),
    before("max"),
    ((3, 9), 9),
    ((-1, 0), 0),
    doc="The greater of two integers.",
)
min_of = function(
    "min_of",
    arithmetic("min_of", min),
    lambda x, y: min(x, y),
    before("min"),
    ((3, 9), 3),
    ((-1, 0), -1),
    doc="The lesser of two integers.",
)
ARITHMETIC = frozenset({"+", "-", "*", "//", "max_of", "min_of"})
"""Their results are int64 in Go and need no cast."""
