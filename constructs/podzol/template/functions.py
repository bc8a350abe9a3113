"""Defines the functions of the language: each stands once, with its type rule, its Python twin, its form in a Go template
and samples that a test runs through both.

A function called with plain values computes its twin: that is how an author's code also runs without a template.
Sources: https://masterminds.github.io/sprig/, https://pkg.go.dev/text/template#hdr-Functions (2026-11-23).
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from podzol.template.expressions import OPERATORS, Expr, a, in_values_yaml, is_constant, lift
from podzol.template.faults import TemplateError
from podzol.template.gojson import go_json
from podzol.template.gotemplate import Go, Literal, call, pipe
from podzol.template.types import BOOL, STR, Type, fields, integer, text
from podzol.template.values import raw

INT64 = 2**63

Sample = tuple[tuple[Any, ...], Any]


@dataclass(frozen=True, eq=False)
class Function:
    """One function of the language.

    `result` is the type rule: it takes the argument expressions and raises TemplateError for what can't be said.
    `go` takes the arguments as Go and may need integers of one kind (`casts`): numbers of a values file are float64,
    those of `--set` int64. `samples` are arguments and results.
    """

    name: str
    result: Callable[..., Type]
    python: Callable[..., Any]
    go: Callable[..., Go]
    samples: tuple[Sample, ...]
    casts: bool = False
    doc: str = ""

    def __call__(self, *args: Any) -> Any:
        if not any(isinstance(arg, Expr) for arg in args):
            return self.python(*args)
        lifted = [lift(arg) for arg in args]
        return Expr(self.name, self.result(*lifted), *lifted)


FUNCTIONS: dict[str, Function] = {}


def function(
    name: str,
    result: Callable[..., Type],
    python: Callable[..., Any],
    go: Callable[..., Go],
    *samples: Sample,
    casts: bool = False,
    doc: str = "",
) -> Function:
    FUNCTIONS[name] = Function(name, result, python, go, samples, casts, doc)
    return FUNCTIONS[name]


# ---------------------------------------------------------------- type rules


def need(name: str, argument: Expr, *kinds: str) -> Expr:
    """The argument is of one of these kinds, and not null."""
    if argument._type.optional:
        raise TemplateError(f"{name}: {argument!r} may be null here; use when({argument!r}, lambda value: ...)")
    if argument._type.kind not in kinds:
        wanted = " or ".join(a(kind) for kind in kinds)
        hint = "; use to_str() to make text of it" if kinds == ("str",) and argument._type.scalar else ""
        raise TemplateError(f"{name}: {argument!r} is {a(argument._type.kind)}, not {wanted}{hint}")
    return argument


def need_plain(name: str, argument: Expr) -> Type:
    """Text of printable ASCII, because Go cuts and lowers bytes."""
    type_ = need(name, argument, "str")._type
    if not type_.plain:
        raise TemplateError(
            f"{name}: Go works on bytes; give {argument!r} a pattern of plain ASCII, anchored by ^ and $"
        )
    return type_


def arithmetic(name: str, compute: Callable[[int, int], int]) -> Callable[[Expr, Expr], Type]:
    def rule(left: Expr, right: Expr) -> Type:
        one, other = need(name, left, "int")._type, need(name, right, "int")._type
        ends = [compute(x, y) for x in (one.low, one.high) for y in (other.low, other.high)]
        if max(map(abs, ends)) >= INT64:
            raise TemplateError(f"{left!r} {name} {right!r} may overflow Go's int64: bound the values with ge and le")
        return integer(min(ends), max(ends))

    return rule


def division(left: Expr, right: Expr) -> Type:
    if not is_constant(right) or need("//", right, "int")._args[0] <= 0:
        raise TemplateError(f"{left!r} // {right!r}: divide by a positive constant, since x/0 stops an installation")
    if need("//", left, "int")._type.low < 0:
        raise TemplateError(f"{left!r} // {right!r}: Go rounds towards zero, Python down; bound {left!r} with ge=0")
    return integer(left._type.low // right._args[0], left._type.high // right._args[0])


def same_kind(*kinds: str) -> Callable[[Expr, Expr], Type]:
    def rule(left: Expr, right: Expr) -> Type:
        for side in (left, right):
            need("comparison", side, *kinds)
        if left._type.kind != right._type.kind:
            one, other = a(left._type.kind), a(right._type.kind)
            raise TemplateError(f"a template can't compare {left!r} ({one}) with {right!r} ({other})")
        return BOOL

    return rule


def either(name: str, first: Expr, second: Expr) -> Type:
    """One of two scalars."""
    kind = need(name, first, "str", "int", "bool")._type.kind
    need(name, second, kind)
    one, other = first._type, second._type
    if kind == "int":
        return integer(min(one.low, other.low), max(one.high, other.high))
    if kind == "bool":
        return BOOL
    longest = None if one.longest is None or other.longest is None else max(one.longest, other.longest)
    return text(like=(one, other), full=one.full and other.full, longest=longest)


def pick_rule(condition: Expr, yes: Expr, no: Expr) -> Type:
    condition_rule("pick")(condition)
    return either("pick", yes, no)


def or_else_rule(value: Expr, instead: Expr) -> Type:
    given = Expr(value._op, value._type.given(), *value._args)
    if value._type.kind == "bool":
        raise TemplateError(f"or_else: a false {value!r} would be replaced as well; use pick(present(...), ...)")
    type_ = either("or_else", given, instead)
    if type_.kind == "int":
        return integer(type_.low, type_.high)
    return text(like=(given._type, instead._type), full=instead._type.full, longest=type_.longest)


def condition_rule(name: str) -> Callable[..., Type]:
    def rule(*conditions: Expr) -> Type:
        return BOOL

    return rule


def present_rule(value: Expr) -> Type:
    if not value._type.optional:
        raise TemplateError(f"present: {value!r} is never null; compare it, or use it as a condition")
    return BOOL


def to_str_rule(value: Expr) -> Type:
    if value._type.kind == "str":
        return need("to_str", value, "str")._type
    need("to_str", value, "int", "bool", "str")
    longest = max(len(str(value._type.low)), len(str(value._type.high))) if value._type.kind == "int" else 5
    return text(full=True, longest=longest, characters="-0123456789truefalse")


def concat_rule(*parts: Expr) -> Type:
    types = [need("+", part, "str")._type for part in parts]
    lengths = [type_.longest for type_ in types]
    total = None if None in lengths else sum(length for length in lengths if length is not None)
    return text(like=types, full=any(type_.full for type_ in types), longest=total)


def trunc_rule(value: Expr, length: Expr) -> Type:
    type_ = need_plain("trunc", value)
    if not is_constant(length) or need("trunc", length, "int")._args[0] < 0:
        raise TemplateError(f"trunc: the length is a constant from 0 up, not {length!r}")
    at_most = min(length._args[0], type_.longest if type_.longest is not None else length._args[0])
    return text(like=[type_], full=type_.full and at_most > 0, longest=at_most)


def trim_rule(value: Expr, suffix: Expr) -> Type:
    need("trim_suffix", suffix, "str")
    return text(like=[need("trim_suffix", value, "str")._type], longest=value._type.longest)


def replace_rule(value: Expr, old: Expr, new: Expr) -> Type:
    types = [need("replace", argument, "str")._type for argument in (value, old, new)]
    if not is_constant(old) or not old._args[0]:
        raise TemplateError(f"replace: the text to replace is a constant that isn't empty, not {old!r}")
    grows = new._type.longest is None or new._type.longest > len(old._args[0])
    return text(like=[types[0], types[2]], longest=None if grows else types[0].longest)


def contains_rule(whole: Expr, part: Expr) -> Type:
    need("contains", part, "str")
    if need("contains", whole, "str", "list")._type.kind == "list" and whole._type.element.kind != "str":  # type: ignore[union-attr]
        raise TemplateError(f"contains: {whole!r} is no list of text")
    return BOOL


def join_rule(separator: Expr, items: Expr) -> Type:
    need("join", separator, "str")
    element = need("join", items, "list")._type.element
    if element is None or element.kind != "str":
        raise TemplateError(f"join: {items!r} is no list of text")
    return text(like=[separator._type, element]) if element.plain and separator._type.plain else STR


def times_rule(quantity: Expr, factor: Expr) -> Type:
    type_ = need_plain("times", quantity)
    if "." in (type_.alphabet or ".") or (type_.longest or 99) > 12 or "-" in (type_.alphabet or ""):
        raise TemplateError(f"times: {quantity!r} must be a whole quantity of at most 12 characters, like 256Mi")
    if need("times", factor, "int")._type.low < 0 or factor._type.high > 10**6:
        raise TemplateError(f"times: the factor {factor!r} must lie between 0 and a million")
    return text(like=[type_], full=True, longest=20, characters="0123456789")


def count_rule(items: Expr) -> Type:
    need("count", items, "list", "map")
    return integer(0, 2**31)


def unique_rule(items: Expr) -> Type:
    element = need("unique", items, "list")._type.element
    if element is None or element.kind != "str":
        raise TemplateError(f"unique: {items!r} is no list of text; use unique(items, lambda item: item.name)")
    return BOOL


# ---------------------------------------------------------------- twins


def times_quantity(quantity: str, factor: int) -> str:
    found = re.fullmatch("([0-9]+)([a-zA-Z]*)", quantity)
    if found is None:
        raise TemplateError(f"times: {quantity!r} is no whole quantity like 256Mi")
    return f"{int(found[1]) * factor}{found[2]}"


def truth(value: Any) -> bool:
    """Go's: 0, "", empty and null are false; a given section is true."""
    return bool(value) if not hasattr(value, "model_fields") else True


def spelled_out(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def printf(*parts: Go) -> Go:
    raise AssertionError("`+` on text is written by emit_expressions.py")


# ---------------------------------------------------------------- the table

add = function(
    "+",
    arithmetic("+", lambda x, y: x + y),
    lambda x, y: x + y,
    lambda x, y: call("add", x, y),
    ((2, 3), 5),
    ((-2000000, 3000000), 1000000),
)
subtract = function(
    "-",
    arithmetic("-", lambda x, y: x - y),
    lambda x, y: x - y,
    lambda x, y: call("sub", x, y),
    ((2, 3), -1),
    ((1000001, 1), 1000000),
)
multiply = function(
    "*",
    arithmetic("*", lambda x, y: x * y),
    lambda x, y: x * y,
    lambda x, y: call("mul", x, y),
    ((3, 4), 12),
    ((-3, 1000000), -3000000),
)
divide = function("//", division, lambda x, y: x // y, lambda x, y: call("div", x, y), ((7, 2), 3), ((0, 5), 0))
max_of = function("max_of", arithmetic("max_of", max), max, lambda x, y: call("max", x, y), ((3, 9), 9), ((-1, 0), 0))
min_of = function("min_of", arithmetic("min_of", min), min, lambda x, y: call("min", x, y), ((3, 9), 3), ((-1, 0), -1))
concat = function("concat", concat_rule, lambda *parts: "".join(parts), printf, (("a", "é{{", "%d"), "aé{{%d"))

equal = function(
    "==",
    same_kind("int", "str", "bool"),
    lambda x, y: x == y,
    lambda x, y: call("eq", x, y),
    ((1, 1), True),
    (("a", "b"), False),
    ((True, False), False),
    casts=True,
)
unequal = function(
    "!=",
    same_kind("int", "str", "bool"),
    lambda x, y: x != y,
    lambda x, y: call("ne", x, y),
    ((1, 1), False),
    (("a", "b"), True),
    casts=True,
)
less = function(
    "<",
    same_kind("int"),
    lambda x, y: x < y,
    lambda x, y: call("lt", x, y),
    ((1, 2), True),
    ((2, 2), False),
    casts=True,
)
at_most = function(
    "<=",
    same_kind("int"),
    lambda x, y: x <= y,
    lambda x, y: call("le", x, y),
    ((2, 2), True),
    ((3, 2), False),
    casts=True,
)
greater = function(
    ">",
    same_kind("int"),
    lambda x, y: x > y,
    lambda x, y: call("gt", x, y),
    ((3, 2), True),
    ((2, 2), False),
    casts=True,
)
at_least = function(
    ">=",
    same_kind("int"),
    lambda x, y: x >= y,
    lambda x, y: call("ge", x, y),
    ((2, 2), True),
    ((1, 2), False),
    casts=True,
)

not_ = function(
    "not_", condition_rule("not_"), lambda x: not truth(x), lambda x: call("not", x), ((True,), False), ((False,), True)
)
all_of = function(
    "all_of",
    condition_rule("all_of"),
    lambda *xs: all(map(truth, xs)),
    lambda *xs: call("and", *xs),
    ((True, False), False),
    ((True, True), True),
)
any_of = function(
    "any_of",
    condition_rule("any_of"),
    lambda *xs: any(map(truth, xs)),
    lambda *xs: call("or", *xs),
    ((True, False), True),
    ((False, False), False),
)
present = function("present", present_rule, lambda x: x is not None, lambda x: call("ne", x, Literal(None)))
pick = function(
    "pick",
    pick_rule,
    lambda c, x, y: x if truth(c) else y,
    lambda c, x, y: call("ternary", x, y, c),
    ((True, "a", "b"), "a"),
    ((False, 1, 2), 2),
    ((5 > 3, "x", ""), "x"),
)
or_else = function(
    "or_else",
    or_else_rule,
    lambda x, y: x if x else y,
    lambda x, y: pipe(x, call("default", y)),
    (("", "b"), "b"),
    (("a", "b"), "a"),
    ((0, 7), 7),
)

to_str = function(
    "to_str",
    to_str_rule,
    spelled_out,
    lambda x: pipe(x, "toString"),
    ((8080,), "8080"),
    ((1000000,), "1000000"),
    ((True,), "true"),
    (("a",), "a"),
    casts=True,
)
lower = function(
    "lower",
    lambda x: text(
        like=[need_plain("lower", x)],
        full=x._type.full,
        longest=x._type.longest,
        characters="abcdefghijklmnopqrstuvwxyz",
    ),
    str.lower,
    lambda x: pipe(x, "lower"),
    (("AbC-1",), "abc-1"),
)
trunc = function(
    "trunc",
    trunc_rule,
    lambda x, n: x[:n],
    lambda x, n: pipe(x, call("trunc", n)),
    (("abcdef", 3), "abc"),
    (("ab", 63), "ab"),
    (("ab", 0), ""),
)
trim_suffix = function(
    "trim_suffix",
    trim_rule,
    lambda x, end: x.removesuffix(end),
    lambda x, end: pipe(x, call("trimSuffix", end)),
    (("a--", "-"), "a-"),
    (("a", "-"), "a"),
)
replace = function(
    "replace",
    replace_rule,
    lambda x, old, new: x.replace(old, new),
    lambda x, old, new: pipe(x, call("replace", old, new)),
    (("1.2+3", "+", "_"), "1.2_3"),
)
part_of = function(
    "contains",
    contains_rule,
    lambda whole, part: part in whole,
    lambda whole, part: call("contains", part, whole),
    (("abc", "b"), True),
    (("abc", "x"), False),
)
item_of = function(
    "has",
    contains_rule,
    lambda whole, part: part in whole,
    lambda whole, part: call("has", part, whole),
    ((["a", "b"], "b"), True),
    (([], "b"), False),
)


def contains(whole: Any, part: Any) -> Any:
    """A text stands in another, or in a list of texts."""
    return item_of(whole, part) if isinstance(whole, Expr) and whole._type.kind == "list" else part_of(whole, part)


join = function(
    "join",
    join_rule,
    lambda by, items: by.join(items),
    lambda by, items: call("join", by, items),
    ((",", ["a", "b"]), "a,b"),
    ((",", []), ""),
)
count = function("count", count_rule, len, lambda x: call("len", x), ((["a"],), 1), (({},), 0))
unique = function(
    "unique",
    unique_rule,
    lambda items: len(set(items)) == len(items),
    lambda items: call("eq", call("len", items), call("len", pipe(items, "uniq"))),
    ((["a", "b"],), True),
    ((["a", "a"],), False),
    (([],), True),
)
times = function(
    "times",
    times_rule,
    times_quantity,
    lambda q, n: call("include", Literal("times"), call("list", q, n)),
    (("256Mi", 2), "512Mi"),
    (("100m", 3), "300m"),
    (("1", 0), "0"),
)

sha256 = function(
    "sha256_of",
    lambda x: text(full=True, longest=64, characters="0123456789abcdef"),
    lambda x: hashlib.sha256(go_json(raw(x)).encode()).hexdigest(),
    lambda x: pipe(x, "toJson", "sha256sum"),
    (({"a": "<é&>"},), hashlib.sha256(b'{"a":"\\u003c\xc3\xa9\\u0026\\u003e"}').hexdigest()),
)


def sha256_of(value: Any) -> Any:
    """SHA-256 of a value's JSON, in hexadecimal: of scalars, maps, lists, sections, or a list of such."""
    if isinstance(value, list | tuple) and any(isinstance(item, Expr) for item in value):
        parts = [hashable(lift(item)) for item in value]
        return sha256(Expr("list", Type("list", element=STR), *parts))
    return sha256(hashable(value) if isinstance(value, Expr) else value)


def hashable(value: Expr) -> Expr:
    """A value that both front doors hold alike, null or not."""
    type_ = value._type
    if value._op == "root":
        raise TemplateError("sha256_of: the values as a whole hold what Helm adds to them; list the values that matter")
    if type_.kind == "section" and in_values_yaml(value):
        model = type_.model
        assert model is not None
        if type_.optional and value._args[1].default is not None:
            raise TemplateError(f"sha256_of: {value!r} merges with a default section; list its values")
        loose = [] if type_.optional else [field.name for field in fields(model).values() if field.type.optional]
        if loose:
            raise TemplateError(
                f"sha256_of: Helm drops null values from {value!r} ({', '.join(loose)}); list its values"
            )
        for field in fields(model).values():
            if field.type.kind == "section" and not type_.optional:
                hashable(Expr("path", field.type, value, field))
    return value


FUNCTIONS["omit"] = Function(
    "omit",
    lambda x, *keys: x._type,
    lambda x, *keys: {key: item for key, item in x.items() if key not in keys},
    lambda x, *keys: call("omit", x, *keys),
    (),
)
FUNCTIONS["list"] = Function(
    "list", lambda *xs: Type("list", element=STR), lambda *xs: list(xs), lambda *xs: call("list", *xs), ()
)
FUNCTIONS["chain"] = Function(
    "chain", lambda x, y: x._type, lambda x, y: x + y, lambda x, y: call("concat", x, y), ((["a"], ["b"]), ["a", "b"])
)

OPERATORS |= {
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


def plus(left: Any, right: Any) -> Any:
    """`+`: a sum of integers, or texts joined; a chain of texts is one expression."""
    left, right = lift(left), lift(right)
    if left._type.kind == right._type.kind == "int":
        return add(left, right)
    if left._type.kind == right._type.kind == "list":
        return chain(left, right)
    parts = [part for side in (left, right) for part in (side._args if side._op == "concat" else (side,))]
    return Expr("concat", concat_rule(*parts), *parts)


OPERATORS["+"] = plus


def chain(left: Expr, right: Expr) -> Expr:
    """Two lists of text, one after the other."""
    elements = [need("+", side, "list")._type.element for side in (left, right)]
    if any(element is None or element.kind != "str" for element in elements):
        raise TemplateError(f"{left!r} + {right!r}: only lists of text can be added; use spread() in a list")
    return Expr("chain", Type("list", element=text(like=[each for each in elements if each])), left, right)
