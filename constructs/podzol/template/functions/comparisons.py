"""Defines comparisons. Go compares numbers of one kind only, and asks for truth where that says the same.

Source: https://pkg.go.dev/text/template#hdr-Functions (2026-11-23).
"""

from collections.abc import Callable

from podzol.template.expressions import Expr, a, is_constant
from podzol.template.faults import TemplateError
from podzol.template.functions.registry import Writer, function, need
from podzol.template.gotemplate import Go, call
from podzol.template.types import BOOL, Type


def comparable(*kinds: str) -> Callable[[Expr, Expr], Type]:
    def rule(left: Expr, right: Expr) -> Type:
        one, other = need("comparison", left, *kinds).kind, need("comparison", right, *kinds).kind
        if one != other:
            raise TemplateError(f"a template can't compare {left!r} ({a(one)}) with {right!r} ({a(other)})")
        return BOOL

    return rule


def asks_for_truth(op: str, left: Expr, right: Expr) -> Expr | None:
    """The value whose Go truth says the same: `if .Values.gpus` for `gpus > 0` where gpus can't be negative."""
    kind, constant = left._type.kind, right._args[0] if is_constant(right) else None
    if kind == "str" and op == "!=" and constant == "":
        return left
    least = {"!=": 0, ">": 0, ">=": 1}.get(op)
    if kind != "int" or left._type.low < 0 or least is None or constant is None or constant != least:
        return None
    return left._args[0] if left._op == "count" else left


def compared(name: str, op: str = "") -> Callable[..., Go]:
    """Both sides as Go's int, as Go compares only numbers of one kind; for `op`, truth where it says the same."""

    def form(write: Writer, left: Expr, right: Expr) -> Go:
        value = asks_for_truth(op, left, right)
        return call(name, write.integer(left), write.integer(right)) if value is None else write.truth(value)

    return form


def is_empty(name: str, op: str) -> Callable[..., Go]:
    """The opposite: `not .Values.text` for `text == ""`."""

    def form(write: Writer, left: Expr, right: Expr) -> Go:
        value = asks_for_truth(op, left, right)
        return compared(name)(write, left, right) if value is None else call("not", write.truth(value))

    return form


equal = function(
    "==",
    comparable("int", "str", "bool"),
    lambda x, y: x == y,
    compared("eq"),
    ((1, 1), True),
    (("a", "b"), False),
    ((True, False), False),
    condition=is_empty("eq", "!="),
    negation=compared("ne", "!="),
)
unequal = function(
    "!=",
    comparable("int", "str", "bool"),
    lambda x, y: x != y,
    compared("ne"),
    ((1000000, 1000000), False),
    (("a", "b"), True),
    condition=compared("ne", "!="),
    negation=is_empty("eq", "!="),
)
less = function(
    "<",
    comparable("int"),
    lambda x, y: x < y,
    compared("lt"),
    ((1, 2), True),
    ((2, 2), False),
    condition=is_empty("lt", ">="),
    negation=compared("ge", ">="),
)
at_most = function(
    "<=",
    comparable("int"),
    lambda x, y: x <= y,
    compared("le"),
    ((2, 2), True),
    ((3, 2), False),
    condition=is_empty("le", ">"),
    negation=compared("gt", ">"),
)
greater = function(
    ">",
    comparable("int"),
    lambda x, y: x > y,
    compared("gt"),
    ((3, 2), True),
    ((2, 2), False),
    condition=compared("gt", ">"),
    negation=is_empty("le", ">"),
)
at_least = function(
    ">=",
    comparable("int"),
    lambda x, y: x >= y,
    compared("ge"),
    ((2, 2), True),
    ((1, 2), False),
    condition=compared("ge", ">="),
    negation=is_empty("lt", ">="),
)

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
