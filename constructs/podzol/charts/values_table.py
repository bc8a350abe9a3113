"""Defines the table of values in a Helm chart's README: one row a value, from the model's fields and defaults."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from podzol.template import Type, defaults, fields
from podzol.template.types import GREATEST

PATTERN_SHOWN_MAX = 40
"""A longer pattern tells a reader nothing; values.schema.json has it."""

NO_DEFAULT = object()
"""Of a value that must be given."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    path: str
    type: str
    default: str
    description: str


def rows(model: type[BaseModel], given: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each value and section, and for each field of a list's items (`volumes[].mountPath`).

    `given` is what values.yaml holds for the model.
    """
    for field in fields(model).values():
        yield from _rows(field.alias, field.type, given.get(field.alias, NO_DEFAULT), field.description)


def table(rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| value | type | default | what it sets |", "|---|---|---|---|"]
    for row in rows:
        default = f"`{_cell(row.default)}`" if row.default else ""
        lines.append(f"| `{row.path}` | {_cell(row.type)} | {default} | {_cell(row.description)} |")
    return "\n".join(lines)


def _rows(path: str, type_: Type, default: Any, description: str) -> Iterator[Row]:
    section = type_.model is not None and not type_.optional  # one that may be null is a value itself
    shown = "" if section or default is NO_DEFAULT else json.dumps(default, ensure_ascii=False)
    if description or not section:
        yield Row(path, "section" if section else type_words(type_), shown, description)
    if type_.model is not None:
        given = default if isinstance(default, dict) else defaults(type_.model)
        for row in rows(type_.model, given):
            yield replace(row, path=f"{path}.{row.path}")
    element = type_.element
    if element is not None and element.model is not None:
        yield from _rows(f"{path}[]" if type_.kind == "list" else f"{path}.KEY", element, NO_DEFAULT, "")


def type_words(type_: Type) -> str:
    """What a value may be, in words: `integer, 1 to 65535`, `list of objects`, `a DNS label: ... or null`."""
    return _words(type_) + (", or null" if type_.optional else "")


def _words(type_: Type) -> str:
    if type_.form:
        return type_.form.text
    if type_.words:
        return ", ".join(f"`{word}`" if word else '`""`' for word in type_.words)
    match type_.kind:
        case "section":
            return "object"
        case "any":
            return "any YAML"
        case "int-or-str":
            return " or ".join(_words(arm) for arm in type_.arms)
        case "list" | "map":
            sizes = _between(type_.limits, "min_length", "max_length", " entries")
            return type_.kind + _elements(type_.element) + sizes
        case "str":
            return "string" + _between(type_.limits, "min_length", "max_length", " characters") + _pattern(type_)
        case "int":
            bounds = {"low": type_.low, "high": type_.high}
            real = {name: bound for name, bound in bounds.items() if abs(bound) < GREATEST}
            return "integer" + _between(real, "low", "high")
        case "bool":
            return "boolean"
        case _:
            return "number" + _between(type_.limits, "ge", "le")


def _elements(element: Type | None) -> str:
    """What a list or map holds."""
    names = {"section": "objects", "str": "strings", "int": "integers", "bool": "booleans", "float": "numbers"}
    return f" of {names[element.kind]}" if element is not None and element.kind in names else ""


def _pattern(type_: Type) -> str:
    pattern = type_.limits.get("pattern", "")
    return f" like `{pattern}`" if 0 < len(pattern) <= PATTERN_SHOWN_MAX else ""


def _between(limits: Mapping[str, Any], low: str, high: str, unit: str = "") -> str:
    if low in limits and high in limits:
        return f", {limits[low]} to {limits[high]}{unit}"
    if low in limits:
        return f", at least {limits[low]}{unit}"
    return f", at most {limits[high]}{unit}" if high in limits else ""


def _cell(text: str) -> str:
    """Text that can stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")
