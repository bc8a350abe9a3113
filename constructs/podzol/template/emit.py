"""Defines the second interpreter: a tree gives the Go templates of a Helm chart, in the style of `helm create`."""

from collections.abc import Callable
from typing import Any

from podzol.template.emit_expressions import Expressions
from podzol.template.expressions import Expr, lift
from podzol.template.faults import TemplateError
from podzol.template.functions import all_of, any_of, not_, present
from podzol.template.gotemplate import (
    Block,
    Comment,
    Do,
    Dot,
    Go,
    If,
    Indented,
    Item,
    Line,
    Literal,
    Node,
    Nodes,
    Range,
    Root,
    Variable,
    With,
    call,
    define,
    lines,
    pipe,
)
from podzol.template.place import place
from podzol.template.trace import Tree
from podzol.template.tree import Constant, Each, Leaf, List, Map, Named, Rule, Spread, When, exact
from podzol.template.types import BOOL, Type
from podzol.template.yaml_text import is_block, is_word, spelled

Presence = bool | list[Expr]
"""True: always there. Else the conditions of which one must hold; none: never there."""

UNKNOWN = Expr("unknown", BOOL)
"""Whether a loop whose every turn may vanish gives anything."""


def emit(tree: Tree, chart_name: str) -> dict[str, str]:
    """Path to text of everything under `templates/`."""
    writer = Documents(chart_name)
    files = {f"templates/{name}.yaml": text_of(writer.document(node)) for name, node in tree.manifests.items()}
    files |= {f"templates/tests/{name}.yaml": text_of(writer.document(node)) for name, node in tree.tests.items()}
    if tree.rules:
        files["templates/validate.yaml"] = text_of(writer.rules(tree.rules))
    if tree.notes:
        files["templates/NOTES.txt"] = text_of(writer.notes(tree.notes))
    if writer.spell.helpers:
        files["templates/_helpers.tpl"] = "\n".join(writer.spell.helpers.values())
    return dict(sorted(files.items()))


def text_of(nodes: Nodes) -> str:
    return "".join(f"{line}\n" for line in lines(nodes))


class Documents:
    """Writes the objects of one chart."""

    def __init__(self, chart: str) -> None:
        self.chart = chart
        self.spell = Expressions(chart)

    # ------------------------------------------------------------ presence

    def presence(self, node: Any) -> Presence:
        match node:
            case None:
                return []
            case Leaf(value, keep):
                if keep:
                    return True
                if value._type.kind in ("map", "list", "any"):
                    return [value]
                return [present(value)] if value._type.optional else True
            case Spread(value, reserved):
                return [Expr("omit", value._type, value, *map(lift, reserved)) if reserved else value]
            case Map(parts):
                inside = [self.presence(part[1] if isinstance(part, tuple) else part) for part in parts]
                return not parts or any_presence(inside)
            case List(items):
                return not items or any_presence([self.presence(item) for item in items])
            case Each(source, _, _, body):
                return [source] if self.presence(body) is True else [UNKNOWN]
            case When(condition, then, otherwise):
                yes, no = self.presence(then), self.presence(otherwise)
                if yes is True and no is True:
                    return True
                return half(condition, yes) + half(not_(condition), no)
        return True

    def guarded(self, node: Any, body: Callable[[], Nodes]) -> Nodes:
        """The body where the node gives anything; its `if` is left out where that is known."""
        found = self.presence(node)
        if found is True or any(self.spell.holds(condition) for condition in found):  # type: ignore[union-attr]
            return body()
        assert not isinstance(found, bool)
        condition = found[0] if len(found) == 1 else any_of(*found)
        return self.conditional(condition, body)

    def conditional(self, condition: Expr, body: Callable[[], Nodes], otherwise: Nodes = ()) -> Nodes:
        if self.spell.holds(condition):
            return body()
        written = self.condition(condition)
        with self.spell.knowing(condition):
            return [If(written, body(), otherwise)]

    def condition(self, condition: Expr) -> Go:
        if mentions_unknown(condition):
            raise TemplateError(
                "every turn of this loop may vanish, so a template can't say whether its list is empty: make one field "
                "of the body, or one other item, unconditional"
            )
        return self.spell.condition(condition)

    # ------------------------------------------------------------ values in their places

    def leaf(self, key: str, node: Leaf) -> Nodes:
        """`key: value`, or `- value`; one that may be missing stands in its own `with` or `if`."""
        value, type_ = node.value, node.value._type
        gap = " " if key else ""
        is_tree = type_.kind in ("map", "list", "any")
        if is_tree and node.keep:
            return [Line((key,)), Indented(self.tree(type_, self.spell.value(value), keep=True))]
        found = self.presence(node)
        known = found is True or self.spell.holds(found[0]) or self.spell.holds(value)  # type: ignore[index]
        if is_tree:
            if known:
                return [Line((key,)), Indented(self.tree(type_, self.spell.value(value, True)))]
            return [With(self.spell.value(value, True), [Line((key,)), Indented(self.tree(type_, Dot()))])]
        if known:
            return [Line((key + gap, self.spell.scalar(value)))]
        if type_.full:
            bound = Expr("var", type_.given(), ".")
            return [With(self.spell.value(value, True), [Line((key + gap, self.spell.scalar(bound)))])]
        return self.conditional(found[0], lambda: [Line((key + gap, self.spell.scalar(value)))])  # type: ignore[index]

    def tree(self, type_: Type, value: Go, keep: bool = False) -> Nodes:
        """toYaml only where it is exact; other texts go one by one through quote."""
        element = type_.element
        if element is None or (exact(type_) and not (keep and type_.kind == "list" and element.kind == "str")):
            return [
                Block(pipe(value, "toYaml") if not isinstance(value, Dot | Root | Variable) else call("toYaml", value))
            ]
        empty: Nodes = ()
        if type_.kind == "list":
            empty = [Line(("[]",))] if keep else ()
            return [Range(value, (), [Line(("- ", self.spell.scalar(Expr("var", element, "."))))], empty)]
        empty = [Line(("{}",))] if keep else ()
        entry = Line((pipe(Variable("$key"), "quote"), ": ", self.spell.scalar(Expr("var", element, "$value"))))
        return [Range(value, ("$key", "$value"), [entry], empty)]

    def include(self, node: Named) -> Node:
        if node.name not in self.spell.helpers:
            self.spell.helpers[node.name] = ""
            known, self.spell.known = self.spell.known, []
            self.spell.helpers[node.name] = define(f"{self.chart}.{node.name}", node.doc, self.entries(node.body))
            self.spell.known = known
        return Block(call("include", Literal(f"{self.chart}.{node.name}"), Root()))

    def entry(self, key: str, node: Any) -> Nodes:
        head = f"{spelled(key)}:"
        match node:
            case Leaf():
                return self.leaf(head, node)
            case Named():
                return [Line((head,)), Indented([self.include(node)])]
            case Constant(value):
                if isinstance(value, str) and is_block(value):
                    kept = "|" if value.endswith("\n") else "|-"
                    block = [Line((line,)) for line in value.rstrip("\n").split("\n")]
                    return [Line((f"{head} {kept}",)), Indented(block)]
                return [Line((f"{head} {spelled(value)}",))]
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

    def branch(self, node: When, render: Callable[[Any], Nodes]) -> Nodes:
        """`if c` around `if p` becomes `if and c p`."""
        found = self.presence(node.then)
        joins = (
            isinstance(node.then, Map | List | Leaf) and not isinstance(found, bool) and UNKNOWN not in map_ids(found)
        )
        if node.otherwise is None and joins:
            return self.guarded(node, lambda: render(node.then))
        return self.choice(node, render)

    def choice(self, node: When, render: Callable[[Any], Nodes]) -> Nodes:
        if node.then is None:
            return self.conditional(not_(node.condition), lambda: render(node.otherwise))
        otherwise = render(node.otherwise) if node.otherwise is not None else ()
        return self.conditional(node.condition, lambda: render(node.then), otherwise)

    def entries(self, node: Map) -> Nodes:
        out: list[Node] = []
        for part in node.parts:
            match part:
                case tuple():
                    out += self.entry(*part)
                case Named():
                    out.append(self.include(part))
                case Spread():
                    out += self.spread(part)
                case When():
                    out += self.choice(part, self.entries)
                case Map():
                    out += self.entries(part)
        return out

    def spread(self, node: Spread) -> Nodes:
        type_ = node.value._type
        found = self.presence(node)
        assert not isinstance(found, bool)
        value = self.spell.value(found[0], True)
        if not exact(type_):
            return self.tree(type_, value)
        return [With(value, self.tree(type_, Dot()))]

    # ------------------------------------------------------------ lists

    def items(self, node: List) -> Nodes:
        return [line for item in node.items for line in self.item(item)]

    def item(self, node: Any) -> Nodes:
        match node:
            case When():
                return self.branch(node, self.item)
            case Each():
                return self.loop(node, self.item)
            case List():
                return self.items(node)
            case Spread():
                return self.spread(node)
            case Constant(value):
                return [Line((f"- {spelled(value)}",))]
            case Leaf():
                return self.leaf("-", node)
            case Named():
                return [Item([self.include(node)])]
        if not node.parts:
            return [Line(("- {}",))]
        return self.guarded(node, lambda: [Item(self.entries(leading(node, self.presence)))])

    def loop(self, node: Each, render: Callable[[Any], Nodes]) -> Nodes:
        names = tuple(variable._args[0] for variable in node.variables)
        source = self.spell.value(node.source, True)
        with self.spell.knowing(node.source):
            return [Range(source, names, render(node.body))]

    # ------------------------------------------------------------ files

    def document(self, node: Any) -> Nodes:
        match node:
            case When():
                return self.choice(node, self.document)
            case Each():
                return self.loop(node, lambda body: [Line(("---",)), *self.document(body)])
            case List(items):
                return [line for item in items for line in (Line(("---",)), *self.document(item))]
        return self.entries(node)

    def rules(self, nodes: tuple[Any, ...]) -> Nodes:
        """validate.yaml: collects every broken rule, then fails once."""
        faults = Variable("$faults")
        return [
            Comment("Rules between values; values.schema.json checks each value by itself."),
            Do(call("list"), "$faults", declares=True),
            *(line for node in nodes for line in self.rule(node)),
            With(faults, [Do(call("fail", call("join", Literal("\n"), Dot())))]),
        ]

    def rule(self, node: Any) -> Nodes:
        match node:
            case Rule(check, at, must, fix):
                made = self.spell.collecting(check, at)
                written = self.spell.negated(check)
                return [
                    *made,
                    If(written, [Do(call("append", Variable("$faults"), self.message(at, must, fix)), "$faults")]),
                ]
            case When():
                otherwise = self.rule(node.otherwise) if node.otherwise is not None else ()
                made = self.spell.collecting(node.condition)
                return [*made, *self.conditional(node.condition, lambda: self.rule(node.then), otherwise)]
            case Each():
                loop = self.loop(node, self.rule)[0]
                assert isinstance(loop, Range)
                if node.source._type.kind == "list":
                    loop = Range(loop.over, (node.index, *loop.variables), loop.body)
                return [loop]
            case List(items):
                return [line for item in items for line in self.rule(item)]
        return []

    def message(self, at: Expr, must: str, fix: str) -> Go:
        """The same text as `Fault`'s: where: must ..., got VALUE; fix."""
        form, args = "", []
        for step in place(at):
            if isinstance(step, str):
                form += step.replace("%", "%%")
            else:
                form += "%d" if step._type.kind == "int" else "%s"
                args.append(self.spell.value(step))
        form += f": must {must}".replace("%", "%%")
        if at._type.scalar and not at._type.optional:
            verb, got = self.shown(at)
            form += f", got {verb}"
            args.append(got)
        form += f"; {fix}".replace("%", "%%") if fix else ""
        return call("printf", Literal(form), *args) if args else Literal(form.replace("%%", "%"))

    def shown(self, value: Expr) -> tuple[str, Go]:
        """How `faults.shown` prints a value."""
        kind = value._type.kind
        if kind == "int":
            return "%d", self.spell.integer(value)
        if kind == "str":
            return "%q", self.spell.value(value)
        return "%s", pipe(self.spell.value(value), "toJson")

    def notes(self, nodes: tuple[Any, ...]) -> Nodes:
        return [line for node in nodes for line in self.note(node)]

    def note(self, node: Any) -> Nodes:
        match node:
            case Constant(value):
                return [Line((line,)) for line in str(value).split("\n")]
            case Leaf(value):
                parts = value._args if value._op == "concat" else (value,)
                return [Line(tuple(self.words(part) for part in parts))]
            case When():
                return self.choice(node, self.note)
            case Each():
                return self.loop(node, self.note)
            case List(items):
                return [line for item in items for line in self.note(item)]
        raise TemplateError("notes are lines of text, when(), each() and lists of lines")

    def words(self, part: Expr) -> str | Go:
        if part._op == "const":
            return str(part._args[0])
        if part._op == "to_str" and part._args[0]._type.kind == "int":
            return self.spell.integer_text(part._args[0])
        return self.spell.integer_text(part) if part._type.kind == "int" else self.spell.value(part)


def any_presence(found: list[Presence]) -> Presence:
    if any(each is True for each in found):
        return True
    conditions = [condition for each in found if not isinstance(each, bool) for condition in each]
    return list({condition._key: condition for condition in conditions}.values())


def half(condition: Expr, found: Presence) -> list[Expr]:
    """One arm of a when(): the condition, and what makes the arm give anything."""
    if isinstance(found, bool):
        return [condition]
    if not found:
        return []
    return [all_of(condition, found[0] if len(found) == 1 else any_of(*found))]


def mentions_unknown(condition: Expr) -> bool:
    return condition is UNKNOWN or any(isinstance(arg, Expr) and mentions_unknown(arg) for arg in condition._args)


def map_ids(found: list[Expr]) -> Any:
    class Ids:
        def __contains__(self, wanted: Expr) -> bool:
            return any(mentions_unknown(each) for each in found)

    return Ids()


def leading(node: Map, presence: Callable[[Any], Presence]) -> Map:
    """The map with an entry in front that is always there: its line carries the dash."""
    for index, part in enumerate(node.parts):
        if isinstance(part, tuple) and not isinstance(part[1], When) and presence(part[1]) is True:
            return Map((part, *node.parts[:index], *node.parts[index + 1 :]))
    return node


__all__ = ["emit", "is_word"]
