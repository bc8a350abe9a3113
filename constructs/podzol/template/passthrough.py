"""Defines which free-form trees reach Kubernetes unchanged, for pydantic and for values.schema.json alike.

A value of type `Any` is printed with `toYaml`, which turns it into JSON, reads that as YAML and swallows the error:
a text with a control character makes the whole block vanish, and a text that ends in a blank line gains or loses
newlines at the end of a file. A key `<<` is written bare, which is a YAML merge. Seen with Helm 4.3.1, 2026-11-23.
"""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from podzol.template.types import Type

ODD = "\x7f-\x9f\ufeff\ufffe\uffff"
"""What YAML refuses to hold raw, and NEL, which it folds to a space."""
TEXT = f"^([^{ODD}]*[^{ODD}\n]\n?)?$"
KEY = f"^[^{ODD}\n]*$"
MERGE_KEY = "<<"

KEY_SCHEMA = {"pattern": KEY, "not": {"const": MERGE_KEY}}
TREE_SCHEMA: dict[str, Any] = {
    "pattern": TEXT,
    "items": {"$ref": "#/definitions/tree"},
    "additionalProperties": {"$ref": "#/definitions/tree"},
    "propertyNames": KEY_SCHEMA,
}

Problem = tuple[tuple[str | int, ...], str, Any]
"""Path inside the value, the rule it breaks, what was got."""

UNCHANGED = "must pass through YAML unchanged: no control characters, no blank line at its end"
KEY_UNCHANGED = "must have keys that pass through YAML unchanged: one line, no control characters, not <<"
SAFE_INTEGER = "must be an integer from {low} to {high}, which Helm's float64 holds exactly"
FINITE = "must be a finite number"


def fits_text(text: str) -> bool:
    return re.fullmatch(TEXT[1:-1], text) is not None


def fits_key(key: str) -> bool:
    return key != MERGE_KEY and re.fullmatch(KEY[1:-1], key) is not None


def tree_problems(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    if isinstance(value, str) and not fits_text(value):
        yield path, UNCHANGED, value
    if isinstance(value, float) and not isfinite(value):
        yield path, FINITE, value
    if isinstance(value, dict):
        for key, item in value.items():
            if not fits_key(key):
                yield path, KEY_UNCHANGED, key
            yield from tree_problems(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from tree_problems(item, (*path, index))


def problems(type_: Type, value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """What values.schema.json refuses beyond pydantic's own checks: integers past float64, text that YAML changes."""
    if type_.kind in ("int", "int-or-str"):
        low, high = (type_.low, type_.high) if type_.kind == "int" else (type_.arms[0].low, type_.arms[0].high)
        if isinstance(value, int) and not low <= value <= high:
            yield path, SAFE_INTEGER.format(low=low, high=high), value
    elif type_.free or type_.kind == "float":
        yield from tree_problems(value, path)
    elif type_.element is not None and value:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from problems(type_.element, item, (*path, key))


def needs_check(type_: Type) -> bool:
    """Pydantic alone doesn't check values of this type as the schema does."""
    if type_.kind == "int-or-str":
        return needs_check(type_.arms[0])
    if type_.kind == "int":
        bounded = type_.limits.keys() & {"ge", "gt"} and type_.limits.keys() & {"le", "lt"}
        return not bounded
    return type_.free or type_.kind == "float" or (type_.element is not None and needs_check(type_.element))
