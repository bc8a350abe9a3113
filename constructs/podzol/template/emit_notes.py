"""Defines how notes are written: the lines of NOTES.txt, which are text and not YAML."""

from typing import Any

from podzol.template.emit_documents import Documents
from podzol.template.expressions import Expr, is_constant
from podzol.template.faults import TemplateError
from podzol.template.golines import Comment, Line, Node, Nodes
from podzol.template.gotemplate import Go, Literal
from podzol.template.nodes import Constant, Each, Leaf, List, When


class Notes(Documents):
    """Writes NOTES.txt."""

    def notes(self, nodes: tuple[Any, ...]) -> Nodes:
        return kept_blank([line for node in nodes for line in self.note(node)])

    def note(self, node: Any) -> Nodes:
        match node:
            case Constant(value):
                return [Line((line,)) for line in str(value).split("\n")]
            case Leaf(value) if value._type.scalar and not value._type.optional:
                parts = value._args if value._op == "concat" else (value,)
                return [Line(tuple(map(self.words, parts)))]
            case When():
                return self.choice(node, self.body)
            case Each():
                return self.loop(node, self.body)
            case List(items):
                return self.notes(items)
        raise TemplateError("notes are lines of text, when(), each() and lists of lines")

    def body(self, node: Any) -> Nodes:
        """What stands between an action and its end."""
        return kept_blank([*self.note(node), END])[:-1]

    def words(self, part: Expr) -> str | Go:
        """A part of a line, between braces or as it is."""
        if is_constant(part):
            return str(part._args[0])
        return self.integer_text(part._args[0] if part._op == "to_str" else part)


BLANK = Line(("",))
KEPT_BLANK = Line((Literal(""),))
END = Comment("the end of a block")


def kept_blank(nodes: Nodes) -> list[Node]:
    """The lines with blank ones kept before actions: `{{-` takes all white space in front of it."""
    out = list(nodes)
    for index in range(len(out) - 2, -1, -1):
        follows = out[index + 1]
        if out[index] == BLANK and (follows == KEPT_BLANK or not isinstance(follows, Line)):
            out[index] = KEPT_BLANK
    return out
