"""Defines how objects are written as templates of YAML: each node in its place, as a key, a list item or a document."""

from collections.abc import Callable
from typing import Any

from podzol.template.emit_expressions import Expressions
from podzol.template.expressions import Expr
from podzol.template.faults import TemplateError
from podzol.template.functions import not_
from podzol.template.golines import Block, If, Indented, Item, Line, Nodes, Range, With
from podzol.template.gotemplate import Dot, Go, Pipe, call, pipe
from podzol.template.nodes import Constant, Each, Leaf, List, Map, Named, Spread, When
from podzol.template.presence import ALWAYS, is_unknown, joined, presence, spread_value
from podzol.template.types import STR, Type
from podzol.template.yaml_text import is_block, spelled

Render = Callable[[Any], Nodes]

IN_ORDER = Map(
    (
        ("apiVersion", Constant("v1")),
        ("kind", Constant("List")),
        ("metadata", Map((("name", Constant("in-order")),))),
    )
)
"""Around several objects of one file: Helm sorts objects by kind, and applies those of a List as they stand. The name
never gets to a cluster; `helm lint` asks for one.
Source: https://github.com/helm/helm/blob/v4.3.1/pkg/release/v1/util/kind_sorter.go (2026-11-23)."""


class Documents(Expressions):
    """Writes the objects of one chart."""

    # ------------------------------------------------------------ conditions

    def conditional(self, condition: Expr, body: Callable[[], Nodes], otherwise: Nodes = ()) -> Nodes:
        """The body in an `if`, which is left out where the condition is known to hold."""
        if is_unknown(condition):
            raise TemplateError(
                "every turn of this loop may vanish, so a template can't say whether its list is empty: make one field "
                "of the body, or one other item, unconditional"
            )
        if self.holds(condition):
            return body()
        written = self.condition(condition)
        with self.knowing(condition):
            return [If(written, body(), otherwise)]

    def guarded(self, node: Any, body: Callable[[], Nodes]) -> Nodes:
        """The body where the node gives anything."""
        found = presence(node)
        if found is None or any(map(self.holds, found)):
            return body()
        return self.conditional(joined(found), body)

    def branch(self, node: When, render: Render) -> Nodes:
        """A choice; `if c` around `if p` becomes `if and c p`."""
        found = presence(node.then)
        nests = node.otherwise is None and isinstance(node.then, Map | List | Leaf)
        if nests and found and not any(map(is_unknown, found)):
            return self.guarded(node, lambda: render(node.then))
        return self.choice(node, render)

    def choice(self, node: When, render: Render) -> Nodes:
        if node.then is None:
            return self.conditional(not_(node.condition), lambda: render(node.otherwise)) if node.otherwise else ()
        otherwise = render(node.otherwise) if node.otherwise is not None else ()
        return self.conditional(node.condition, lambda: render(node.then), otherwise)

    def loop(self, node: Each, render: Render) -> Nodes:
        names = tuple(variable._args[0] for variable in node.variables)
        over = self.truth(node.source)
        with self.knowing(node.source):
            return [Range(over, names, render(node.body))]

    # ------------------------------------------------------------ values in their places

    def leaf(self, head: str, node: Leaf) -> Nodes:
        """`key: value` or `- value`; one that may be missing stands in its own `with` or `if`."""
        value, type_ = node.value, node.value._type
        found = presence(node)
        certain = found is None or self.holds(value) or any(map(self.holds, found))
        if not type_.scalar:
            if certain:
                written = self.value(value) if node.keep else self.truth(value)
                return [Line((head,)), Indented(self.tree(type_, written, node.keep))]
            return [With(self.truth(value), [Line((head,)), Indented(self.tree(type_, Dot()))])]
        gap = " " if head else ""
        if certain:
            return [Line((head + gap, self.scalar(value)))]
        if type_.full:
            return [With(self.truth(value), [Line((head + gap, self.scalar(Expr("dot", type_.given()))))])]
        return self.conditional(joined(found), lambda: [Line((head + gap, self.scalar(value)))])

    def tree(self, type_: Type, value: Go, keep: bool = False) -> Nodes:
        """toYaml where it is exact (of an empty list or map too); other texts go one by one through quote."""
        element = type_.element
        if element is None or type_.exact:
            return [Block(pipe(value, "toYaml") if isinstance(value, Pipe) else call("toYaml", value))]
        if type_.kind == "list":
            item = Line(("- ", self.scalar(Expr("dot", element))))
            return [Range(value, (), [item], [Line(("[]",))] if keep else ())]
        key, held = Expr("var", type_.key or STR, "$key"), Expr("var", element, "$value")
        entry = Line((pipe(self.value(key), "quote"), ": ", self.scalar(held)))
        return [Range(value, ("$key", "$value"), [entry], [Line(("{}",))] if keep else ())]

    def include_map(self, node: Named) -> Block:
        """A map that is a named template of the chart."""
        return Block(self.named_template(node.name, node.doc, lambda: self.entries(node.body)))

    # ------------------------------------------------------------ maps

    def entries(self, node: Map) -> Nodes:
        return [line for part in node.parts for line in self.part(part)]

    def part(self, part: Any) -> Nodes:
        match part:
            case (key, node):
                return self.entry(key, node)
            case Named():
                return [self.include_map(part)]
            case Spread():
                return self.spread(part)
            case When():
                return self.choice(part, self.part)
        return self.entries(part)

    def entry(self, key: str, node: Any) -> Nodes:
        head = f"{spelled(key)}:"
        match node:
            case Constant(value):
                return constant_entry(head, value)
            case Leaf():
                return self.leaf(head, node)
            case Named():
                return [Line((head,)), Indented([self.include_map(node)])]
            case When():
                return self.branch(node, lambda arm: self.entry(key, arm))
            case Map(parts):
                if not parts:
                    return [Line((f"{head} {{}}",))]
                return self.guarded(node, lambda: [Line((head,)), Indented(self.entries(node))])
        items = node if isinstance(node, List) else List((node,))
        if not items.items:
            return [Line((f"{head} []",))]
        return self.guarded(items, lambda: [Line((head,)), Indented(self.items(items))])

    def spread(self, node: Spread) -> Nodes:
        value, type_ = spread_value(node), node.value._type
        if not type_.exact:
            return self.tree(type_, self.truth(value))
        if self.holds(value):
            return self.tree(type_, self.truth(value))
        return [With(self.truth(value), self.tree(type_, Dot()))]

    # ------------------------------------------------------------ lists

    def items(self, node: List) -> Nodes:
        return [line for item in node.items for line in self.item(item)]

    def item(self, node: Any) -> Nodes:
        match node:
            case Constant(value):
                return [Line((f"- {spelled(value)}",))]
            case Leaf():
                return self.leaf("-", node)
            case When():
                return self.branch(node, self.item)
            case Each():
                return self.loop(node, self.item)
            case List():
                return self.items(node)
            case Spread():
                return self.spread(node)
            case Named():
                return [Item([self.include_map(node)])]
        if not node.parts:
            return [Line(("- {}",))]
        return self.guarded(node, lambda: [Item(self.entries(leading(node)))])

    # ------------------------------------------------------------ documents

    def document(self, node: Any) -> Nodes:
        match node:
            case When():
                return self.choice(node, self.document)
            case Each():
                return self.loop(node, self.separate)
            case List():
                return self.guarded(node, lambda: [*self.entries(IN_ORDER), *self.entry("items", node)])
        return self.entries(node)

    def separate(self, node: Any) -> Nodes:
        """A document among others in one file; a loop separates its own."""
        if isinstance(node, Each):
            return self.document(node)
        if isinstance(node, When):
            return self.choice(node, self.separate)
        return [Line(("---",)), *self.document(node)]


def constant_entry(head: str, value: Any) -> Nodes:
    """A scalar that the author wrote; a text of several lines as a block."""
    if not isinstance(value, str) or not is_block(value):
        return [Line((f"{head} {spelled(value)}",))]
    style = "|" if value.endswith("\n") else "|-"
    return [Line((f"{head} {style}",)), Indented([Line((line,)) for line in value.rstrip("\n").split("\n")])]


def leading(node: Map) -> Map:
    """The map with an entry in front that is always there: its line carries the dash."""
    for index, part in enumerate(node.parts):
        if isinstance(part, tuple) and not isinstance(part[1], When) and presence(part[1]) is ALWAYS:
            return Map((part, *node.parts[:index], *node.parts[index + 1 :]))
    return node
