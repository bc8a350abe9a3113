"""Defines the functions of text. Go's work on bytes, so those that cut or change letters take printable ASCII only.

Source: https://masterminds.github.io/sprig/strings.html (2026-11-23).
"""

from typing import Any

from podzol.template.expressions import Expr, is_constant
from podzol.template.faults import TemplateError
from podzol.template.functions.registry import Writer, after, function, need, need_plain, need_texts
from podzol.template.gotemplate import Go, Literal, call, pipe
from podzol.template.types import BOOL, Type, text

LOWER_CASE = "abcdefghijklmnopqrstuvwxyz"


def concat_rule(*parts: Expr) -> Type:
    types = [need("+", part, "str") for part in parts]
    lengths = [type_.longest for type_ in types]
    total = sum(length or 0 for length in lengths) if None not in lengths else None
    return text(like=types, full=any(type_.full for type_ in types), longest=total)


def printf(write: Writer, *parts: Expr) -> Go:
    """Texts one after the other; integers and booleans that were made text only for that are written as such."""
    form, args = "", []
    for part in parts:
        if is_constant(part):
            form += part._args[0].replace("%", "%%")
        elif part._op == "to_str":
            kind = part._args[0]._type.kind
            form += {"int": "%d", "bool": "%t", "str": "%s"}[kind]
            args.append(write.integer(part._args[0]))
        else:
            form += "%s"
            args.append(write.value(part))
    return call("printf", Literal(form), *args) if args else Literal(form.replace("%%", "%"))


def to_str_rule(value: Expr) -> Type:
    type_ = need("to_str", value, "int", "bool", "str")
    if type_.kind == "str":
        return type_
    longest = max(len(str(type_.low)), len(str(type_.high))) if type_.kind == "int" else len("false")
    return text(full=True, longest=longest, characters="-0123456789truefalse")


def trunc_rule(value: Expr, length: Expr) -> Type:
    type_ = need_plain("trunc", value)
    most = length._args[0] if is_constant(length) and length._type.kind == "int" else -1
    if most < 0:
        raise TemplateError(f"trunc: the length is a constant from 0 up, not {length!r}")
    longest = most if type_.longest is None else min(most, type_.longest)
    return text(like=[type_], full=type_.full and longest > 0, longest=longest)


def trim_suffix_rule(value: Expr, suffix: Expr) -> Type:
    need("trim_suffix", suffix, "str")
    type_ = need("trim_suffix", value, "str")
    return text(like=[type_], longest=type_.longest)


def replace_rule(value: Expr, old: Expr, new: Expr) -> Type:
    type_, _, put = (need("replace", argument, "str") for argument in (value, old, new))
    if not is_constant(old) or not old._args[0]:
        raise TemplateError(f"replace: the text to replace is a constant that isn't empty, not {old!r}")
    grows = put.longest is None or put.longest > len(old._args[0])
    return text(like=[type_, put], full=type_.full and put.full, longest=None if grows else type_.longest)


def contains_rule(whole: Expr, part: Expr) -> Type:
    need("contains", whole, "str")
    need("contains", part, "str")
    return BOOL


def join_rule(separator: Expr, items: Expr) -> Type:
    return text(like=[need("join", separator, "str"), need_texts("join", items)])


def lower_rule(value: Expr) -> Type:
    type_ = need_plain("lower", value)
    return text(like=[type_], full=type_.full, longest=type_.longest, characters=LOWER_CASE)


def written_out(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


concat = function(
    "concat",
    concat_rule,
    lambda *parts: "".join(parts),
    printf,
    (("a", "é{{", "%d"), "aé{{%d"),
    doc="Texts one after the other; written a + b.",
)
to_str = function(
    "to_str",
    to_str_rule,
    written_out,
    lambda write, value: pipe(write.integer(value), "toString"),
    ((8080,), "8080"),
    ((1000000,), "1000000"),
    ((-12345678,), "-12345678"),
    ((True,), "true"),
    (("a",), "a"),
    doc="An integer or a boolean as text.",
)
lower = function(
    "lower",
    lower_rule,
    lambda value: value.lower(),
    after("lower"),
    (("AbC-1",), "abc-1"),
    doc="Text in lower case.",
)
trunc = function(
    "trunc",
    trunc_rule,
    lambda value, length: value[:length],
    after("trunc"),
    (("abcdef", 3), "abc"),
    (("ab", 63), "ab"),
    (("ab", 0), ""),
    doc="The first characters of a text.",
)
trim_suffix = function(
    "trim_suffix",
    trim_suffix_rule,
    lambda value, suffix: value.removesuffix(suffix),
    after("trimSuffix"),
    (("a--", "-"), "a-"),
    (("a", "-"), "a"),
    doc="Text without an ending, taken off once.",
)
replace = function(
    "replace",
    replace_rule,
    lambda value, old, new: value.replace(old, new),
    after("replace"),
    (("1.2+3+", "+", "_"), "1.2_3_"),
    doc="Text with every occurrence of one text replaced by another.",
)
part_of = function(
    "part_of",
    contains_rule,
    lambda whole, part: part in whole,
    lambda write, whole, part: call("contains", write.value(part), write.value(whole)),
    (("abc", "b"), True),
    (("abc", ""), True),
    (("abc", "x"), False),
)
join = function(
    "join",
    join_rule,
    lambda separator, items: separator.join(items),
    lambda write, separator, items: call("join", write.value(separator), write.value(items)),
    ((",", ["a", "b"]), "a,b"),
    ((",", []), ""),
    doc="The texts of a list, with a separator between them.",
)
