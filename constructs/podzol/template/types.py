"""Defines `Type`, what the language knows about a value, and reads it from pydantic's annotations.

Does not define JSON schemas (`schema.py`) or what a refused value is told (`refusals.py`).
"""

import functools
import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from podzol.template.faults import TemplateError
from podzol.template.patterns import PLAIN, alphabet_of, takes_empty

Kind = Literal["str", "int", "float", "bool", "int-or-str", "list", "map", "any", "section"]

SCALARS = ("str", "int", "float", "bool", "int-or-str")
GREATEST = 2**53 - 1
"""Helm holds every number of a values file in a float64: greater integers would lose digits."""


@dataclass(frozen=True)
class Form:
    """A pattern in words, for errors: `Annotated[str, Field(pattern=...), Form("a DNS label: ...", fix="...")]`.

    `text` completes "must be ..."; `fix` says what to do and may be empty.
    """

    text: str
    fix: str = ""


@dataclass(frozen=True)
class Type:
    """What is known about a value before it is known.

    The last group of attributes makes the template both exact and readable: a value that is never falsy when given
    can stand in `with` and `default`; a text of printable ASCII can be cut, and may pass through `toYaml`; an integer
    below a million prints without a cast.
    """

    kind: Kind
    optional: bool = False
    element: "Type | None" = None
    """Of a list's items or a map's values."""
    key: "Type | None" = None
    """Of a map's keys."""
    model: type[BaseModel] | None = None
    """Of a section."""
    limits: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The author's constraints by pydantic's names: ge, max_length, pattern ..."""
    form: Form | None = None
    words: tuple[str, ...] = ()
    """The choices of a Literal."""
    arms: tuple["Type", ...] = ()
    """Integer and text of an int-or-str."""
    full: bool = False
    """A given value is never falsy: not 0, "", {} or []."""
    alphabet: frozenset[str] | None = field(default=None, hash=False)
    """The characters a text may hold; None when open."""
    longest: int | None = None
    """Characters of a text, at most."""
    low: int = -GREATEST
    high: int = GREATEST

    @property
    def plain(self) -> bool:
        """Text of printable ASCII only."""
        return self.alphabet is not None and self.alphabet <= PLAIN

    @property
    def scalar(self) -> bool:
        return self.kind in SCALARS

    @property
    def free(self) -> bool:
        """A tree of any shape, or a list or map of such."""
        return self.kind == "any" or (self.element is not None and self.element.free)

    def given(self) -> "Type":
        """The same without null."""
        return replace(self, optional=False) if self.optional else self


BOOL = Type("bool")
INT = Type("int")
STR = Type("str")
ANY = Type("any")


def integer(low: int, high: int) -> Type:
    return Type("int", low=low, high=high, full=low > 0 or high < 0)


def text(*, like: Iterable[Type] = (), full: bool = False, longest: int | None = None, characters: str = "") -> Type:
    """A text made of the characters of others."""
    alphabet: frozenset[str] | None = frozenset(characters)
    for other in like:
        alphabet = None if alphabet is None or other.alphabet is None else alphabet | other.alphabet
    return Type("str", full=full, alphabet=alphabet, longest=longest)


class ValueField(NamedTuple):
    """One value of a section: its camelCase name, Python name, type and pydantic field."""

    alias: str
    name: str
    type: Type
    info: FieldInfo

    @property
    def required(self) -> bool:
        return self.info.is_required()

    @property
    def default(self) -> Any:
        """The default as Python has it; PydanticUndefined when the value is required."""
        return self.info.get_default(call_default_factory=True, validated_data={})

    @property
    def description(self) -> str:
        return self.info.description or ""


@functools.cache
def fields(model: type[BaseModel]) -> Mapping[str, ValueField]:
    """The values of a section by camelCase name. Raises TemplateError for what only Python could check."""
    refuse_code(model)
    out = {}
    for name, info in model.model_fields.items():
        alias = info.alias or name
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", alias):
            raise TemplateError(f"{model.__name__}.{name}: .Values.{alias} is no Go identifier")
        try:
            out[alias] = ValueField(alias, name, type_of(info.annotation, tuple(info.metadata)), info)
        except TemplateError as error:
            raise TemplateError(f"{model.__name__}.{name}: {error}") from None
    return types.MappingProxyType(out)


def refuse_code(model: type[BaseModel]) -> None:
    """Helm runs no Python. Only a base class without values of its own may have validators: it prepares the input."""
    decorators = model.__pydantic_decorators__
    found = (
        decorators.field_validators
        | decorators.model_validators
        | decorators.field_serializers
        | decorators.model_serializers
        | decorators.computed_fields
    )
    for name in found:
        owner = next((cls for cls in model.__mro__ if name in vars(cls)), model)
        if getattr(owner, "model_fields", None):
            raise TemplateError(f"{owner.__name__}.{name}: validators exist only in Python; write a rule() in rules")


def type_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Type:
    """A pydantic annotation's type. Raises TemplateError when it has no single form in a template."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is typing.Annotated:
        return type_of(args[0], args[1:] + metadata)
    if origin in (Union, types.UnionType):
        return union(annotation, args, metadata)
    limits, form = constraints(metadata)
    if origin is Literal:
        if not all(isinstance(word, str) for word in args):
            raise TemplateError(f"{annotation}: only choices of text; integers and booleans print as such in YAML")
        alphabet = frozenset("".join(args))
        longest = max(map(len, args))
        return Type("str", words=args, full=all(args), alphabet=alphabet, longest=longest, form=form)
    if origin is list or origin is dict:
        return collection(annotation, origin, args, limits, form)
    if annotation is Any:
        return ANY
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            required = any(info.is_required() for info in annotation.model_fields.values())
            return Type("section", model=annotation, full=required)
        if issubclass(annotation, bool):
            return BOOL
        if issubclass(annotation, int):
            low = max(limits.get("ge", -GREATEST), limits.get("gt", -GREATEST - 1) + 1)
            high = min(limits.get("le", GREATEST), limits.get("lt", GREATEST + 1) - 1)
            return replace(integer(low, high), limits=limits, form=form)
        if issubclass(annotation, float):
            return Type("float", limits=limits, form=form)
        if annotation is str:
            pattern = limits.get("pattern")
            full = limits.get("min_length", 0) > 0 or (pattern is not None and not takes_empty(pattern))
            alphabet_or_open = alphabet_of(pattern) if pattern is not None else None
            return Type(
                "str",
                limits=limits,
                form=form,
                full=full,
                alphabet=alphabet_or_open,
                longest=limits.get("max_length"),
            )
    raise TemplateError(f"{annotation!r} has no form in values.schema.json")


def union(annotation: Any, args: tuple[Any, ...], metadata: tuple[Any, ...]) -> Type:
    arms = [type_of(arg, metadata) for arg in args if arg is not type(None)]
    optional = len(arms) < len(args)
    if len(arms) == 1:
        return replace(arms[0], optional=optional)
    arms.sort(key=lambda arm: arm.kind)
    if [arm.kind for arm in arms] != ["int", "str"]:
        raise TemplateError(
            f"the union {annotation} has no single form in a template; only int | str has (IntOrString)"
        )
    if not arms[1].plain:
        raise TemplateError(f"{annotation}: the str needs an anchored ASCII pattern, like ^[0-9]+%$")
    form = next((arm.form for arm in arms if arm.form), None)
    return Type("int-or-str", optional=optional, arms=tuple(arms), form=form)


def collection(annotation: Any, origin: type, args: tuple[Any, ...], limits: dict[str, Any], form: Form | None) -> Type:
    element = type_of(args[-1])
    if element.optional:
        raise TemplateError(
            f"{annotation}: null elements are refused: in a map, Helm takes null for `delete the default`"
        )
    full = limits.get("min_length", 0) > 0
    if origin is list:
        return Type("list", element=element, limits=limits, full=full, form=form)
    key = type_of(args[0])
    if key.kind != "str" or key.optional:
        raise TemplateError(f"{annotation}: the keys of a map are text")
    return Type("map", element=element, key=key, limits=limits, full=full, form=form)


LIMITS = {"ge", "le", "gt", "lt", "pattern", "multiple_of", "min_length", "max_length"}
HARMLESS = {"strict", "description", "title", "examples"}


def constraints(metadata: tuple[Any, ...]) -> tuple[dict[str, Any], Form | None]:
    """The limits in an annotation's metadata by pydantic's names, and the pattern in words."""
    limits: dict[str, Any] = {}
    form = None
    for item in metadata:
        if isinstance(item, Form):
            form = item
            continue
        for part in item.metadata if isinstance(item, FieldInfo) else [item]:
            if isinstance(part, Form):
                form = part
                continue
            slots = getattr(part, "__slots__", ())
            attributes = vars(part) if hasattr(part, "__dict__") else {name: getattr(part, name) for name in slots}
            found = {key: value for key, value in attributes.items() if value is not None and key not in HARMLESS}
            if not found.keys() <= LIMITS:
                raise TemplateError(f"{part!r} has no twin in a JSON schema; write a rule() in rules")
            limits |= found
    return limits, form


def is_missing(default: Any) -> bool:
    return default is PydanticUndefined
