"""The functions of the language: each stands once, with type rule, Python twin, Go form and samples."""

from typing import Any

from podzol.template.expressions import OPERATORS, lift
from podzol.template.functions.collections import chained, contains, count, no_text_twice, sha256_of, without
from podzol.template.functions.comparisons import (
    COMPARISONS,
    asks_for_truth,
    at_least,
    at_most,
    equal,
    greater,
    less,
    unequal,
)
from podzol.template.functions.conditions import all_of, any_of, is_bool, not_, or_else, pick, present, truth
from podzol.template.functions.numbers import ARITHMETIC, add, divide, max_of, min_of, multiply, subtract
from podzol.template.functions.quantities import bytes_of, millicores_of, rising, times
from podzol.template.functions.registry import FUNCTIONS, Function
from podzol.template.functions.texts import concat, join, lower, replace, to_str, trim_suffix, trunc


def plus(left: Any, right: Any) -> Any:
    """`+`: a sum of integers, lists of text one after the other, or texts; a chain of texts is one expression."""
    left, right = lift(left), lift(right)
    if left._type.kind == right._type.kind == "int":
        return add(left, right)
    if left._type.kind == right._type.kind == "list":
        return chained(left, right)
    return concat(*[part for side in (left, right) for part in (side._args if side._op == "concat" else (side,))])


OPERATORS |= {
    "+": plus,
    "-": subtract,
    "*": multiply,
    "//": divide,
    "==": equal,
    "!=": unequal,
    "<": less,
    "<=": at_most,
    ">": greater,
    ">=": at_least,
}

__all__ = [
    "ARITHMETIC",
    "COMPARISONS",
    "FUNCTIONS",
    "Function",
    "all_of",
    "any_of",
    "asks_for_truth",
    "bytes_of",
    "contains",
    "count",
    "is_bool",
    "join",
    "lower",
    "max_of",
    "millicores_of",
    "min_of",
    "no_text_twice",
    "not_",
    "or_else",
    "pick",
    "present",
    "replace",
    "rising",
    "sha256_of",
    "times",
    "to_str",
    "trim_suffix",
    "trunc",
    "truth",
    "without",
]
