"""Defines how nodes are made of what an author's function returned: dicts, lists, scalars, values and words.

Refuses what can't be rendered, with what to use instead.
"""

from collections.abc import Collection
from typing import Any

from podzol.template.expressions import Expr, walk
from podzol.template.faults import TemplateError
from podzol.template.nodes import (
    Constant,
    Each,
    Leaf,
    List,
    Map,
    Named,
    Rule,
    Several,
    Spread,
    When,
    expressions,
    loops,
)


def build(value: Any) -> Any:
    """Nodes for what the author returned; None is `nothing here`. Raises TemplateError for what can't be rendered."""
    match value:
        case None | Constant() | Map() | List() | Each() | Rule():
            return value
        case When(condition, then, otherwise):
            yes, no = build(then), build(otherwise)
            return None if yes is None and no is None else When(condition, yes, no)
        case Several(items):
            return list_node(items)
        case Spread():
            return spread_node(value)
        case Named():
            return named_node(value)
        case Leaf():
            return printable(value)
        case Expr():
            return printable(Leaf(value))
        case dict():
            return map_node(value)
        case list() | tuple():
            return list_node(value)
        case str() | bool() | int() | float():
            return Constant(value)
    raise TemplateError(f"{value!r} can't stand in a manifest: {type(value).__name__} has no form in YAML")


def list_node(items: Any) -> List:
    """A list; a list inside it adds its items."""
    nodes = tuple(item for item in map(build, items) if item is not None)
    for node in nodes:
        refuse_nested(node)
    return List(nodes)


def refuse_nested(item: Any) -> None:
    """A value that is a list would be one item, where an author's own list adds its items."""
    match item:
        case Leaf(value) if value._type.kind == "list":
            raise TemplateError(f"{value!r} is a list in a list; use spread({value!r}) to add its items")
        case When(_, then, otherwise):
            refuse_nested(then)
            refuse_nested(otherwise)
        case Each(_, _, _, body):
            refuse_nested(body)


def printable(leaf: Leaf) -> Leaf:
    """A value that a template can print as it is."""
    value, type_ = leaf.value, leaf.value._type
    if type_.kind == "section":
        raise TemplateError(f"{value!r} is a whole section: use its values one by one, or declare dict[str, Any]")
    if value._op in ("collect", "listed", "chained"):
        raise TemplateError(f"{value!r}: use each() in a manifest; collect() is for unique(), contains() and join()")
    element = type_.element
    if element is not None and not element.scalar and not element.exact:
        raise TemplateError(
            f"{value!r} holds {element.kind}s: use each(), or declare dict[str, Any] for passing through"
        )
    return leaf


def spread_node(node: Spread) -> Spread:
    value = node.value
    if not isinstance(value, Expr):
        raise TemplateError(f"spread: {value!r} is the author's own; write its entries where they belong")
    if value._type.kind not in ("map", "list") or value._type.optional:
        raise TemplateError(f"spread: {value!r} is neither a map nor a list, or may be null")
    printable(Leaf(value))
    return node


def named_node(node: Named) -> Named:
    body = map_node(node.body)
    if not any(isinstance(part, tuple) and is_certain(part[1]) for part in body.parts):
        raise TemplateError(f"named({node.name!r}): at least one entry must always be there")
    bound = {variable._key for loop in loops(body) for variable in loop.variables}
    for expression in expressions(body):
        refuse_variables(node.name, expression, bound)
    return Named(node.name, body, node.doc)


def is_certain(node: Any) -> bool:
    return isinstance(node, Constant) or (
        isinstance(node, Leaf) and node.value._type.scalar and not node.value._type.optional
    )


def refuse_variables(name: str, body: Expr, bound: Collection[Any] = ()) -> None:
    """A named template sees the chart, and the variables of its own loops."""
    for part in walk(body):
        if part._op == "var" and part._key not in bound:
            raise TemplateError(f"named({name!r}): {part!r} belongs to a loop; a named template sees the chart only")


def map_node(entries: dict[Any, Any]) -> Map:
    parts: list[Any] = []
    for key, value in entries.items():
        if key is ...:
            merged = [build(part) for part in (value if isinstance(value, list | tuple) else [value])]
            parts += [merged_part(part) for part in merged if part is not None]
        elif isinstance(key, str):
            node = build(value)
            if isinstance(node, Each):
                refuse_nested(node)
            if node is not None:
                parts.append((key, node))
        else:
            raise TemplateError(f"the key {key!r} must be plain text: two symbolic keys might be the same")
    keys = keys_of(parts)
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise TemplateError(f"the key {twice[0]!r} may come twice in one map")
    if sum(isinstance(part, Spread) for part in parts) > 1:
        raise TemplateError("two spread() in one map may bring the same key twice")
    reserved = tuple(keys)
    return Map(tuple(Spread(part.value, reserved) if isinstance(part, Spread) else part for part in parts))


def merged_part(part: Any) -> Any:
    """What may stand under `...`."""
    if isinstance(part, Spread) and part.value._type.kind != "map":
        raise TemplateError(f"spread: {part.value!r} is a list in a map")
    arms = (part.then, part.otherwise) if isinstance(part, When) else ()
    maps = all(arm is None or isinstance(arm, Map | When) for arm in arms)
    if not isinstance(part, Spread | Named | When | Map) or not maps:
        raise TemplateError("under ... stand spread(map), named(...), a dict, or when(condition, a dict)")
    return part


def keys_of(parts: Any) -> list[str]:
    """The author's own keys, each once for every way that it can come."""
    keys: list[str] = []
    for part in parts:
        match part:
            case tuple():
                keys.append(part[0])
            case Named():
                keys += keys_of(part.body.parts)
            case Map():
                keys += keys_of(part.parts)
            case When():
                arms = [arm for arm in (part.then, part.otherwise) if arm is not None]
                keys += sorted({key for arm in arms for key in keys_of([arm])})
    return keys
