"""Defines how the author's own texts are spelled in a YAML template: bare where every reader takes them for text."""

import json
import re
from typing import Any

from podzol.template.goprinter import ODD, quoted

WORD = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
YAML_1_1 = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""Words that Helm's YAML reader takes for booleans or null; a key `n:` would be the key "false"."""
BLOCK = re.compile(r"[^\s\x00-\x1f](?:[^\x00-\x09\x0b-\x1f]*[^\s])?\n?")
"""A text of several lines that a block scalar holds exactly."""


def is_word(text: str) -> bool:
    return WORD.fullmatch(text) is not None and text.lower() not in YAML_1_1


def spelled(value: Any) -> str:
    """A scalar on one line."""
    if isinstance(value, str):
        return value if is_word(value) else quoted(value)
    return json.dumps(value, allow_nan=False)


def is_block(text: str) -> bool:
    """The text reads better, and reads the same, as a block scalar."""
    return "\n" in text.strip("\n") and not ODD.search(text) and BLOCK.fullmatch(text) is not None
