"""Defines how a `Type` is read from pydantic's annotations, and `fields`, the values of a model.

Refuses what only Python could check: validators, unions and constraints without a twin in a JSON schema.
"""

import functools
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from podzol.template.docstrings import docstring
from podzol.template.faults import TemplateError
from podzol.template.patterns import texts_of
from podzol.template.types import ANY, BOOL, GREATEST, Form, Type, integer


class ValueField(NamedTuple):
    """One value of a section: its camelCase name, Python name, type and pydantic field."""

    model: type[BaseModel]
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
        return self.info.description or docstring(self.model, self.name)


@functools.cache
def fields(model: type[BaseModel]) -> Mapping[str, ValueField]:
    """The values of a section by camelCase name. Raises TemplateError for what only Python could check."""
    refuse_validators(model)
    out = {}
    for name, info in model.model_fields.items():
        alias = info.alias or name
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", alias):
            raise TemplateError(f"{model.__name__}.{name}: .Values.{alias} is no Go identifier")
        try:
            type_ = type_of(info.annotation, tuple(info.metadata))
        except TemplateError as error:
            raise TemplateError(f"{model.__name__}.{name}: {error}") from None
        if type_.optional and info.is_required():
            raise TemplateError(f"{model.__name__}.{name}: a value that may be null has a default; write = None")
        out[alias] = ValueField(model, alias, name, type_, info)
    return types.MappingProxyType(out)


def refuse_validators(model: type[BaseModel]) -> None:
    """Helm runs no Python. Only a base class without values of its own may have validators: it prepares the input."""
    decorators = model.__pydantic_decorators__
    found = (
        *decorators.field_validators,
        *decorators.model_validators,
        *decorators.field_serializers,
        *decorators.model_serializers,
        *decorators.computed_fields,
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
        return choice(annotation, args, form)
    if origin is list or origin is dict:
        return collection(annotation, args, limits, form)
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
            return string(limits, form)
    raise TemplateError(f"{annotation!r} has no form in values.schema.json")


def string(limits: dict[str, Any], form: Form | None) -> Type:
    taken = texts_of(limits["pattern"]) if "pattern" in limits else None
    lengths = (limits.get("max_length"), None if taken is None else taken.longest)
    return Type(
        "str",
        limits=limits,
        form=form,
        full=limits.get("min_length", 0) > 0 or (taken is not None and not taken.may_be_empty),
        alphabet=None if taken is None else taken.alphabet,
        longest=min((length for length in lengths if length is not None), default=None),
    )


def choice(annotation: Any, words: tuple[Any, ...], form: Form | None) -> Type:
    if not all(isinstance(word, str) for word in words):
        raise TemplateError(f"{annotation}: only choices of text; use int with ge and le, or bool")
    alphabet, longest = frozenset("".join(words)), max(map(len, words))
    return Type("str", words=words, full=all(words), alphabet=alphabet, longest=longest, form=form)


def union(annotation: Any, args: tuple[Any, ...], metadata: tuple[Any, ...]) -> Type:
    arms = [type_of(arg, metadata) for arg in args if arg is not type(None)]
    optional = len(arms) < len(args)
    if len(arms) == 1:
        return replace(arms[0], optional=optional)
    arms.sort(key=lambda arm: arm.kind)
    if [arm.kind for arm in arms] != ["int", "str"]:
        raise TemplateError(
            f"the union {annotation} has no single form in a template; only int | str (IntOrString) has"
        )
    if not arms[1].plain:
        raise TemplateError(f"{annotation}: the str needs an anchored pattern of plain ASCII, like ^[0-9]+%$")
    form = next((arm.form for arm in arms if arm.form), None)
    full = all(arm.full for arm in arms)
    return Type("int-or-str", optional=optional, arms=tuple(arms), form=form, full=full)


def collection(annotation: Any, args: tuple[Any, ...], limits: dict[str, Any], form: Form | None) -> Type:
    if not args:
        raise TemplateError(f"{annotation}: say what it holds, as in list[str] or dict[str, Any]")
    element = type_of(args[-1])
    if element.optional:
        raise TemplateError(f"{annotation}: null elements are refused: in a map, null deletes a default")
    full = limits.get("min_length", 0) > 0
    if len(args) == 1:
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
    parts = [part for item in metadata for part in (item.metadata if isinstance(item, FieldInfo) else [item])]
    for part in parts:
        if isinstance(part, Form):
            form = part
            continue
        names = vars(part) if hasattr(part, "__dict__") else part.__slots__
        found = {name: getattr(part, name) for name in names if name not in HARMLESS}
        found = {name: value for name, value in found.items() if value is not None}
        if not found.keys() <= LIMITS:
            raise TemplateError(f"{part!r} has no twin in a JSON schema; write a rule() in rules")
        limits |= found
    return limits, form


def is_missing(default: Any) -> bool:
    """A field's default is none at all."""
    return default is PydanticUndefined
