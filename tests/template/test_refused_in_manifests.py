"""What a template can't say of a value is refused where it is written, with what to use instead."""

import sys
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import Field

from podzol.template import (
    TemplateError,
    Values,
    all_of,
    any_of,
    bytes_of,
    collect,
    contains,
    count,
    each,
    emit,
    join,
    lower,
    max_of,
    millicores_of,
    named,
    or_else,
    pick,
    present,
    replace,
    rising,
    sha256_of,
    spread,
    times,
    to_str,
    trace,
    trunc,
    unique,
    when,
)


class Sub(Values):
    a: int = 1
    b: str | None = None


class Twice(Sub):
    sec: Sub = Sub(a=2)


class P(Values):
    s: str = "x"
    ascii: Annotated[str, Field(pattern="^[a-z]*$")] = "x"
    endless: Annotated[str, Field(pattern="^[0-9]+Mi$")] = "1Mi"
    i: int = 3
    up: Annotated[int, Field(ge=0)] = 3
    flag: bool = True
    o: str | None = None
    oi: int | None = None
    sec: Sub | None = None
    plain: Sub = Sub()
    subs: list[Sub] = []
    twice: list[Twice] = []
    m: dict[str, str] = {}
    tree: dict[str, Any] = {}
    nest: list[list[str]] = []
    texts: list[str] = []
    f: float = 1.0
    either: int | Annotated[str, Field(pattern="^[a-z]+$")] = 1


LATER = "its value is only known at `helm install`"

MANIFESTS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "if": (
        lambda v, r: 1 if v.flag else 2,
        f"a Python `if`, `and`, `or` or `not` on values.flag: {LATER}; "
        "use when(), pick(), all_of(), any_of() or not_()",
    ),
    "and": (
        lambda v, r: v.i and v.s,
        f"a Python `if`, `and`, `or` or `not` on values.i: {LATER}; use when(), pick(), all_of(), any_of() or not_()",
    ),
    "not": (
        lambda v, r: not v.plain.a,
        f"a Python `if`, `and`, `or` or `not` on values.plain.a: {LATER}; "
        "use when(), pick(), all_of(), any_of() or not_()",
    ),
    "a chain of comparisons": (
        lambda v, r: 1 < v.i < 3,
        f"a Python `if`, `and`, `or` or `not` on >(values.i, 1): {LATER}; "
        "use when(), pick(), all_of(), any_of() or not_()",
    ),
    "in": (lambda v, r: "x" in v.m, f"Python's `in` on values.m: {LATER}; use contains(value, part)"),
    "f-string": (lambda v, r: f"{v.s}", f'str() or an f-string on values.s: {LATER}; use a + "-" + to_str(b)'),
    "str": (lambda v, r: str(v.s), f'str() or an f-string on values.s: {LATER}; use a + "-" + to_str(b)'),
    "%": (lambda v, r: v.i % 2, f"`%` on values.i: {LATER}; use a + b for text; there is no remainder"),
    "for": (
        lambda v, r: [x.a for x in v.subs],
        f"a Python loop on values.subs: {LATER}; use each(value, lambda item: ...)",
    ),
    "len": (lambda v, r: len(v.m), f"len() on values.m: {LATER}; use count(value)"),
    "int": (lambda v, r: int(v.i), f"int() or float() on values.i: {LATER}; compute on the value itself"),
    "range": (lambda v, r: list(range(v.i)), f"int() or float() on values.i: {LATER}; compute on the value itself"),
    "index": (
        lambda v, r: v.m["x"],
        f"indexing on values.m: {LATER}; use trunc(text, length), each() or a field's name",
    ),
    "minus sign": (lambda v, r: -v.i, f"this operator on values.i: {LATER}; use + - * // and comparisons"),
    "divide": (lambda v, r: v.i / 2, f"`/` on values.i: {LATER}; it gives a float: use `//`"),
    "method": (
        lambda v, r: v.s.upper(),
        "values.s.upper: values.s is text; use lower(), trunc(), replace() ... on it",
    ),
    "field of a number": (lambda v, r: v.i.a, "values.i.a: values.i is an integer; it has no fields"),
    "unknown field": (lambda v, r: v.plain.c, "values.plain has no value c; it has a, b"),
    "field of a null section": (
        lambda v, r: v.sec.a,
        "values.sec.a: values.sec may be null; use when(values.sec, lambda sec: ... sec.a ...)",
    ),
    "divide by a value": (
        lambda v, r: v.up // v.up,
        "values.up // values.up: divide by a positive constant, since x/0 stops an installation",
    ),
    "divide what may be negative": (
        lambda v, r: v.i // 2,
        "values.i // 2: Go rounds towards zero, Python down; bound values.i with ge=0",
    ),
    "overflow": (
        lambda v, r: v.i * v.i,
        "values.i * values.i may overflow Go's int64: bound the values with ge and le",
    ),
    "text and number": (
        lambda v, r: v.s + v.i,
        "+: values.i is an integer, not text; use to_str() to make text of it",
    ),
    "number and text": (
        lambda v, r: v.i + "m",
        "+: values.i is an integer, not text; use to_str() to make text of it",
    ),
    "null in text": (lambda v, r: v.o + "x", "+: values.o may be null here; use when(values.o, lambda value: ...)"),
    "null in arithmetic": (
        lambda v, r: v.oi + 1,
        "+: values.oi may be null here; use when(values.oi, lambda value: ...)",
    ),
    "comparing kinds": (
        lambda v, r: when(v.s == 1, 1),
        "a template can't compare values.s (text) with 1 (an integer)",
    ),
    "comparing texts by order": (
        lambda v, r: when(v.s < "a", 1),
        "comparison: values.s is text, not an integer",
    ),
    "comparing null": (
        lambda v, r: when(v.o == "a", 1),
        "comparison: values.o may be null here; use when(values.o, lambda value: ...)",
    ),
    "comparing a list": (
        lambda v, r: when(v.texts == ["a"], 1),
        "comparison: values.texts is a list, not an integer or text or a boolean",
    ),
    "comparing a fraction": (
        lambda v, r: when(v.i == 1.5, 1),
        "1.5 can't stand in a chart expression; constants are text, lists of text, integers and booleans",
    ),
    "to_str of a number with a point": (
        lambda v, r: to_str(v.f),
        "to_str: values.f is a number, not an integer or a boolean or text",
    ),
    "trunc of any text": (
        lambda v, r: trunc(v.s, 3),
        "trunc: Go works on bytes; give values.s a pattern of plain ASCII, anchored by ^ and $",
    ),
    "lower of any text": (
        lambda v, r: lower(v.s + "x"),
        "lower: Go works on bytes; give concat(values.s, 'x') a pattern of plain ASCII, anchored by ^ and $",
    ),
    "trunc to a value": (
        lambda v, r: trunc(v.ascii, v.up),
        "trunc: the length is a constant from 0 up, not values.up",
    ),
    "replace a value": (
        lambda v, r: replace(v.s, v.ascii, "b"),
        "replace: the text to replace is a constant that isn't empty, not values.ascii",
    ),
    "contains in a map": (lambda v, r: when(contains(v.m, "x"), 1), "contains: values.m is a map, not text"),
    "count of text": (lambda v, r: count(v.s), "count: values.s is text, not a list or a map"),
    "join of sections": (
        lambda v, r: join(",", v.subs),
        "join: values.subs is no list of text; use collect(values.subs, lambda item: item.name)",
    ),
    "times of any text": (
        lambda v, r: times(v.s, 2),
        "times: Go works on bytes; give values.s a pattern of plain ASCII, anchored by ^ and $",
    ),
    "times of a long text": (
        lambda v, r: times(v.ascii, 2),
        "times: values.ascii must be a whole quantity such as 256Mi: a pattern of digits and a unit, of at most 12 "
        "characters",
    ),
    "bytes of any text": (
        lambda v, r: bytes_of(v.ascii),
        "bytes_of: values.ascii must be a whole quantity of bytes such as 256Mi: a pattern of digits and k, M, G, T, "
        "Ki, Mi, Gi, Ti, of at most 12 characters",
    ),
    "bytes of more digits than there are": (
        lambda v, r: bytes_of(v.endless),
        "bytes_of: values.endless must be a whole quantity of bytes such as 256Mi: a pattern of digits and k, M, G, T, "
        "Ki, Mi, Gi, Ti, of at most 12 characters",
    ),
    "millicores of any text": (
        lambda v, r: millicores_of(v.s),
        "millicores_of: values.s must be a quantity of CPU such as 500m or 1.5: a pattern of digits, . and m, of at "
        "most 12 characters, or an integer from 0 to 9007199254740",
    ),
    "texts that rise": (
        lambda v, r: when(rising(v.texts), 1),
        "rising: values.texts must be a whole quantity of bytes such as 256Mi: a pattern of digits and k, M, G, T, Ki, "
        "Mi, Gi, Ti, of at most 12 characters",
    ),
    "max_of text": (lambda v, r: max_of(v.s, 1), "max_of: values.s is text, not an integer"),
    "present of what is": (
        lambda v, r: when(present(v.s), 1),
        "present: values.s is never null; compare it, or use it as a condition",
    ),
    "pick of kinds": (
        lambda v, r: pick(v.flag, v.s, v.i),
        "pick: values.s is text and values.i an integer; it takes two texts, integers or booleans; use when() for "
        "anything else",
    ),
    "pick of lists": (
        lambda v, r: pick(v.flag, v.texts, v.texts),
        "pick: values.texts is a list, not text or an integer or a boolean",
    ),
    "or_else of a boolean": (
        lambda v, r: or_else(v.flag, True),
        "or_else: it would replace a false values.flag as well; use when() or pick()",
    ),
    "or_else of kinds": (
        lambda v, r: or_else(v.o, 3),
        "or_else: values.o is text and 3 an integer; it takes two texts, integers or booleans; use when() for anything "
        "else",
    ),
    "a section as a condition": (
        lambda v, r: when(all_of(v.sec, v.flag), 1),
        "a section is no condition; use present(values.sec), or one of its values",
    ),
    "when of a section": (
        lambda v, r: when(v.plain, 1),
        "when: the section values.plain is always there; ask one of its values",
    ),
    "when with a needless lambda": (
        lambda v, r: when(v.s, lambda s: s),
        "when: values.s is never null; write the body itself instead of a lambda",
    ),
    "condition as value": (
        lambda v, r: any_of(v.s, v.i),
        "any_of(values.s, values.i) is a condition, not a value; use pick(..., True, False)",
    ),
    "section as value": (
        lambda v, r: v.plain,
        "values.plain is a whole section: use its values one by one, or declare dict[str, Any]",
    ),
    "list of sections as value": (
        lambda v, r: v.subs,
        "values.subs holds sections: use each(), or declare dict[str, Any] for passing through",
    ),
    "nested free text": (
        lambda v, r: v.nest,
        "values.nest holds lists: use each(), or declare dict[str, Any] for passing through",
    ),
    "a list in a list": (
        lambda v, r: ["a", when(v.flag, v.texts)],
        "values.texts is a list in a list; use spread(values.texts) to add its items",
    ),
    "a list each turn": (
        lambda v, r: each(v.nest, lambda texts: texts),
        "$texts is a list in a list; use spread($texts) to add its items",
    ),
    "each of text": (
        lambda v, r: [each(v.s, lambda x: x)],
        "each(values.s, ...): a list takes `lambda item: ...`, a map `lambda key, value: ...`",
    ),
    "each of a map with one name": (
        lambda v, r: [each(v.m, lambda x: x)],
        "each(values.m, ...): a list takes `lambda item: ...`, a map `lambda key, value: ...`",
    ),
    "loop that may vanish": (
        lambda v, r: [each(v.subs, lambda s: when(s.a > 2, s.a))],
        "every turn of this loop may vanish, so a template can't say whether its list is empty: make one field of the "
        "body, or one other item, unconditional",
    ),
    "spread of a literal": (
        lambda v, r: {...: spread({"a": 1})},
        "spread: {'a': 1} is the author's own; write its entries where they belong",
    ),
    "spread of text": (lambda v, r: [spread(v.s)], "spread: values.s is neither a map nor a list, or may be null"),
    "spread of a list in a map": (lambda v, r: {...: spread(v.texts)}, "spread: values.texts is a list in a map"),
    "two spreads": (
        lambda v, r: {...: [spread(v.m), spread(v.tree)]},
        "two spread() in one map may bring the same key twice",
    ),
    "key twice": (
        lambda v, r: {"a": 1, ...: when(v.flag, {"a": 2})},
        "the key 'a' may come twice in one map",
    ),
    "symbolic key": (
        lambda v, r: {v.s: 1},
        "the key values.s must be plain text: two symbolic keys might be the same",
    ),
    "value under ...": (
        lambda v, r: {...: v.m},
        "under ... stand spread(map), named(...), a dict, or when(condition, a dict)",
    ),
    "named with a loop's variable": (
        lambda v, r: [each(v.texts, lambda item: named("x", {"a": item}))],
        "named('x'): $item belongs to a loop; a named template sees the chart only",
    ),
    "named that may be empty": (
        lambda v, r: named("x", {"a": v.o}),
        "named('x'): at least one entry must always be there",
    ),
    "one name for two": (
        lambda v, r: [named("x", {"a": v.s}), named("x", {"a": v.i})],
        "named('x'): two named templates of one chart have this name, with different bodies",
    ),
    "named number": (
        lambda v, r: named("x", v.i),
        "named('x'): a named template is a map or a text, not values.i",
    ),
    "collect in a manifest": (
        lambda v, r: join(",", collect(v.subs, lambda sub: to_str(sub.a))),
        "collect(values.subs, to_str($sub.a), $sub): collect() and unique() belong into rules",
    ),
    "collect of null": (
        lambda v, r: when(unique(v.subs, lambda sub: sub.b), 1),
        "collect(values.subs, ...): $sub.b is no text; use to_str(), or or_else() for null",
    ),
    "object": (lambda v, r: {1}, "{1} can't stand in a manifest: set has no form in YAML"),
    "hash of everything": (
        lambda v, r: sha256_of(v),
        "sha256_of: Helm adds values of its own to the whole; list the values that matter",
    ),
    "hash of a section with nulls": (
        lambda v, r: sha256_of(v.plain),
        "sha256_of: Helm drops values.plain.b when it is null; list the values",
    ),
    "hash of a section in an item": (
        lambda v, r: [each(v.twice, lambda item: sha256_of(item.sec))],
        "sha256_of: $item.sec may be left out, and then only Python has its defaults; list its values",
    ),
    "two defaults": (
        lambda v, r: [each(v.twice, lambda item: item.sec.a)],
        "$item.sec.a has two defaults: 1, and 2 when $item.sec is left out; keep one",
    ),
    "name without bound": (
        lambda v, r: r.name_with("-" + v.ascii),
        "name_with: concat('-', values.ascii) must be bounded by max_length, trunc() or sha256_of()",
    ),
}


@pytest.mark.parametrize(("function", "told"), MANIFESTS.values(), ids=MANIFESTS)
def test_refuses_in_manifests(function: Callable[[Any, Any], Any], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["podzol.template.tracing"], "unread_values", lambda model, nodes: [])

    def manifests(v: Any, release: Any) -> dict[str, Any]:
        return {"it": {"metadata": {"name": release.fullname}, "data": function(v, release)}}

    with pytest.raises(TemplateError) as refused:
        emit(trace(P, manifests), "chart")
    assert str(refused.value) == told
