"""Defines the nodes of a symbolic manifest and the words that make them: when, each, spread, keep, named, rule.

Each word also takes plain values and then does its work at once: the author's function runs without a template too.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from podzol.template.expressions import Expr
from podzol.template.faults import TemplateError
from podzol.template.functions import present, truth
from podzol.template.functions import unique as no_text_twice
from podzol.template.types import STR, Type

# ---------------------------------------------------------------- nodes


@dataclass(frozen=True, eq=False)
class Constant:
    value: Any


@dataclass(frozen=True, eq=False)
class Leaf:
    """A value in its place; `keep` renders {} and [] too."""

    value: Expr
    keep: bool = False


@dataclass(frozen=True, eq=False)
class Map:
    """Entries (key, node), and under `...` what is merged in."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class List:
    items: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class When:
    condition: Expr
    then: Any
    otherwise: Any = None


@dataclass(frozen=True, eq=False)
class Each:
    """`variables` are the item, or key and value; `index` counts a list's items, for the paths of rules."""

    source: Expr
    variables: tuple[Expr, ...]
    index: str
    body: Any


@dataclass(frozen=True, eq=False)
class Spread:
    """A map or list merged into the author's own; `reserved` keys are the author's."""

    value: Any
    reserved: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Named:
    """A map that becomes a named template of the chart."""

    name: str
    body: Any
    doc: str


@dataclass(frozen=True, eq=False)
class Rule:
    """A cross-field rule: `check` holds, or `at` must be what `must` says and `fix` tells what to do."""

    check: Any
    at: Any
    must: str
    fix: str = ""


@dataclass(frozen=True, eq=False)
class Several:
    """What a loop over plain values gives: items of the list around it, or documents."""

    items: tuple[Any, ...]


# ---------------------------------------------------------------- words


def when(condition: Any, then: Any, otherwise: Any = None) -> Any:
    """`then` when the condition holds, else `otherwise`, else nothing: a key, a list item or a document.

    With `lambda value: ...` it asks whether a value that may be null is given, and hands it on as one that is.
    """
    if not isinstance(condition, Expr):
        if callable(then):
            return then(condition) if condition is not None else otherwise
        return then if truth(condition) else otherwise
    type_ = condition._type
    if callable(then):
        if not type_.optional:
            raise TemplateError(f"when: {condition!r} is never null; write the body itself instead of a lambda")
        return When(present(condition), then(Expr("narrow", type_.given(), condition)), otherwise)
    if type_.kind == "section":
        if not type_.optional:
            raise TemplateError(f"when: the section {condition!r} is always there; ask one of its values")
        condition = present(condition)
    return When(condition, then, otherwise)


def each(items: Any, body: Callable[..., Any]) -> Any:
    """One item, entry or document for every item of a list (`lambda item`) or map (`lambda key, value`, by key)."""
    if not isinstance(items, Expr):
        turns = sorted(items.items()) if isinstance(items, dict) else [(item,) for item in items]
        return Several(tuple(body(*turn) for turn in turns))
    with loop("each", items, body) as (variables, index):
        return Each(items, variables, index, build(body(*variables)))


def spread(value: Any) -> Spread:
    """A map merged into the map around it (under the key `...`), or a list into the list; the author's keys win."""
    return Spread(value)


def keep(value: Any) -> Any:
    """A map or list that is rendered when it is empty too."""
    return Leaf(value, keep=True) if isinstance(value, Expr) else value


def named(name: str, body: Any, doc: str = "") -> Any:
    """A map, or a text, that becomes a named template of the chart; `doc` is its comment."""
    if isinstance(body, Expr):
        refuse_variables(name, body)
        return Expr("named", body._type, name, body, doc)
    return Named(name, body, doc) if isinstance(body, dict) else body


def rule(check: Any, *, at: Any, must: str, fix: str = "") -> Rule:
    """A rule between values: when `check` fails, the value `at` must be what `must` says; `fix` tells what to do.

    Prints as `autoscaling.minReplicas: must be at most maxReplicas, got 6; lower minReplicas`, in Python and in Helm.
    """
    return Rule(check, at, must.removeprefix("must "), fix)


def collect(items: Any, body: Callable[..., Any]) -> Any:
    """The list of what `body` says of each item: for unique(), contains() and join(). Lists of text can be added."""
    if not isinstance(items, Expr):
        return [body(*turn) for turn in (sorted(items.items()) if isinstance(items, dict) else [(x,) for x in items])]
    with loop("collect", items, body) as (variables, _):
        item = body(*variables)
        if not isinstance(item, Expr) or item._type.kind != "str" or item._type.optional:
            raise TemplateError(f"collect({items!r}, ...): {item!r} is no text; use to_str(), or or_else() for null")
        return Expr("collect", Type("list", element=item._type), items, item, *variables)


def unique(items: Any, body: Callable[..., Any] | None = None) -> Any:
    """No text comes twice in a list, or in what `body` says of each item."""
    return no_text_twice(items if body is None else collect(items, body))


# ---------------------------------------------------------------- loops

_open: list[str] = []
"""Variables of the loops being traced, so that an inner loop gets fresh names."""

TAKEN = ("faults", "key", "value", "list")
"""Names that the emitted templates use themselves."""


@contextmanager
def loop(word: str, items: Expr, body: Callable[..., Any]) -> Iterator[tuple[tuple[Expr, ...], str]]:
    """The symbolic variables of a loop, named after the lambda's parameters, and its index."""
    type_, names = items._type, list(inspect.signature(body).parameters)
    if type_.optional:
        raise TemplateError(f"{word}({items!r}, ...): it may be null here; use when({items!r}, lambda items: ...)")
    if type_.kind not in ("list", "map") or len(names) != (1 if type_.kind == "list" else 2):
        raise TemplateError(f"{word}({items!r}, ...): a list takes `lambda item: ...`, a map `lambda key, value: ...`")
    assert type_.element is not None
    types = (type_.element,) if type_.kind == "list" else (type_.key or STR, type_.element)
    roles = ("item",) if type_.kind == "list" else ("key", "value")
    fresh = [fresh_name(name) for name in names]
    index = fresh_name("i")
    counter = index if type_.kind == "list" else fresh[0]
    variables = tuple(
        Expr("var", kind, name, items, role, counter) for name, kind, role in zip(fresh, types, roles, strict=True)
    )
    try:
        yield variables, index
    finally:
        del _open[-len(fresh) - 1 :]


def fresh_name(name: str) -> str:
    """A Go variable for a Python name, unlike those in scope."""
    camel = "$" + re.sub("_+(.)", lambda found: found[1].upper(), name.strip("_") or "item")
    candidates = [camel, *(f"{camel}{number}" for number in range(2, 99))]
    fresh = next(each for each in candidates if each not in _open and each not in ("$faults", "$list"))
    _open.append(fresh)
    return fresh


def refuse_variables(name: str, body: Expr, own: frozenset[str] = frozenset()) -> None:
    """Refuse what belongs to a loop around a named template; `own` are the variables of the loops inside it."""
    from podzol.template.expressions import walk

    parts = list(walk(body))
    own |= {variable._args[0] for part in parts if part._op == "collect" for variable in part._args[2:]}
    for part in parts:
        if part._op == "var" and part._args[0] not in own:
            raise TemplateError(f"named({name!r}): {part!r} belongs to a loop; a named template sees the chart only")


# ---------------------------------------------------------------- from what the author returned to nodes

NODES = (Constant, Leaf, Map, List, Each, Rule)


def build(value: Any) -> Any:
    """Nodes for what the author returned; None is `nothing here`. Raises TemplateError for what can't be rendered."""
    if value is None or isinstance(value, Constant | Map | List | Each):
        return value
    if isinstance(value, Rule):
        return value
    if isinstance(value, When):
        return When(value.condition, build(value.then), build(value.otherwise))
    if isinstance(value, Several):
        return List(tuple(item for item in map(build, value.items) if item is not None))
    if isinstance(value, Spread):
        return spread_node(value)
    if isinstance(value, Named):
        return named_node(value)
    if isinstance(value, Leaf):
        return printable(value)
    if isinstance(value, Expr):
        return printable(Leaf(value))
    if isinstance(value, dict):
        return map_node(value)
    if isinstance(value, list | tuple):
        return List(tuple(item for item in map(build, value) if item is not None))
    if isinstance(value, str | bool | int | float):
        return Constant(value)
    raise TemplateError(f"{value!r} can't stand in a manifest: {type(value).__name__} has no form in YAML")


def printable(leaf: Leaf) -> Leaf:
    """A value that a template can print as it is."""
    value = leaf.value
    type_ = value._type
    if type_.kind == "section":
        raise TemplateError(f"{value!r} is a whole section: use its values one by one, or declare dict[str, Any]")
    if type_.kind == "list" and value._op == "collect":
        raise TemplateError(f"{value!r}: use each() in a manifest; collect() is for unique(), contains() and join()")
    element = type_.element
    if element is not None and not element.scalar and not exact(element):
        raise TemplateError(
            f"{value!r} holds {element.kind}s: use each(), or declare dict[str, Any] for passing through"
        )
    return leaf


def exact(type_: Type) -> bool:
    """`toYaml` prints such values exactly: free trees, numbers, and text of plain ASCII."""
    if type_.element is not None:
        keys = type_.key is None or type_.free or (type_.key.plain and not takes_merge(type_.key))
        return keys and exact(type_.element)
    return type_.kind in ("any", "int", "float", "bool", "int-or-str") or (type_.kind == "str" and type_.plain)


def takes_merge(key: Type) -> bool:
    """The key `<<` is possible, which YAML takes for a merge."""
    return "<" in (key.alphabet or "<")


def spread_node(node: Spread) -> Spread:
    value = node.value
    if isinstance(value, dict | list):
        raise TemplateError(f"spread: {value!r} is the author's own; write its entries where they belong")
    if not isinstance(value, Expr) or value._type.kind not in ("map", "list") or value._type.optional:
        raise TemplateError(f"spread: {value!r} is neither a map nor a list, or may be null")
    printable(Leaf(value))
    return node


def named_node(node: Named) -> Named:
    body = build(node.body)
    if not any(isinstance(part, tuple) and isinstance(part[1], Constant | Leaf) for part in body.parts):
        raise TemplateError(f"named({node.name!r}): at least one entry must always be there")
    own = frozenset(loop_variables(body))
    for expression in expressions(body):
        refuse_variables(node.name, expression, own)
    return Named(node.name, body, node.doc)


def map_node(entries: dict[Any, Any]) -> Map:
    parts: list[Any] = []
    for key, value in entries.items():
        if key is ...:
            merged = [build(part) for part in (value if isinstance(value, list | tuple) else [value])]
            parts += [part for part in merged if part is not None]
        elif isinstance(key, str):
            node = build(value)
            if node is not None:
                parts.append((key, node))
        else:
            raise TemplateError(f"the key {key!r} must be plain text: a template can't tell two keys apart beforehand")
    keys = keys_of(parts)
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise TemplateError(f"the key {twice[0]!r} may come twice in one map")
    if sum(isinstance(part, Spread) for part in parts) > 1:
        raise TemplateError("two spread() in one map may bring the same key twice")
    for index, part in enumerate(parts):
        if isinstance(part, Spread):
            if part.value._type.kind != "map":
                raise TemplateError(f"spread: {part.value!r} is a list in a map")
            parts[index] = Spread(part.value, tuple(keys))
        elif not isinstance(part, tuple | Named | When | Map):
            raise TemplateError("under ... stand spread(map), named(...), a dict, or when(condition, a dict)")
    return Map(tuple(parts))


def keys_of(parts: Any) -> list[str]:
    """The author's own keys, each once for every way that it can come."""
    keys: list[str] = []
    for part in parts:
        if isinstance(part, tuple):
            keys.append(part[0])
        elif isinstance(part, Named):
            keys += keys_of(part.body.parts)
        elif isinstance(part, Map):
            keys += keys_of(part.parts)
        elif isinstance(part, When):
            keys += sorted({key for arm in (part.then, part.otherwise) if arm is not None for key in keys_of([arm])})
    return keys


def loop_variables(node: Any) -> Iterator[str]:
    """The Go names of the variables of every loop in a tree."""
    match node:
        case Each(_, variables, _, body):
            yield from (variable._args[0] for variable in variables)
            yield from loop_variables(body)
        case Map(parts):
            for part in parts:
                yield from loop_variables(part[1] if isinstance(part, tuple) else part)
        case List(items):
            for item in items:
                yield from loop_variables(item)
        case When(_, then, otherwise):
            yield from loop_variables(then)
            yield from loop_variables(otherwise)
        case Named(_, body, _):
            yield from loop_variables(body)


def expressions(node: Any) -> Iterator[Expr]:
    """Every expression that stands in a tree."""
    match node:
        case Leaf(value) | Spread(value):
            yield value
        case Map(parts):
            for part in parts:
                yield from expressions(part[1] if isinstance(part, tuple) else part)
        case List(items):
            for item in items:
                yield from expressions(item)
        case When(condition, then, otherwise):
            yield condition
            yield from expressions(then)
            yield from expressions(otherwise)
        case Each(source, _, _, body):
            yield source
            yield from expressions(body)
        case Named(_, body, _):
            yield from expressions(body)
        case Rule(check, at, _, _):
            yield check
            yield at


# ---------------------------------------------------------------- the author's function on plain values


def plain(value: Any) -> Any:
    """What the author's function gives when it runs on plain values, with its words resolved."""
    if isinstance(value, Named):
        return plain(value.body)
    if isinstance(value, BaseModel):
        raise TemplateError(f"{type(value).__name__} is a whole section: use its values one by one")
    if isinstance(value, dict):
        own = {key: plain(item) for key, item in value.items() if key is not ... and item is not None}
        for part in listed(value.get(...)):
            merged = plain(part.value if isinstance(part, Spread) else part) or {}
            own |= {key: item for key, item in merged.items() if key not in value}
        return own
    if isinstance(value, list | tuple | Several):
        items = value.items if isinstance(value, Several) else value
        out: list[Any] = []
        for item in items:
            if isinstance(item, Spread | Several):
                out += plain(list(item.value) if isinstance(item, Spread) else item)
            elif item is not None:
                out.append(plain(item))
        return out
    return value


def listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]
