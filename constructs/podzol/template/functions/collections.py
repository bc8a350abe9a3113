"""Defines what can be said of whole lists, maps and sections.

Source: https://masterminds.github.io/sprig/lists.html (2026-11-23).
"""

import hashlib
from typing import Any

from podzol.template.annotations import fields
from podzol.template.expressions import Expr, in_values_yaml, lift
from podzol.template.faults import TemplateError
from podzol.template.functions.registry import Writer, before, function, need, need_texts
from podzol.template.functions.texts import part_of
from podzol.template.gojson import go_json
from podzol.template.gotemplate import Go, call, pipe
from podzol.template.types import BOOL, Type, integer, text, texts
from podzol.template.values import given

MANY = 2**31
"""More than a list can hold."""


def count_rule(items: Expr) -> Type:
    need("count", items, "list", "map")
    return integer(0, MANY)


def item_of_rule(items: Expr, item: Expr) -> Type:
    need_texts("contains", items)
    need("contains", item, "str")
    return BOOL


def unique_rule(items: Expr) -> Type:
    need_texts("unique", items)
    return BOOL


def lengths(name: str) -> Any:
    def form(write: Writer, items: Expr) -> Go:
        written = write.value(items)
        return call(name, call("len", written), call("len", pipe(written, "uniq")))

    return form


count = function(
    "count",
    count_rule,
    len,
    before("len"),
    ((["a"],), 1),
    (({"a": "b", "c": "d"},), 2),
    (([],), 0),
    doc="How many items a list, or entries a map, has.",
)
item_of = function(
    "item_of",
    item_of_rule,
    lambda items, item: item in items,
    lambda write, items, item: call("has", write.value(item), write.value(items)),
    ((["a", "b"], "b"), True),
    ((["ab"], "b"), False),
    (([], "b"), False),
)
no_text_twice = function(
    "unique",
    unique_rule,
    lambda items: len(set(items)) == len(items),
    lengths("eq"),
    ((["a", "b"],), True),
    ((["a", "é", "a"],), False),
    (([],), True),
    negation=lengths("ne"),
)
chained = function(
    "chained",
    lambda left, right: texts(like=[need_texts("+", left), need_texts("+", right)]),
    lambda left, right: [*left, *right],
    before("concat"),
    ((["a"], ["b"]), ["a", "b"]),
    (([], ["b"]), ["b"]),
    doc="Two lists of text, one after the other; written a + b.",
)
without = function(
    "without",
    lambda items, *keys: need("spread", items, "map"),
    lambda items, *keys: {key: item for key, item in items.items() if key not in keys},
    before("omit"),
    (({"a": "1", "b": "2"}, "b", "c"), {"a": "1"}),
    doc="A map without some keys.",
)
listed = function(
    "listed",
    lambda *items: texts(),
    lambda *items: list(items),
    before("list"),
)
digest = function(
    "sha256_of",
    lambda value: text(full=True, longest=64, characters="0123456789abcdef"),
    lambda value: hashlib.sha256(go_json(given(value)).encode()).hexdigest(),
    lambda write, value: pipe(write.value(value), "toJson", "sha256sum"),
    (("é<",), hashlib.sha256(b'"\xc3\xa9\\u003c"').hexdigest()),
    (({"b": "2", "a": "1"},), hashlib.sha256(b'{"a":"1","b":"2"}').hexdigest()),
)


def contains(whole: Any, part: Any) -> Any:
    """A text stands in another, or is one of a list of texts."""
    is_list = isinstance(whole, list) or (isinstance(whole, Expr) and whole._type.kind == "list")
    return item_of(whole, part) if is_list else part_of(whole, part)


def sha256_of(value: Any) -> Any:
    """SHA-256, in hexadecimal, of a value's JSON: of a scalar, a map, a list, a section, or a Python list of such."""
    if isinstance(value, list | tuple):
        if not any(isinstance(item, Expr) for item in value):
            return digest(list(value))
        return digest(listed(*[hashed(lift(item)) for item in value]))
    return digest(hashed(value) if isinstance(value, Expr) else value)


def hashed(value: Expr) -> Expr:
    """A value that is the same tree in both front doors, with its nulls. Raises TemplateError where it isn't."""
    type_ = value._type
    if value._op == "root":
        raise TemplateError("sha256_of: Helm adds values of its own to the whole; list the values that matter")
    if type_.kind == "section" and value._op == "path" and not type_.optional and not in_values_yaml(value):
        raise TemplateError(
            f"sha256_of: {value!r} may be left out, and then only Python has its defaults; list its values"
        )
    if type_.kind == "section" and in_values_yaml(value):
        assert type_.model is not None
        if type_.optional and value._args[1].default is not None:
            raise TemplateError(f"sha256_of: {value!r} merges with its default; list its values")
        for field in fields(type_.model).values() if not type_.optional else ():
            if field.type.optional:
                raise TemplateError(f"sha256_of: Helm drops {value!r}.{field.name} when it is null; list the values")
            hashed(Expr("path", field.type, value, field))
    return value
