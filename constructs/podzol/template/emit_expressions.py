"""Defines how an expression is written in a Go template: as a value, as a condition, and as a scalar of YAML.

The form of each function stands in its entry (`functions/`); here are paths, with the defaults that values.yaml doesn't
carry, and casts.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from podzol.template.expressions import Expr, in_values_yaml
from podzol.template.faults import TemplateError
from podzol.template.functions import ARITHMETIC, COMPARISONS, FUNCTIONS, asks_for_truth
from podzol.template.golines import Do, If, Nodes
from podzol.template.goprinter import define
from podzol.template.gotemplate import Call, Dot, Go, Literal, Pipe, Root, Variable, below, call, pipe
from podzol.template.release import GO_NAMES
from podzol.template.values import raw_default
from podzol.template.yaml_text import is_word

NO_EXPONENT = 10**6
"""From here on a float64, which every number of a values file is, prints as 1e+06."""

ALREADY_INT = frozenset({"const", "count", "counter", "bytes_of", "millicores_of"}) | ARITHMETIC


class Expressions:
    """Writes the expressions of one chart."""

    def __init__(self, chart: str) -> None:
        self.chart = chart
        self.helpers: dict[str, str] = {}
        """The named templates that the expressions need, by name."""
        self.known: list[Any] = []
        """Keys of the conditions that hold where the text is being written."""
        self.lists: dict[Any, str] = {}
        """Variables that hold the lists of collect(), by the key of its expression."""
        self.bound: frozenset[Any] = frozenset()
        """Keys of the variables of the loops around."""

    # ------------------------------------------------------------ what is known

    @contextmanager
    def knowing(self, condition: Expr) -> Iterator[None]:
        """Inside `if condition`."""
        before = len(self.known)
        self.known += facts(condition)
        try:
            yield
        finally:
            del self.known[before:]

    def holds(self, condition: Expr) -> bool:
        return condition._key in self.known

    # ------------------------------------------------------------ values

    def value(self, node: Expr) -> Go:
        """The expression as a value."""
        return self.write(node, truth=False)

    def truth(self, node: Expr) -> Go:
        """The expression where only Go's truth of it, or a loop over it, matters: a missing zero value may stay so."""
        return self.write(node, truth=True)

    def write(self, node: Expr, truth: bool) -> Go:
        op, args = node._op, node._args
        match op:
            case "const":
                return Literal(args[0])
            case "root":
                return Root(("Values",))
            case "context":
                return Root(GO_NAMES[args[1]])
            case "var" | "counter":
                return Variable(args[0])
            case "dot":
                return Dot()
            case "narrow":
                return self.write(args[0], truth)
            case "path":
                return self.path(node, truth)
            case "named":
                return self.named(*args)
            case "collect":
                if node._key not in self.lists:
                    raise TemplateError(f"{node!r}: collect() and unique() belong into rules")
                return Variable(self.lists[node._key])
        return FUNCTIONS[op].go(self, *args)

    def integer(self, node: Expr) -> Go:
        """A number as Go's int where it may be a float64 or an int64; other values as they are."""
        written = self.value(node)
        return written if node._type.kind != "int" or node._op in ALREADY_INT else call("int", written)

    def path(self, node: Expr, truth: bool) -> Go:
        """A value below a section: plain where values.yaml has its default, else with the default beside it."""
        base, field = node._args
        if in_values_yaml(node) or (field.required and not may_be_missing(base)):
            return below(self.value(base), field.alias)
        aliases, holder, default = [field.alias], base, None if field.required else default_below(base, field.alias)
        while may_be_missing(holder):
            outer, section = holder._args
            inside = default_below(outer, section.alias).get(aliases[0])
            if len(aliases) == 1 and inside != default:
                raise TemplateError(
                    f"{node!r} has two defaults: {default!r}, and {inside!r} when {holder!r} is left out; keep one"
                )
            aliases, holder = [section.alias, *aliases], outer
        written, zero = self.value(holder), is_zero(default)
        if len(aliases) == 1:
            plain = below(written, field.alias)
            if default is None or (zero and (truth or self.holds(node))):
                return plain
            if not node._type.optional and (zero or node._type.full):
                return pipe(plain, call("default", constant(node, default)))
        return call("dig", *map(Literal, aliases), constant(node, default), written)

    # ------------------------------------------------------------ named templates

    def named(self, name: str, body: Expr, doc: str) -> Go:
        """A text that is a named template of the chart."""
        return self.named_template(name, doc, lambda: self.alternatives(body))

    def named_template(self, name: str, doc: str, body: Callable[[], Nodes]) -> Go:
        """The call of a named template of the chart."""
        self.helpers.setdefault(name, "")  # keeps its place before the helpers that it needs itself
        with self.knowing_nothing():
            self.keep(name, define(f"{self.chart}.{name}", doc, body()))
        return call("include", Literal(f"{self.chart}.{name}"), Root())

    def keep(self, name: str, text: str) -> None:
        """Keeps a named template for _helpers.tpl."""
        if self.helpers.get(name) not in (None, "", text):
            raise TemplateError(
                f"named({name!r}): two named templates of one chart have this name, with different bodies"
            )
        self.helpers[name] = text

    def alternatives(self, body: Expr) -> Nodes:
        """The body of a named text: a choice reads better as if and else."""
        if body._op != "pick":
            return [Do(self.value(body))]
        condition, yes, no = body._args
        return [If(self.condition(condition), self.alternatives(yes), self.alternatives(no))]

    def include(self, helper: str, text: str, argument: Go) -> Go:
        """A call of a named template that a function brings with it."""
        self.keep(helper, text.replace("CHART", self.chart))
        return call("include", Literal(f"{self.chart}.{helper}"), argument)

    @contextmanager
    def knowing_nothing(self) -> Iterator[None]:
        """A named template is included from anywhere."""
        known, self.known = self.known, []
        try:
            yield
        finally:
            self.known = known

    # ------------------------------------------------------------ conditions

    def condition(self, node: Expr) -> Go:
        """The expression as the condition of an `if`: Go's truth where the type makes it the same."""
        function = FUNCTIONS.get(node._op)
        return function.condition(self, *node._args) if function and function.condition else self.truth(node)

    def negated(self, node: Expr) -> Go:
        """The opposite of the expression, as a condition."""
        function = FUNCTIONS.get(node._op)
        return function.negation(self, *node._args) if function and function.negation else call("not", self.truth(node))

    # ------------------------------------------------------------ scalars of YAML

    def scalar(self, node: Expr) -> Go:
        """What stands between the braces of `key: {{ ... }}`."""
        type_ = node._type
        match type_.kind:
            case "int":
                return self.integer_text(node)
            case "bool":
                return self.value(node)
            case "float":
                return pipe(self.value(node), "toJson")
            case "int-or-str":
                return pipe(self.value(node), "toYaml")
        if type_.words and all(map(is_word, type_.words)):
            return self.value(node)
        return pipe(self.integer_text(node._args[0]) if node._op == "to_str" else self.value(node), "quote")

    def integer_text(self, node: Expr) -> Go:
        """An integer, or a boolean, as it is printed."""
        written, type_ = self.value(node), node._type
        small = type_.low > -NO_EXPONENT and type_.high < NO_EXPONENT
        if type_.kind != "int" or node._op in ALREADY_INT or small:
            return written
        return pipe(written, "int") if isinstance(written, Pipe) else call("int", written)


def facts(condition: Expr) -> list[Any]:
    """What is known inside `if condition`: the condition, and what it says of values."""
    found = [condition._key]
    if condition._op == "all_of":
        found += [fact for part in condition._args for fact in facts(part)]
    if condition._op in COMPARISONS:
        value = asks_for_truth(condition._op, *condition._args)
        found += [] if value is None else [value._key]
    if condition._op == "present":
        value = condition._args[0]
        found += [value._key, Expr("narrow", value._type, value)._key] if value._type.full else []
    return found


def default_below(base: Expr, alias: str) -> Any:
    """The default of a value in a section, as values.yaml would spell it."""
    assert base._type.model is not None
    return raw_default(base._type.model, alias)


def may_be_missing(base: Expr) -> bool:
    """A section that a list item, or a section that may be null, needn't hold."""
    return base._op == "path" and not in_values_yaml(base) and not base._type.optional and not base._args[1].required


def is_zero(default: Any) -> bool:
    return default in ("", 0, [], {}) or default is False


def constant(node: Expr, default: Any) -> Go:
    if default == [] or default == {}:
        return Call("list" if default == [] else "dict")
    if default is None or isinstance(default, str | bool | int | float):
        return Literal(default)
    raise TemplateError(f"{node!r}: in list items and null sections a default is a scalar or empty, not {default!r}")
