"""Defines `Function`, one function of the language: type rule, Python twin, Go form and samples, each stated once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from podzol.template.expressions import Expr, a, lift
from podzol.template.faults import TemplateError
from podzol.template.gotemplate import Go, call, pipe
from podzol.template.types import Type

Sample = tuple[tuple[Any, ...], Any]
"""Arguments and the result."""


class Writer(Protocol):
    """What a Go form may ask of the emitter (`emit_expressions.py`)."""

    def value(self, node: Expr) -> Go:
        """The expression as a value."""

    def integer(self, node: Expr) -> Go:
        """An integer as Go's int: numbers of a values file are float64, those of `--set` int64. Others as they are."""

    def truth(self, node: Expr) -> Go:
        """The expression where only Go's truth of it matters: a missing zero value may stay missing."""

    def condition(self, node: Expr) -> Go:
        """The expression as the condition of an `if`, in the words that read best."""

    def negated(self, node: Expr) -> Go:
        """The opposite, as a condition."""

    def include(self, helper: str, text: str, argument: Go) -> Go:
        """A call of a named template of the chart, whose text is given; `CHART` stands for the chart's name in it."""


@dataclass(frozen=True, eq=False)
class Function:
    """One function of the language.

    Called with plain values it computes its twin: that is how an author's code also runs without a template.
    """

    name: str
    rule: Callable[..., Type]
    """The type of the result, from the arguments' expressions. Raises TemplateError for what can't be said."""
    python: Callable[..., Any]
    go: Callable[..., Go]
    """The form as a value: takes a Writer and the arguments."""
    samples: tuple[Sample, ...]
    condition: Callable[..., Go] | None = None
    """The form in an `if`, where it reads better than the value's."""
    negation: Callable[..., Go] | None = None
    """The form of the opposite in an `if`."""
    doc: str = ""

    def __call__(self, *args: Any) -> Any:
        if not any(isinstance(arg, Expr) for arg in args):
            return self.python(*args)
        lifted = [lift(arg) for arg in args]
        return Expr(self.name, self.rule(*lifted), *lifted)


FUNCTIONS: dict[str, Function] = {}
"""Every function by the name of its expressions' operation."""


def function(
    name: str,
    rule: Callable[..., Type],
    python: Callable[..., Any],
    go: Callable[..., Go],
    *samples: Sample,
    condition: Callable[..., Go] | None = None,
    negation: Callable[..., Go] | None = None,
    doc: str = "",
) -> Function:
    FUNCTIONS[name] = Function(name, rule, python, go, samples, condition, negation, doc)
    return FUNCTIONS[name]


# ---------------------------------------------------------------- common type rules and forms


def need(name: str, argument: Expr, *kinds: str) -> Type:
    """The type of an argument that must be of one of these kinds, and not null."""
    type_ = argument._type
    if type_.optional:
        raise TemplateError(f"{name}: {argument!r} may be null here; use when({argument!r}, lambda value: ...)")
    if type_.kind not in kinds:
        wanted = " or ".join(a(kind) for kind in kinds)
        hint = "; use to_str() to make text of it" if kinds == ("str",) and type_.scalar else ""
        raise TemplateError(f"{name}: {argument!r} is {a(type_.kind)}, not {wanted}{hint}")
    return type_


def need_plain(name: str, argument: Expr) -> Type:
    """Text of printable ASCII, because Go cuts and lowers bytes."""
    type_ = need(name, argument, "str")
    if not type_.plain:
        raise TemplateError(
            f"{name}: Go works on bytes; give {argument!r} a pattern of plain ASCII, anchored by ^ and $"
        )
    return type_


def need_texts(name: str, argument: Expr) -> Type:
    """The type of the texts in a list of texts."""
    element = need(name, argument, "list").element
    if element is None or element.kind != "str":
        raise TemplateError(
            f"{name}: {argument!r} is no list of text; use collect({argument!r}, lambda item: item.name)"
        )
    return element


def before(name: str) -> Callable[..., Go]:
    """The form `name a b`."""
    return lambda write, *args: call(name, *map(write.value, args))


def after(name: str) -> Callable[..., Go]:
    """The form `a | name b`."""
    return lambda write, first, *rest: pipe(write.value(first), call(name, *map(write.value, rest)))
