"""Defines how a syntax tree of Go templates is printed: as few actions as say the same, and lines that can be read."""

import json
import re
from collections.abc import Sequence

from podzol.template.golines import Block, Comment, Do, If, Indented, Item, Line, Node, Nodes, Range, With
from podzol.template.gotemplate import Call, Dot, Go, Literal, Pipe, Root, Variable, call, pipe

WIDTH = 120
"""Columns after which a call with many arguments is written one argument a line."""

# ---------------------------------------------------------------- text

ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML refuses raw or folds, and that JSON writers leave as they are."""


def quoted(text: str) -> str:
    """Text in double quotes that JSON, YAML and Go read alike."""
    return ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def escaped(text: str) -> str:
    """Text in which `{{` stays text; a brace at its end, too, whatever follows."""
    inside = re.sub(r"\{\{[^`]*?\}\}|\{\{", lambda found: "{{`" + found[0] + "`}}", text, flags=re.DOTALL)
    return inside[:-1] + "{{`{`}}" if inside.endswith("{") else inside


# ---------------------------------------------------------------- expressions


def spell(value: Go, rebound: bool = False, indent: int | None = None) -> str:
    """The text of an expression.

    `rebound`: a block around it has given the dot another meaning. `indent`: calls are written one argument a line.
    """
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
        case Call(name, args) if indent is not None and args:
            inner = indent + 2
            return "".join((name, *(f"\n{' ' * inner}{operand(arg, rebound, inner)}" for arg in args)))
        case Call(name, args):
            return " ".join((name, *(operand(arg, rebound) for arg in args)))
        case Pipe(first, calls):
            through = " | ".join(spell(part, rebound) for part in calls)
            gap = " " if indent is None or not many(first) else "\n" + " " * indent
            return f"{spell(first, rebound, indent)}{gap}| {through}"


def operand(value: Go, rebound: bool, indent: int | None = None) -> str:
    if indent is not None and len(spell(value, rebound)) + indent < WIDTH:
        indent = None
    text = spell(value, rebound, indent)
    return f"({text})" if isinstance(value, Call | Pipe) else text


def action(head: str, value: Go, indent: int, rebound: bool) -> str:
    """`{{- head value }}` on its line, or on several where it would be too long."""
    margin = " " * indent
    line = f"{margin}{{{{- {head}{spell(value, rebound)} }}}}"
    if len(line) <= WIDTH or not many(value):
        return line
    return f"{margin}{{{{- {head}{spell(value, rebound, indent + 2)} }}}}"


def many(value: Go) -> bool:
    """A call with so many arguments that a line each reads better."""
    match value:
        case Call(_, args):
            return len(args) > 3 or any(map(many, args))
        case Pipe(first, calls):
            return many(first) or any(map(many, calls))
    return False


# ---------------------------------------------------------------- statements


def lines(nodes: Nodes, indent: int = 0, rebound: bool = False) -> list[str]:
    """The lines of a template."""
    return [line for node in tidy(nodes) for line in lines_of(node, indent, rebound)]


def lines_of(node: Node, indent: int, rebound: bool) -> list[str]:
    margin = " " * indent
    match node:
        case Line(parts):
            text = "".join(
                part if isinstance(part, str) else f"{{{{ {spell(part, rebound)} }}}}" for part in shown(parts)
            )
            return [margin + text if text else ""]
        case Block(value):
            return [action("", pipe(value, call("nindent", Literal(indent))), indent, rebound)]
        case Do(value, variable, declares):
            assign = f"{variable} {':=' if declares else '='} " if variable else ""
            return [action(assign, value, indent, rebound)]
        case If():
            return [*branches(node, "if ", indent, rebound), f"{margin}{{{{- end }}}}"]
        case With(value, body):
            return [action("with ", value, indent, rebound), *lines(body, indent, True), f"{margin}{{{{- end }}}}"]
        case Range(over, variables, body, otherwise):
            names = f"{', '.join(variables)} := " if variables else ""
            out = [action(f"range {names}", over, indent, rebound), *lines(body, indent, True)]
            return [*out, *alternative(otherwise, indent, rebound), f"{margin}{{{{- end }}}}"]
        case Indented(body):
            return lines(body, indent + 2, rebound)
        case Item(body):
            inside = lines(body, indent + 2, rebound)
            if isinstance(tidy(body)[0], Line):
                return [f"{margin}- {inside[0].lstrip()}", *inside[1:]]
            return [f"{margin}-", *inside]
        case Comment(text):
            return [f"{margin}{{{{- /* {text} */}}}}"]


def shown(parts: Sequence[str | Go]) -> list[str | Go]:
    """The parts of a line with its texts escaped."""
    return [escaped(part) if isinstance(part, str) else part for part in parts]


def branches(node: If, word: str, indent: int, rebound: bool) -> list[str]:
    """`if`, and `else if` as long as nothing else stands in the alternative."""
    out = [action(word, node.condition, indent, rebound), *lines(node.body, indent, rebound)]
    otherwise = tidy(node.otherwise)
    if len(otherwise) == 1 and isinstance(otherwise[0], If):
        return out + branches(otherwise[0], "else if ", indent, rebound)
    return out + alternative(otherwise, indent, rebound)


def alternative(nodes: Nodes, indent: int, rebound: bool) -> list[str]:
    return [f"{' ' * indent}{{{{- else }}}}", *lines(nodes, indent, rebound)] if nodes else []


def define(name: str, doc: str, body: Nodes) -> str:
    """A named template with its comment."""
    head = f"{{{{/*\n{doc}\n*/}}}}\n" if doc else ""
    return "\n".join([f'{head}{{{{- define "{name}" -}}}}', *lines(body), "{{- end }}"]) + "\n"


# ---------------------------------------------------------------- as few actions as say the same


def tidy(nodes: Nodes) -> list[Node]:
    """Neighbours with one condition become one block, an `if` that is alone in an `if` joins it."""
    out: list[Node] = []
    for node in nodes:
        node = nested(node)
        joined = neighbours(out[-1], node) if out else None
        if joined is None:
            out.append(node)
        else:
            out[-1] = joined
    return out


def nested(node: Node) -> Node:
    """`if a` around nothing but `if b` is `if and a b`: Go's `and` stops at the first false operand."""
    if isinstance(node, If) and not node.otherwise:
        body = tidy(node.body)
        if len(body) == 1 and isinstance(body[0], If) and not body[0].otherwise:
            return nested(If(both(node.condition, body[0].condition), body[0].body))
    return node


def both(one: Go, other: Go) -> Go:
    parts = [part for side in (one, other) for part in (side.args if is_and(side) else (side,))]  # type: ignore[union-attr]
    return Call("and", tuple(parts))


def is_and(value: Go) -> bool:
    return isinstance(value, Call) and value.name == "and"


def neighbours(one: Node, other: Node) -> Node | None:
    """One block for two that ask the same, or the opposite; None where they don't."""
    if isinstance(one, With) or isinstance(other, With):
        asked = [each.value if isinstance(each, With) else sole_condition(each) for each in (one, other)]
        return With(asked[0], (*one.body, *other.body)) if asked[0] == asked[1] else None  # type: ignore[arg-type, union-attr]
    if isinstance(one, If) and isinstance(other, If) and not one.otherwise and not other.otherwise:
        if one.condition == other.condition:
            return If(one.condition, (*one.body, *other.body))
        if opposite(one.condition) == other.condition or opposite(other.condition) == one.condition:
            return If(one.condition, one.body, other.body)
    return None


def sole_condition(node: Node) -> Go | None:
    """The condition of an `if` without alternative."""
    return node.condition if isinstance(node, If) and not node.otherwise else None


OPPOSITES = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}


def opposite(condition: Go) -> Go:
    match condition:
        case Call("not", (inner,)):
            return inner
        case Call(name, args) if name in OPPOSITES:
            return Call(OPPOSITES[name], args)
    return call("not", condition)
