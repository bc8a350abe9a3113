"""Defines arithmetic on integers, and the multiplication of a Kubernetes quantity.

Source: https://masterminds.github.io/sprig/math.html (2026-11-23): all of it computes in int64 and casts by itself.
"""

import re
from collections.abc import Callable

from podzol.template.expressions import Expr, is_constant
from podzol.template.faults import TemplateError
from podzol.template.functions.registry import Writer, before, function, need, need_plain
from podzol.template.gotemplate import Go, call
from podzol.template.types import Type, integer, text

INT64 = 2**63

MOST = 10**6
"""A factor of a quantity, at most; and 10 digits of the quantity: their product is far from int64's end."""
LONGEST_QUANTITY = 12


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


def times_rule(quantity: Expr, factor: Expr) -> Type:
    type_ = need_plain("times", quantity)
    assert type_.alphabet is not None
    digits_and_unit = all(char.isalnum() for char in type_.alphabet)
    if not digits_and_unit or type_.longest is None or type_.longest > LONGEST_QUANTITY:
        raise TemplateError(
            f"times: {quantity!r} must be a whole quantity such as 256Mi: a pattern of digits and a unit, "
            f"and max_length of at most {LONGEST_QUANTITY}"
        )
    if need("times", factor, "int").low < 0 or factor._type.high > MOST:
        raise TemplateError(f"times: the factor {factor!r} must lie between 0 and {MOST}")
    return text(like=[type_], full=True, longest=20, characters="0123456789")


def times_quantity(quantity: str, factor: int) -> str:
    found = re.fullmatch("([0-9]+)([a-zA-Z]*)", quantity)
    if found is None:
        raise TemplateError(f"times: {quantity!r} is no whole quantity such as 256Mi")
    return f"{int(found[1]) * factor}{found[2]}"


TIMES = """{{/*
A quantity times an integer: include "CHART.times" (list "256Mi" 2)
*/}}
{{- define "CHART.times" -}}
{{- $quantity := first . -}}
{{- printf "%d%s" (mul (regexFind "[1-9][0-9]*" $quantity) (last .)) (regexFind "[a-zA-Z]*$" $quantity) -}}
{{- end }}
"""


def included_times(write: Writer, quantity: Expr, factor: Expr) -> Go:
    return write.include("times", TIMES, call("list", write.value(quantity), write.value(factor)))


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
times = function(
    "times",
    times_rule,
    times_quantity,
    included_times,
    (("256Mi", 2), "512Mi"),
    (("100m", 3), "300m"),
    (("010", 2), "20"),
    (("1", 0), "0"),
    doc="A whole Kubernetes quantity times an integer.",
)

ARITHMETIC = frozenset({"+", "-", "*", "//", "max_of", "min_of"})
"""Their results are int64 in Go and need no cast."""
