"""Defines the table of values in a chart's README: one row a value, from the schema and the defaults."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podzol.charts.values_yaml import properties

Schema = Mapping[str, Any]

PATTERN_SHOWN_MAX = 40
"""A longer pattern tells a reader nothing; values.schema.json has it."""


@dataclass(frozen=True)
class Row:
    """One line of the table. `default` is None where a value has none: in list items, and where it is required."""

    path: str
    type: str
    default: Any
    description: str


def rows(schema: Schema, defaults: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each leaf of the values, and for each field of a list's items (`volumes[].mountPath`)."""
    for key, value in defaults.items():
        yield from _rows(key, schema["properties"].get(key, {}), value)


def table(schema: Schema, defaults: Mapping[str, Any]) -> str:
    """The rows as Markdown."""
    lines = ["| value | type | default | what it sets |", "|---|---|---|---|"]
    for row in rows(schema, defaults):
        default = "" if row.default is None and " or null" not in row.type else f"`{json.dumps(row.default)}`"
        lines.append(f"| `{row.path}` | {row.type} | {_cell(default)} | {_cell(row.description)} |")
    return "\n".join(lines)


def _rows(path: str, schema: Schema, default: Any) -> Iterator[Row]:
    inner = properties(schema)
    if not inner:
        yield Row(path, type_words(schema), default, schema.get("description", ""))
        if "items" in schema:
            for key, field in properties(schema["items"]).items():
                yield from _rows(f"{path}[].{key}", field, field.get("default"))
        return
    if default is None or "anyOf" in schema:  # a section that may be null is a value itself
        yield Row(path, type_words(schema), default, schema.get("description", ""))
    for key, field in inner.items():
        given = default.get(key) if isinstance(default, dict) else field.get("default")
        yield from _rows(f"{path}.{key}", field, given)


def type_words(schema: Schema) -> str:
    """What a value may be, in words: `integer, 1 to 65535`, `list of objects`, `string or null`."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_words(arm) for arm in schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(word)}`" for word in schema["enum"])
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind) + _bounds(schema)
    if kind == "array":
        return "list" + _of(schema.get("items", {})) + _between(schema, "minItems", "maxItems", " items")
    if kind == "object":
        return "section" if "properties" in schema else "map" + _of(schema.get("additionalProperties"))
    return kind + _bounds(schema)


def _of(schema: Any) -> str:
    """What a list or map holds, in the plural."""
    if not isinstance(schema, Mapping) or not schema.get("type"):
        return ""
    plural = {"object": "objects", "array": "lists", "string": "strings", "integer": "integers"}
    return f" of {plural.get(schema['type'], 'values')}"


def _bounds(schema: Schema) -> str:
    words = _between(schema, "minimum", "maximum") + _between(schema, "minLength", "maxLength", " characters")
    pattern = schema.get("pattern", "")
    return words + (f", `{_cell(pattern)}`" if 0 < len(pattern) <= PATTERN_SHOWN_MAX else "")


def _between(schema: Schema, low: str, high: str, unit: str = "") -> str:
    if low in schema and high in schema:
        return f", {schema[low]} to {schema[high]}{unit}"
    if low in schema:
        return f", at least {schema[low]}{unit}"
    return f", at most {schema[high]}{unit}" if high in schema else ""


def _cell(text: str) -> str:
    """Text that can stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")
