"""Defines how rules are written: validate.yaml collects every broken one, then fails once with all of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from podzol.template.emit_documents import Documents
from podzol.template.expressions import Expr, walk
from podzol.template.golines import Comment, Do, If, Node, Nodes, Range, With
from podzol.template.gotemplate import Dot, Go, Literal, Variable, call, pipe
from podzol.template.nodes import Each, List, Rule, When, expressions
from podzol.template.paths import place, value_path

FAULTS = "$faults"
ABOUT = "Rules between values; values.schema.json checks each value by itself."


class Rules(Documents):
    """Writes validate.yaml."""

    def validation(self, nodes: tuple[Any, ...]) -> Nodes:
        return [
            Comment(ABOUT),
            Do(call("list"), FAULTS, declares=True),
            *(line for node in nodes for line in self.rule(node)),
            With(Variable(FAULTS), [Do(call("fail", call("join", Literal("\n"), Dot())))]),
        ]

    def rule(self, node: Any) -> Nodes:
        match node:
            case Rule(check):
                made = self.collecting(check)
                append = Do(call("append", Variable(FAULTS), self.message(node)), FAULTS)
                return [*made, If(self.negated(check), [append])]
            case When(condition):
                made = self.collecting(condition)
                with self.scope():
                    return [*made, *self.choice(node, self.rule)]
            case Each():
                made = self.collecting(*expressions(node.body))
                with self.scope(*node.variables):
                    return [*made, self.counted(node)]
            case List(items):
                return [line for item in items for line in self.rule(item)]
        return []

    def counted(self, node: Each) -> Range:
        """The loop of rules; over a list with the index, for their paths."""
        over, names = self.truth(node.source), tuple(variable._args[0] for variable in node.variables)
        with self.knowing(node.source):
            body = self.rule(node.body)
        return Range(over, (node.index, *names) if node.source._type.kind == "list" else names, body)

    # ------------------------------------------------------------ messages

    def message(self, node: Rule) -> Go:
        """The same text as `Fault`'s: `where: must ..., got VALUE; fix`."""
        form, args = "", []
        for step in place(node.at):
            if isinstance(step, str):
                form += step.replace("%", "%%")
            else:
                form += "%d" if step._type.kind == "int" else "%s"
                args.append(self.value(step))
        form += f": must {node.must}".replace("%", "%%")
        if node.at._type.scalar and not node.at._type.optional:
            verb, got = self.shown(node.at)
            form += f", got {verb}"
            args.append(got)
        form += f"; {node.fix}".replace("%", "%%") if node.fix else ""
        return call("printf", Literal(form), *args) if args else Literal(form.replace("%%", "%"))

    def shown(self, value: Expr) -> tuple[str, Go]:
        """A value as `faults.shown` prints it."""
        match value._type.kind:
            case "int":
                return "%d", self.integer(value)
            case "str":
                return "%q", self.value(value)
            case "bool":
                return "%t", self.value(value)
        return "%s", pipe(self.value(value), "toJson")

    # ------------------------------------------------------------ lists made in loops

    @contextmanager
    def scope(self, *variables: Expr) -> Iterator[None]:
        """Inside a block: what is declared there is gone after it."""
        lists, bound = dict(self.lists), self.bound
        self.bound = bound | {variable._key for variable in variables}
        try:
            yield
        finally:
            self.lists, self.bound = lists, bound

    def collecting(self, *nodes: Expr) -> list[Node]:
        """The statements that make the lists of collect() in these expressions, as far as their variables are bound."""
        made: list[Node] = []
        for found in (part for node in nodes for part in walk(node) if part._op == "collect"):
            source, item, *variables = found._args
            if found._key in self.lists or not unbound(found) <= self.bound:
                continue
            made += self.collecting(source)
            name = self.list_name(item)
            names = tuple(variable._args[0] for variable in variables)
            append = Do(call("append", Variable(name), self.value(item)), name)
            made += [Do(call("list"), name, declares=True), Range(self.truth(source), names, [append])]
            self.lists[found._key] = name
        return made

    def list_name(self, item: Expr) -> str:
        """A fresh variable named after what it lists: `$mountPaths` of `volume.mount_path`."""
        paths = [value_path(part) for part in walk(item) if part._op in ("path", "var")]
        words = [word for word in re.split(r"\W+", paths[0] if paths else "item") if word]
        stem = f"${words[-1]}" if words[-1].endswith("s") else f"${words[-1]}s"
        taken = self.lists.values()
        return next(name for name in (stem, *(f"{stem}{number}" for number in range(2, 99))) if name not in taken)


def unbound(node: Expr) -> set[Any]:
    """Keys of the loop variables that an expression needs from outside."""
    found: set[Any] = set()
    for part in node._args:
        if isinstance(part, Expr):
            found |= unbound(part)
    if node._op == "collect":
        return found - {variable._key for variable in node._args[2:]}
    return found | {node._key} if node._op == "var" else found
