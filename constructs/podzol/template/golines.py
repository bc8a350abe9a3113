"""Defines the lines of Go templates that write YAML, as a small syntax tree. Its one printer is `goprinter.py`.

Source: https://pkg.go.dev/text/template (2026-11-23). Knows nothing of values or manifests: `emit_*.py` build the tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from podzol.template.gotemplate import Go


@dataclass(frozen=True)
class Line:
    """One line: texts as they shall come out, and expressions."""

    parts: tuple[str | Go, ...]


@dataclass(frozen=True)
class Block:
    """Lines that an expression writes: `{{- toYaml . | nindent 8 }}`."""

    value: Go


@dataclass(frozen=True)
class Do:
    """An action that writes nothing: `{{- $faults = append $faults "..." }}`, `{{- fail "..." }}`."""

    value: Go
    variable: str = ""
    declares: bool = False


@dataclass(frozen=True)
class If:
    condition: Go
    body: "Nodes"
    otherwise: "Nodes" = ()


@dataclass(frozen=True)
class With:
    value: Go
    body: "Nodes"


@dataclass(frozen=True)
class Range:
    over: Go
    variables: tuple[str, ...]
    body: "Nodes"
    otherwise: "Nodes" = ()


@dataclass(frozen=True)
class Indented:
    """Lines two spaces further in."""

    body: "Nodes"


@dataclass(frozen=True)
class Item:
    """An item of a list: the first line carries the dash."""

    body: "Nodes"


@dataclass(frozen=True)
class Comment:
    text: str


Node = Line | Block | Do | If | With | Range | Indented | Item | Comment
Nodes = Sequence[Node]
