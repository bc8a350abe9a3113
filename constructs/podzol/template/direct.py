"""Defines `run_directly`: an author's function on plain values, without a tree. It is how the tree is checked."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from podzol.template.faults import TemplateError
from podzol.template.nodes import Named, Several, Spread
from podzol.template.release import Context, plain_release
from podzol.template.values import filled


def run_directly(manifests: Callable[..., Any], values: BaseModel, context: Context) -> list[dict[str, Any]]:
    """The manifests that the author's function itself gives. Empty maps and lists of values stay in their places."""
    out: list[dict[str, Any]] = []
    whole = filled(values)
    for returned in manifests(whole, plain_release(context, whole)).values():
        found = resolved(returned)
        out += found if isinstance(found, list) else [found] if found is not None else []
    return out


def resolved(value: Any) -> Any:
    """What the author's function gave, with its words resolved."""
    if isinstance(value, Named):
        return resolved(value.body)
    if isinstance(value, BaseModel):
        raise TemplateError(f"{type(value).__name__} is a whole section: use its values one by one")
    if isinstance(value, dict):
        return resolved_map(value)
    if isinstance(value, list | tuple):
        out: list[Any] = []
        for item in value:
            if isinstance(item, Several | list):
                out += resolved(item)
            elif isinstance(item, Spread):
                out += item.value
            elif item is not None:
                out.append(resolved(item))
        return out
    return resolved(value.items) if isinstance(value, Several) else value


def resolved_map(value: dict[Any, Any]) -> dict[str, Any]:
    own = {key: resolved(item) for key, item in value.items() if key is not ... and item is not None}
    merged = value.get(..., [])
    for part in merged if isinstance(merged, list | tuple) else [merged]:
        if part is not None:
            entries = part.value if isinstance(part, Spread) else resolved(part)
            own |= {key: item for key, item in entries.items() if key not in value}
    return own
