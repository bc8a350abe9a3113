"""Defines how an expression is written in a Go template: as a value, as a condition, and as a scalar of YAML."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from podzol.template.expressions import Expr, in_values_yaml, value_path, walk
from podzol.template.faults import TemplateError
from podzol.template.functions import FUNCTIONS, not_
from podzol.template.gotemplate import (
    Call,
    Do,
    Go,
    If,
    Literal,
    Node,
    Nodes,
    Pipe,
    Range,
    Root,
    Variable,
    call,
    define,
    pipe,
)
from podzol.template.gotemplate import Dot as GoDot
from podzol.template.release import GO_NAMES
from podzol.template.types import fields, is_missing
from podzol.template.values import raw_default
from podzol.template.yaml_text import is_word

ARITHMETIC = ("+", "-", "*", "//", "max_of", "min_of")
COMPARISONS = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
"""Each with its opposite."""

NO_EXPONENT = 10**6
"""From here on a float64, which every number of a values file is, prints as 1e+06."""

TIMES = """{{/*
A quantity times an integer: include "CHART.times" (list "256Mi" 2)
*/}}
{{- define "CHART.times" -}}
{{- $quantity := first . -}}
{{- printf "%d%s" (mul (regexFind "[1-9][0-9]*" $quantity) (last .)) (regexFind "[a-zA-Z]*$" $quantity) -}}
{{- end }}
"""


class Expressions:
    """Writes the expressions of one chart. `helpers` collects the named templates that they need."""

    def __init__(self, chart: str) -> None:
        self.chart = chart
        self.helpers: dict[str, str] = {}
        self.known: list[Any] = []
        """Keys of the conditions that hold where the text is being written."""
        self.lists: dict[Any, str] = {}
        """Variables that hold the lists of collect()."""

    # ------------------------------------------------------------ lists made in loops

    def collecting(self, *nodes: Expr) -> Nodes:
        """The statements that make the lists which these expressions are about."""
        made: list[Node] = []
        for collect in (part for node in nodes for part in walk(node) if part._op == "collect"):
            if collect._key in self.lists:
                continue
            source, item, *variables = collect._args
            paths = [value_path(part) for part in walk(item) if part._op in ("path", "var")]
            stem = re.sub(r"\W", "", paths[0].split(".")[-1]) if paths else "item"
            name = next(
                each for each in (f"${stem}s{n}" for n in ("", *range(2, 99))) if each not in self.lists.values()
            )
            self.lists[collect._key] = name
            append = Do(call("append", Variable(name), self.value(item)), name)
            names = tuple(variable._args[0] for variable in variables)
            made += [Do(call("list"), name, declares=True), Range(self.value(source, True), names, [append])]
        return made

    # ------------------------------------------------------------ what is known

    @contextmanager
    def knowing(self, condition: Expr) -> Iterator[None]:
        before = len(self.known)
        self.known += facts(condition)
        try:
            yield
        finally:
            del self.known[before:]

    def holds(self, condition: Expr) -> bool:
        return condition._key in self.known

    # ------------------------------------------------------------ values

    def value(self, node: Expr, truth_only: bool = False) -> Go:
        """The expression as a value. `truth_only`: a missing zero value may stay missing."""
        op, args = node._op, node._args
        match op:
            case "const":
                return Literal(args[0])
            case "root":
                return Root(("Values",))
            case "context":
                return Root(GO_NAMES[args[1]])
            case "var" | "index":
                return GoDot() if args[0] == "." else Variable(args[0])
            case "narrow":
                return self.value(args[0], truth_only)
            case "path":
                return self.path(node, truth_only)
            case "named":
                return self.include(node)
            case "concat":
                return self.joined(args)
            case "times":
                self.helpers.setdefault("times", TIMES.replace("CHART", self.chart))
                return call("include", Literal(f"{self.chart}.times"), call("list", *map(self.value, args)))
            case "pick":
                condition = (
                    self.value(args[0]) if is_bool(args[0]) else call("not", call("empty", self.condition(args[0])))
                )
                return call("ternary", self.value(args[1]), self.value(args[2]), condition)
            case "all_of" | "any_of" | "not_":
                if not is_bool(node):
                    raise TemplateError(f"{node!r} is a condition, not a value; use pick({node!r}, True, False)")
            case "collect":
                if node._key not in self.lists:
                    raise TemplateError(f"{node!r}: collect() and unique() can stand in rules only")
                return Variable(self.lists[node._key])
        function = FUNCTIONS[op]
        return function.go(*[self.integer(arg) if function.casts else self.value(arg) for arg in args])

    def integer(self, node: Expr) -> Go:
        """A number as Go's int where it may be a float64 or an int64; other values as they are."""
        written = self.value(node)
        if node._type.kind != "int" or node._op in ("const", "count", "index", *ARITHMETIC):
            return written
        return call("int", written)

    def path(self, node: Expr, truth_only: bool) -> Go:
        base, field = node._args
        if in_values_yaml(node) or (field.required and not may_be_missing(base)):
            return below(self.value(base), field.alias)
        aliases, holder, default = [field.alias], base, own_default(node)
        while may_be_missing(holder):
            section = raw_default(holder._args[0]._type.model, holder._args[1].alias)
            inside = section.get(aliases[0])
            if len(aliases) == 1 and inside != default:
                raise TemplateError(
                    f"{node!r} has two defaults: {default!r}, and {inside!r} when {holder!r} is missing; keep one"
                )
            aliases.insert(0, holder._args[1].alias)
            holder = holder._args[0]
        zero = default in ("", 0, [], {}) or default is False
        written = self.value(holder)
        if len(aliases) == 1:
            known = self.holds(node) and not default
            if known or default is None or (truth_only and zero):
                return below(written, field.alias)
            if not node._type.optional and (zero or node._type.full):
                return pipe(below(written, field.alias), call("default", constant(node, default)))
        return call("dig", *map(Literal, aliases), constant(node, default), written)

    def joined(self, parts: tuple[Expr, ...]) -> Go:
        """Texts one after the other."""
        form, args = "", []
        for part in parts:
            if part._op == "const":
                form += part._args[0].replace("%", "%%")
            elif part._op == "to_str":
                form += "%d" if part._args[0]._type.kind == "int" else "%t"
                args.append(self.integer(part._args[0]))
            else:
                form += "%s"
                args.append(self.value(part))
        return call("printf", Literal(form), *args) if args else Literal(form.replace("%%", "%"))

    def include(self, node: Expr) -> Go:
        name, body, doc = node._args
        if name not in self.helpers:
            self.helpers[name] = ""
            self.helpers[name] = define(f"{self.chart}.{name}", doc, Expressions.branches(self, body))
        return call("include", Literal(f"{self.chart}.{name}"), Root())

    def branches(self, body: Expr) -> Any:
        """The body of a named text: a choice reads better as if and else."""
        if body._op != "pick":
            return [Do(self.value(body))]
        condition, yes, no = body._args
        return [If(self.condition(condition), self.branches(yes), self.branches(no))]

    # ------------------------------------------------------------ conditions

    def condition(self, node: Expr) -> Go:
        """Text for `if`: Go's truth instead of comparisons where the type makes them the same."""
        op, args = node._op, node._args
        if op in ("all_of", "any_of"):
            before, parts = len(self.known), []
            for arg in args:
                parts.append(self.condition(arg))
                if op == "all_of":
                    self.known += facts(arg)
            del self.known[before:]
            return call("and" if op == "all_of" else "or", *parts)
        if op == "not_":
            inner = args[0]
            if inner._op == "not_":
                return self.condition(inner._args[0])
            if inner._op in COMPARISONS:
                return self.condition(Expr(COMPARISONS[inner._op], inner._type, *inner._args))
            written = self.condition(inner)
            if isinstance(written, Call) and written.name == "ne" and written.args[1] == Literal(None):
                return call("eq", *written.args)
            return call("not", written)
        if op == "present":
            return self.value(args[0], True) if args[0]._type.full else call("ne", self.value(args[0]), Literal(None))
        if op in (">", ">=", "!=") and says_not_zero(op, *args):
            counted = args[0]
            return self.value(counted._args[0] if counted._op == "count" else counted, True)
        return self.value(node, True)

    def negated(self, node: Expr) -> Go:
        return self.condition(not_(node))

    # ------------------------------------------------------------ scalars of YAML

    def scalar(self, node: Expr) -> Go:
        """What stands between the braces of `key: {{ ... }}`."""
        type_ = node._type
        if type_.kind == "int":
            return self.integer_text(node)
        if type_.kind == "str":
            if type_.words and all(map(is_word, type_.words)):
                return self.value(node)
            if node._op == "to_str":
                inner = node._args[0]
                return pipe(self.integer_text(inner) if inner._type.kind == "int" else self.value(inner), "quote")
            return pipe(self.value(node), "quote")
        written = self.value(node)
        return (
            pipe(written, {"float": "toJson", "int-or-str": "toYaml"}[type_.kind]) if type_.kind in MARKED else written
        )

    def integer_text(self, node: Expr) -> Go:
        written, type_ = self.value(node), node._type
        exact = node._op in ("const", "count", *ARITHMETIC)
        if exact or (type_.low > -NO_EXPONENT and type_.high < NO_EXPONENT):
            return written
        return pipe(written, "int") if isinstance(written, Pipe) else call("int", written)


MARKED = ("float", "int-or-str")


def below(base: Go, name: str) -> Go:
    if isinstance(base, Root):
        return Root((*base.names, name))
    if isinstance(base, Variable):
        return Variable(base.name, (*base.names, name))
    return call("get", base, Literal(name))


def facts(condition: Expr) -> list[Any]:
    """What is known inside `if condition`: the condition, and what it says of values."""
    found = [condition._key]
    if condition._op in ("all_of", "present", "narrow"):
        for part in condition._args:
            found += facts(part)
    if condition._op == "present":
        found.append(Expr("narrow", condition._type, condition._args[0])._key)
    return found


def own_default(node: Expr) -> Any:
    base, field = node._args
    return None if field.required else raw_default(base._type.model, field.alias)


def may_be_missing(base: Expr) -> bool:
    """A section that a list item, or a section that may be null, needn't hold."""
    return base._op == "path" and not in_values_yaml(base) and not base._type.optional and not base._args[1].required


def constant(node: Expr, default: Any) -> Go:
    if default in ([], {}) and not isinstance(default, str):
        return Call("list" if default == [] else "dict")
    if default is None or isinstance(default, str | bool | int | float):
        return Literal(default)
    raise TemplateError(f"{node!r}: in list items and null sections a default is a scalar or empty, not {default!r}")


def is_bool(node: Expr) -> bool:
    """The expression is true or false in Go as well, not merely one of its operands."""
    if node._op in ("all_of", "any_of"):
        return all(map(is_bool, node._args))
    return node._type.kind == "bool" and not node._type.optional and (node._op != "not_" or is_bool(node._args[0]))


def says_not_zero(op: str, left: Expr, right: Expr) -> bool:
    if left._type.kind != "int" or left._type.low < 0 or right._op != "const" or left._type.optional:
        return False
    return bool(right._args[0] == (1 if op == ">=" else 0))


Speller = Callable[[Expr], Go]

__all__ = ["Expressions", "fields", "is_missing"]
