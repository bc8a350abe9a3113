"""Defines a small syntax tree of Go templates that write YAML. Its one printer is `goprinter.py`.

Source: https://pkg.go.dev/text/template (2026-11-23). Knows nothing of values or manifests: `emit_*.py` build the tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# ---------------------------------------------------------------- expressions


@dataclass(frozen=True)
class Root:
    """A path from the chart's top: `.Values.port`; `$.Values.port` where a block has rebound the dot."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dot:
    """What the nearest `with` or `range` has bound."""


@dataclass(frozen=True)
class Variable:
    """A variable, with its dollar, and a path below it: `$volume.name`."""

    name: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Literal:
    """A constant: text, integer, boolean or nil."""

    value: Any


@dataclass(frozen=True)
class Call:
    """A function before its arguments: `ne .Values.a nil`."""

    name: str
    args: "tuple[Go, ...]" = ()


@dataclass(frozen=True)
class Pipe:
    """A value and the calls that it passes through: `.Values.tag | default "latest" | quote`."""

    first: "Go"
    calls: tuple[Call, ...]


Go = Root | Dot | Variable | Literal | Call | Pipe


def call(name: str, *args: Go) -> Call:
    return Call(name, args)


def pipe(first: Go, *calls: str | Call) -> Pipe:
    """A pipeline; one that begins with a pipeline is made longer."""
    added = tuple(Call(each) if isinstance(each, str) else each for each in calls)
    return Pipe(first.first, first.calls + added) if isinstance(first, Pipe) else Pipe(first, added)


def below(base: Go, name: str) -> Go:
    """A field of a value."""
    match base:
        case Root(names):
            return Root((*names, name))
        case Variable(variable, names):
            return Variable(variable, (*names, name))
    return call("get", base, Literal(name))


# ---------------------------------------------------------------- statements


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
