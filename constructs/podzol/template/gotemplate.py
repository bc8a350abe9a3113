"""Defines a small syntax tree of Go templates that write YAML, and its one printer.

Source: https://pkg.go.dev/text/template (2026-11-23). Knows nothing of values or manifests: `emit.py` builds the tree.
"""

import json
import re
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


# ---------------------------------------------------------------- the printer

ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML refuses raw or folds, and that JSON writers leave as they are."""


def quoted(text: str) -> str:
    """Text in double quotes that JSON, YAML and Go read alike."""
    return ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def escaped(text: str) -> str:
    """Text in which `{{` stays text."""
    return re.sub(r"\{\{[^`]*?\}\}|\{\{", lambda found: "{{`" + found[0] + "`}}", text, flags=re.DOTALL)


def spell(value: Go, rebound: bool = False) -> str:
    """The text of an expression. `rebound`: a block around it has given the dot another meaning."""
    match value:
        case Root(names):
            return ("$" if rebound else "") + "".join(f".{name}" for name in names) or "."
        case Dot():
            return "."
        case Variable(name, names):
            return ".".join((name, *names))
        case Literal(constant):
            if isinstance(constant, str):
                return quoted(constant)
            return "nil" if constant is None else json.dumps(constant)
        case Call(name, args):
            return " ".join((name, *(operand(arg, rebound) for arg in args)))
        case Pipe(first, calls):
            return " | ".join(spell(part, rebound) for part in (first, *calls))


def operand(value: Go, rebound: bool) -> str:
    text = spell(value, rebound)
    return f"({text})" if isinstance(value, Call | Pipe) else text


def lines(nodes: Nodes, indent: int = 0, rebound: bool = False) -> list[str]:
    """The lines of a template, each without its newline; a multi-line text may make one empty."""
    return [line for node in nodes for line in lines_of(node, indent, rebound)]


def lines_of(node: Node, indent: int, rebound: bool) -> list[str]:
    margin = " " * indent

    def action(text: str) -> str:
        return f"{margin}{{{{- {text} }}}}"

    def block(head: str, body: Nodes, otherwise: Nodes, rebinds: bool) -> list[str]:
        out = [action(head), *lines(body, indent, rebound or rebinds)]
        while not rebinds and len(otherwise) == 1 and isinstance(otherwise[0], If):
            branch = otherwise[0]
            out += [action(f"else if {spell(branch.condition, rebound)}"), *lines(branch.body, indent, rebound)]
            otherwise = branch.otherwise
        if otherwise:
            out += [action("else"), *lines(otherwise, indent, rebound)]
        return [*out, action("end")]

    match node:
        case Line(parts):
            text = "".join(
                escaped(part) if isinstance(part, str) else f"{{{{ {spell(part, rebound)} }}}}" for part in parts
            )
            return [margin + text if text else ""]
        case Block(value):
            return [action(spell(pipe(value, call("nindent", Literal(indent))), rebound))]
        case Do(value, variable, declares):
            assign = f"{variable} {':=' if declares else '='} " if variable else ""
            return [action(assign + spell(value, rebound))]
        case If(condition, body, otherwise):
            return block(f"if {spell(condition, rebound)}", body, otherwise, rebinds=False)
        case With(value, body):
            return block(f"with {spell(value, rebound)}", body, (), rebinds=True)
        case Range(over, variables, body, otherwise):
            names = f"{', '.join(variables)} := " if variables else ""
            return block(f"range {names}{spell(over, rebound)}", body, otherwise, rebinds=True)
        case Indented(body):
            return lines(body, indent + 2, rebound)
        case Item(body):
            inside = lines(body, indent + 2, rebound)
            if body and isinstance(body[0], Line):
                return [f"{margin}- {inside[0].lstrip()}", *inside[1:]]
            return [f"{margin}-", *inside]
        case Comment(text):
            return [f"{margin}{{{{- /* {text} */}}}}"]


def define(name: str, doc: str, body: Nodes) -> str:
    """A named template with its comment."""
    head = f"{{{{/*\n{doc}\n*/}}}}\n" if doc else ""
    return "\n".join([f'{head}{{{{- define "{name}" -}}}}', *lines(body), "{{- end }}"]) + "\n"
