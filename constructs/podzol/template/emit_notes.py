"""Defines how notes are written: the lines of NOTES.txt, which are text and not YAML."""

from typing import Any

from podzol.template.emit_documents import Documents
from podzol.template.expressions import Expr, is_constant
from podzol.template.faults import TemplateError
from podzol.template.gotemplate import Go, Line, Nodes
from podzol.template.nodes import Constant, Each, Leaf, List, When


class Notes(Documents):
    """Writes NOTES.txt."""

    def notes(self, nodes: tuple[Any, ...]) -> Nodes:
        return [line for node in nodes for line in self.note(node)]

    def note(self, node: Any) -> Nodes:
        match node:
            case Constant(value):
                return [Line((line,)) for line in str(value).split("\n")]
            case Leaf(value) if value._type.scalar and not value._type.optional:
                parts = value._args if value._op == "concat" else (value,)
                return [Line(tuple(map(self.words, parts)))]
            case When():
                return self.choice(node, self.note)
            case Each():
                return self.loop(node, self.note)
            case List(items):
                return self.notes(items)
        raise TemplateError("notes are lines of text, when(), each() and lists of lines")

    def words(self, part: Expr) -> str | Go:
        """A part of a line, between braces or as it is."""
        if is_constant(part):
            return str(part._args[0])
        return self.integer_text(part._args[0] if part._op == "to_str" else part)
