"""Defines numbers and JSON as Helm has them: the twins of its float64 and of `toJson`.

Source: https://pkg.go.dev/encoding/json#Marshal (2026-11-23).
"""

import json
import re
from decimal import Decimal
from typing import Any

BEYOND_FLOATS = 2**1024


def number(value: Any) -> Any:
    """A number as Helm holds it: 8080.0 is the integer 8080, and 2**53 + 1 ends in 2. Anything else stays, an integer
    that no float holds too: YAML has none, since `read_yaml` takes it for text."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= BEYOND_FLOATS:
        return value
    held = float(value)
    whole = held.is_integer() and -(2**63) <= held < 2**64 and repr(held) != "-0.0"
    return int(Decimal(repr(held))) if whole else held


def numbers(tree: Any) -> Any:
    """A tree with its numbers as Helm holds them."""
    if isinstance(tree, dict):
        return {key: numbers(item) for key, item in tree.items()}
    return [numbers(item) for item in tree] if isinstance(tree, list | tuple) else number(tree)


def go_json(value: Any) -> str:
    """JSON as Go writes it: keys sorted, HTML characters escaped, floats in JavaScript's form."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{go_json(key)}:{go_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(go_json, value)) + "]"
    if isinstance(value, float):
        return go_float(value)
    written = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return written
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", written)


def go_float(value: float) -> str:
    if not value or 1e-6 <= abs(value) < 1e21:
        return re.sub(r"\.0$", "", format(Decimal(repr(value)), "f"))
    mantissa, exponent = repr(value).split("e")
    power = int(exponent)
    return f"{mantissa.removesuffix('.0')}e{'-' if power < 0 else '+'}{abs(power)}"
