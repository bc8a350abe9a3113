"""Defines `Fault`, one thing wrong with one value, and the errors of the language."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SHOWN_LENGTH = 80
"""Characters of a got list or map that an error shows; the rest is cut."""


class TemplateError(TypeError):
    """The author asked for something that can't mean the same in Python and in a Helm chart."""


def go_quoted(text: str) -> str:
    """Text in double quotes as Go's `%q` prints it, so that both front doors show a value alike.

    Source: https://pkg.go.dev/strconv#Quote (2026-11-23).
    """
    named = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}

    def shown(char: str) -> str:
        if char in '"\\':
            return "\\" + char
        if char.isprintable():
            return char
        code = ord(char)
        short = f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"
        return named.get(char) or (short if code < 0x10000 else f"\\U{code:08x}")

    return '"' + "".join(map(shown, text)) + '"'


def shown(value: Any) -> str:
    """A value as a values file would spell it: text in double quotes, `true`, `null`, maps and lists as short JSON."""
    if isinstance(value, str):
        return go_quoted(value)
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 3] + "..."


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it stands, which rule it breaks, what was got, what to do.

    `where` is the path as the user wrote it (`autoscaling.minReplicas`), or a file or flag. `got` is left out of the
    text when it is None. Texts are lowercase without a final period: the fault prints as
    `where: rule, got VALUE; what to do`.
    """

    where: str
    rule: str
    got: Any = None
    fix: str = ""

    def __str__(self) -> str:
        got = "" if self.got is None else f", got {shown(self.got)}"
        return f"{self.where}: {self.rule}{got}" + (f"; {self.fix}" if self.fix else "")


class ValuesError(ValueError):
    """Values that the model or a rule refuses, with every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
