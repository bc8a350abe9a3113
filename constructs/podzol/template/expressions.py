"""Defines `Expr`, a value that is known only at `helm install`, and refuses what Python can't say about it.

Every attribute of Expr begins with an underscore: pydantic forbids such fields, so a model's own names (name, key,
type, default ...) can't collide with them.
"""

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from podzol.template.annotations import ValueField, fields
from podzol.template.faults import TemplateError, shown
from podzol.template.types import BOOL, Type, integer, text, texts

OPERATORS: dict[str, Callable[..., Any]] = {}
"""Filled by `functions/`: the name of a Python operator to the function that it calls."""


def refuse(what: str, instead: str) -> Callable[..., NoReturn]:
    def method(self: "Expr", *_: object) -> NoReturn:
        raise TemplateError(f"{what} on {self!r}: its value is only known at `helm install`; {instead}")

    return method


def operator(name: str, swapped: bool = False) -> Callable[..., "Expr"]:
    def method(self: "Expr", other: Any) -> "Expr":
        return OPERATORS[name](other, self) if swapped else OPERATORS[name](self, other)

    return method


class Expr:
    """An operation, its type, and its arguments: expressions, or what the operation needs."""

    __slots__ = ("_args", "_key", "_op", "_type")

    def __init__(self, op: str, type_: Type, *args: Any) -> None:
        self._op, self._type, self._args = op, type_, args
        self._key: tuple[Any, ...] = (op, *(part._key if isinstance(part, Expr) else identity(part) for part in args))

    __bool__ = refuse("a Python `if`, `and`, `or` or `not`", "use when(), pick(), all_of(), any_of() or not_()")
    __contains__ = refuse("Python's `in`", "use contains(value, part)")
    __iter__ = refuse("a Python loop", "use each(value, lambda item: ...)")
    __len__ = refuse("len()", "use count(value)")
    __int__ = __index__ = __float__ = refuse("int() or float()", "compute on the value itself")
    __str__ = __format__ = refuse("str() or an f-string", 'use a + "-" + to_str(b)')
    __getitem__ = refuse("indexing", "use trunc(text, length), each() or a field's name")
    __truediv__ = __rtruediv__ = refuse("`/`", "it gives a float: use `//`")
    __mod__ = __rmod__ = refuse("`%`", "use a + b for text; there is no remainder")
    __pow__ = __neg__ = __abs__ = refuse("this operator", "use + - * // and comparisons")
    __hash__ = object.__hash__

    __add__, __radd__ = operator("+"), operator("+", swapped=True)
    __sub__, __rsub__ = operator("-"), operator("-", swapped=True)
    __mul__, __rmul__ = operator("*"), operator("*", swapped=True)
    __floordiv__, __rfloordiv__ = operator("//"), operator("//", swapped=True)
    __eq__, __ne__ = operator("=="), operator("!=")  # type: ignore[assignment]
    __lt__, __le__, __gt__, __ge__ = operator("<"), operator("<="), operator(">"), operator(">=")

    def __repr__(self) -> str:
        return spelled(self)

    def __getattr__(self, name: str) -> "Expr":
        if name.startswith("_"):
            raise AttributeError(name)
        if self._type.kind != "section":
            instead = "use lower(), trunc(), replace() ... on it" if self._type.kind == "str" else "it has no fields"
            raise TemplateError(f"{self!r}.{name}: {self!r} is {a(self._type.kind)}; {instead}")
        if self._type.optional:
            short = "section" if self._op == "root" else self._args[1].name if self._op == "path" else "section"
            raise TemplateError(
                f"{self!r}.{name}: {self!r} may be null; use when({self!r}, lambda {short}: ... {short}.{name} ...)"
            )
        assert self._type.model is not None
        for field in fields(self._type.model).values():
            if field.name == name:
                return Expr("path", field.type, self, field)
        known = ", ".join(field.name for field in fields(self._type.model).values())
        raise TemplateError(f"{self!r} has no value {name}; it has {known}")


def identity(part: Any) -> Any:
    if isinstance(part, ValueField):
        return part.alias
    return (type(part).__name__, part) if isinstance(part, str | int | float | bool) else id(part)


def a(kind: str) -> str:
    """The kind of a value in words, with its article."""
    words = {"str": "text", "int": "an integer", "bool": "a boolean", "float": "a number", "any": "a free-form tree"}
    return words.get(kind) or ("an " if kind[0] in "aeiou" else "a ") + kind


def spelled(expression: Expr) -> str:
    """The expression as its author wrote it, near enough to find it."""
    op, args = expression._op, expression._args
    if op == "path":
        return f"{spelled(args[0])}.{args[1].name}"
    if op in ("root", "var", "context"):
        return str(args[0])
    if op in ("narrow", "index"):
        return spelled(args[0])
    if op == "const":
        return repr(args[0])
    if op == "named":
        return f"release.{args[0]}" if args[0] == "fullname" else f"named({args[0]!r})"
    if op in ("omit", "without"):
        return spelled(args[0])
    inside = ", ".join(spelled(part) if isinstance(part, Expr) else shown(part) for part in args)
    return f"{op}({inside})"


def lift(value: Any) -> Expr:
    """A plain value as a constant expression."""
    if isinstance(value, Expr):
        return value
    if isinstance(value, bool):
        return Expr("const", BOOL, value)
    if isinstance(value, int):
        return Expr("const", integer(value, value), value)
    if isinstance(value, str):
        return Expr("const", text(full=bool(value), longest=len(value), characters=value), value)
    if isinstance(value, list) and all(isinstance(item, str | Expr) for item in value):
        items = [lift(item) for item in value]
        return Expr("listed", texts(like=[item._type for item in items]), *items)
    raise TemplateError(
        f"{value!r} can't stand in a chart expression; constants are text, lists of text, integers and booleans"
    )


def is_constant(expression: Expr) -> bool:
    return expression._op == "const"


def in_values_yaml(expression: Expr) -> bool:
    """values.yaml carries this path's default, so a template may rely on it: not so in list items and null sections."""
    return in_values_yaml(expression._args[0]) if expression._op == "path" else expression._op == "root"


def walk(expression: Expr) -> Iterator[Expr]:
    """The expression and all inside it."""
    yield expression
    for part in expression._args:
        if isinstance(part, Expr):
            yield from walk(part)
