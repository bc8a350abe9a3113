"""Defines what joins conditions, and what chooses by them.

A condition is anything: 0, "", an empty list or map and null are false in Go, and here.
Source: https://pkg.go.dev/text/template#hdr-Functions (2026-11-23); `ne x nil` is true for 0, "" and false.
"""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel

from podzol.template.expressions import Expr, a
from podzol.template.faults import TemplateError
from podzol.template.functions.registry import Writer, function, need
from podzol.template.gotemplate import Call, Go, Literal, call, pipe
from podzol.template.types import BOOL, Type, integer, text


def truth(value: Any) -> bool:
    """Go's: 0, "", empty and null are false; a given section is true."""
    return bool(value) or isinstance(value, BaseModel)


# ---------------------------------------------------------------- type rules


def condition_rule(*conditions: Expr) -> Type:
    for condition in conditions:
        if condition._type.kind == "section":
            raise TemplateError(f"a section is no condition; use present({condition!r}), or one of its values")
    return BOOL


def present_rule(value: Expr) -> Type:
    if not value._type.optional:
        raise TemplateError(f"present: {value!r} is never null; compare it, or use it as a condition")
    return BOOL


def either(name: str, one: Type, other: Type, first: Expr, second: Expr) -> Type:
    """The type of one of two scalars of a kind."""
    if one.kind not in ("str", "int", "bool") or one.kind != other.kind:
        raise TemplateError(
            f"{name}: {first!r} is {a(one.kind)} and {second!r} {a(other.kind)}; it takes two texts, integers or "
            "booleans; use when() for anything else"
        )
    if one.kind == "bool":
        return BOOL
    if one.kind == "int":
        return integer(min(one.low, other.low), max(one.high, other.high))
    longest = None if one.longest is None or other.longest is None else max(one.longest, other.longest)
    return text(like=(one, other), full=one.full and other.full, longest=longest)


def pick_rule(condition: Expr, yes: Expr, no: Expr) -> Type:
    condition_rule(condition)
    for arm in (yes, no):
        need("pick", arm, "str", "int", "bool")
    return either("pick", yes._type, no._type, yes, no)


def or_else_rule(value: Expr, instead: Expr) -> Type:
    if value._type.kind == "bool":
        raise TemplateError(f"or_else: it would replace a false {value!r} as well; use when() or pick()")
    need("or_else", instead, "str", "int")
    given = value._type.given()
    type_ = either("or_else", given, instead._type, value, instead)
    if type_.kind == "str" and instead._type.full:
        return text(like=(given, instead._type), full=True, longest=type_.longest)
    return type_


# ---------------------------------------------------------------- Go forms


def joined(name: str, written: Iterable[Go]) -> Go:
    """`and` or `or` of conditions; one inside another of its kind is part of it."""
    parts = [
        part for each in written for part in (each.args if isinstance(each, Call) and each.name == name else (each,))
    ]
    return call(name, *parts)


def operands(name: str, spelled: str) -> Callable[..., Go]:
    """Go's `and` and `or` give one of their operands: a boolean only when all are."""

    def form(write: Writer, *parts: Expr) -> Go:
        if not all(map(is_bool, parts)):
            raise TemplateError(
                f"{spelled}({', '.join(map(repr, parts))}) is a condition, not a value; use pick(..., True, False)"
            )
        return call(name, *map(write.value, parts))

    return form


def is_bool(node: Expr) -> bool:
    """The expression is true or false in Go as well, not merely one of its operands."""
    if node._op in ("all_of", "any_of"):
        return all(map(is_bool, node._args))
    return node._type.kind == "bool" and not node._type.optional


def given(write: Writer, value: Expr) -> Go:
    return call("ne", write.value(value), Literal(None))


def given_or_full(write: Writer, value: Expr) -> Go:
    return write.truth(value) if value._type.full else given(write, value)


def missing(write: Writer, value: Expr) -> Go:
    return call("not", write.truth(value)) if value._type.full else call("eq", write.value(value), Literal(None))


def ternary(write: Writer, condition: Expr, yes: Expr, no: Expr) -> Go:
    """`ternary` takes nothing but a boolean."""
    chosen = write.value(condition) if is_bool(condition) else call("not", call("empty", write.condition(condition)))
    return call("ternary", write.value(yes), write.value(no), chosen)


# ---------------------------------------------------------------- the functions

not_ = function(
    "not_",
    condition_rule,
    lambda x: not truth(x),
    lambda write, x: call("not", write.truth(x)),
    ((True,), False),
    ((0,), True),
    (("a",), False),
    condition=lambda write, x: write.negated(x),
    negation=lambda write, x: write.condition(x),
    doc="The condition doesn't hold.",
)
all_of = function(
    "all_of",
    condition_rule,
    lambda *parts: all(map(truth, parts)),
    operands("and", "all_of"),
    ((True, False), False),
    ((True, True), True),
    condition=lambda write, *parts: joined("and", map(write.condition, parts)),
    negation=lambda write, *parts: joined("or", map(write.negated, parts)),
    doc="All conditions hold.",
)
any_of = function(
    "any_of",
    condition_rule,
    lambda *parts: any(map(truth, parts)),
    operands("or", "any_of"),
    ((True, False), True),
    ((False, False), False),
    condition=lambda write, *parts: joined("or", map(write.condition, parts)),
    negation=lambda write, *parts: joined("and", map(write.negated, parts)),
    doc="At least one condition holds.",
)
present = function(
    "present",
    present_rule,
    lambda x: x is not None,
    given,
    condition=given_or_full,
    negation=missing,
    doc="A value that may be null is given.",
)
pick = function(
    "pick",
    pick_rule,
    lambda condition, yes, no: yes if truth(condition) else no,
    ternary,
    ((True, "a", "b"), "a"),
    ((False, 1, 2), 2),
    (("", 1, 1000000), 1000000),
    ((["x"], True, False), True),
    doc="One of two texts, integers or booleans.",
)
or_else = function(
    "or_else",
    or_else_rule,
    lambda value, instead: value if value else instead,
    lambda write, value, instead: pipe(write.value(value), call("default", write.value(instead))),
    (("", "b"), "b"),
    (("a", "b"), "a"),
    ((0, 7), 7),
    doc="The value, or another where it is null, empty or 0.",
)
