"""Defines the expressions of Go templates, as a small syntax tree. Does not define the lines that they stand in
(`golines.py`), nor how they are printed (`goprinter.py`).

Source: https://pkg.go.dev/text/template (2026-11-23). Tuples, as they cost the least: every workload loads them.
"""

from typing import Any, NamedTuple


class Root(NamedTuple):
    """A path from the chart's top: `.Values.port`; `$.Values.port` where a block has rebound the dot."""

    names: tuple[str, ...] = ()


class Dot(NamedTuple):
    """What the nearest `with` or `range` has bound."""


class Variable(NamedTuple):
    """A variable, with its dollar, and a path below it: `$volume.name`."""

    name: str
    names: tuple[str, ...] = ()


class Literal(NamedTuple):
    """A constant: text, integer, boolean or nil."""

    value: Any


class Call(NamedTuple):
    """A function before its arguments: `ne .Values.a nil`."""

    name: str
    args: "tuple[Go, ...]" = ()


class Pipe(NamedTuple):
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
