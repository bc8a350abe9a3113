"""Defines `Values`, the base of every model of values, and what Helm sees of one: `raw`, `defaults`, `to_values`.

Does not define how a user's file is read (`loading.py`) or how a refusal is told (`refusals.py`).
"""

import copy
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from podzol.template.annotations import fields, is_missing
from podzol.template.gojson import number, numbers
from podzol.template.passthrough import Problem, needs_check, problems
from podzol.template.refusals import refusal
from podzol.template.types import Type

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass as ValuesType
else:

    class ValuesType(type(BaseModel)):
        """Makes a refused construction say what a refused values file is told, instead of pydantic's own text."""

        def __call__(cls, *args: Any, **values: Any) -> Any:
            try:
                return super().__call__(*args, **values)
            except ValidationError as error:
                raise refusal(cls, error) from None


class Values(BaseModel, metaclass=ValuesType):
    """A section of values: frozen, strict, unknown keys refused, camelCase in YAML, docstrings as descriptions.

    Raises ValuesError with every fault when it is made of values that the model refuses.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=True,
    )

    @model_validator(mode="after")
    def _can_be_carried(self) -> Self:
        found: list[Problem] = []
        for name, alias, type_ in checked(type(self)):
            found += problems(type_, getattr(self, name), (alias,))
        if found:
            raise PydanticCustomError("podzol", "values can't be carried by Helm", {"problems": found})
        return self


@functools.cache
def checked(model: type[BaseModel]) -> tuple[tuple[str, str, Type], ...]:
    """The values that pydantic alone doesn't check as values.schema.json does."""
    return tuple((field.name, alias, field.type) for alias, field in fields(model).items() if needs_check(field.type))


# ---------------------------------------------------------------- what Helm sees


def raw(values: BaseModel) -> dict[str, Any]:
    """The tree that `.Values` would hold: camelCase keys, Helm's numbers.

    values.yaml fills the sections it reaches, so those come out whole; the items of lists and maps, and sections that
    may be null, hold only what was given.
    """
    return dumper(type(values), True)(values)


def given(value: Any) -> Any:
    """A value with the sections in it as the trees of what they were given."""
    if isinstance(value, BaseModel):
        return dumper(type(value), False)(value)
    if isinstance(value, dict):
        return {key: given(item) for key, item in value.items()}
    if isinstance(value, list):
        return [given(item) for item in value]
    return number(value)


def filled(values: BaseModel) -> BaseModel:
    """The same values, with everything given in the sections that values.yaml fills."""
    held = {}
    for field in fields(type(values)).values():
        value = getattr(values, field.name)
        nested = field.type.kind == "section" and not field.type.optional
        held[field.name] = filled(value) if nested else value
    return type(values).model_construct(_fields_set=set(held), **held)


Dump = Callable[[Any], Any]


@functools.cache
def dumper(model: type[BaseModel], whole: bool) -> Callable[[BaseModel], dict[str, Any]]:
    """Writes a section; `whole`: also the values that weren't given."""
    parts = [(field.name, alias, dump_of(field.type, whole)) for alias, field in fields(model).items()]

    def dump(section: BaseModel) -> dict[str, Any]:
        held = section.__dict__
        out = {}
        for name, alias, write in parts:
            if whole or name in section.__pydantic_fields_set__:
                value = held[name]
                out[alias] = value if write is None or value is None else write(value)
        return out

    return dump


def dump_of(type_: Type, whole: bool) -> Dump | None:
    """How to write a value of this type; None for one that is already as Helm has it."""
    if type_.kind == "section":
        model, inside = type_.model, whole and not type_.optional
        assert model is not None
        return lambda section: dumper(model, inside)(section)
    if type_.free or type_.kind == "float":
        return numbers
    if type_.element is None:
        return None
    write = dump_of(type_.element, False)
    if type_.kind == "list":
        return list if write is None else lambda items: [write(item) for item in items]
    return dict if write is None else lambda items: {key: write(item) for key, item in items.items()}


@functools.cache
def raw_default(model: type[BaseModel], alias: str) -> Any:
    """A value's default as values.yaml spells it; PydanticUndefined when there is none."""
    field = fields(model)[alias]
    default = field.default
    if is_missing(default) or default is None:
        return default
    write = dump_of(field.type, not field.type.optional)
    return default if write is None else write(default)


def defaults(model: type[BaseModel]) -> dict[str, Any]:
    """The content of values.yaml: every default, camelCase; required values are left out."""
    found = {alias: copy.deepcopy(raw_default(model, alias)) for alias in fields(model)}
    return {alias: default for alias, default in found.items() if not is_missing(default)}


def to_values(values: BaseModel) -> dict[str, Any]:
    """A values file that makes Helm see exactly these values: keys of a default map that they lack become null."""
    return lacking(defaults(type(values)), raw(values))


def lacking(default: Any, value: Any) -> Any:
    if not (isinstance(value, dict) and isinstance(default, dict)):
        return value
    out = {key: lacking(default.get(key), item) for key, item in value.items()}
    return out | {key: None for key in default if key not in value}
