"""Objects, rules and models that no chart could hold are refused when they are traced, with what to use instead."""

import datetime
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, Field, computed_field, field_validator, model_validator

from podzol.template import (
    TemplateError,
    Values,
    each,
    rule,
    sha256_of,
    trace,
    when,
)


class P(Values):
    i: int = 3
    flag: bool = True


DOCUMENTS: dict[str, tuple[Any, str]] = {
    "a fixed name": (
        {"it": {"metadata": {"name": "fixed"}}},
        "it: metadata.name is always 'fixed', so two releases would collide; use release.fullname",
    ),
    "no name": ({"it": {"kind": "ConfigMap"}}, "it: metadata.name is missing; use release.fullname"),
    "no object": ({"it": "text"}, "it: an object is a dict, a when() or an each() of dicts"),
    "a list": ([], "manifests return a dict of file name to object, not list"),
}


@pytest.mark.parametrize(("returned", "told"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_refuses_documents(returned: Any, told: str) -> None:
    with pytest.raises(TemplateError) as refused:
        trace(P, lambda v, release: returned)
    assert str(refused.value) == told


RULES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a check of constants": (
        lambda v: rule(True, at=v.i, must="hold"),
        "rule(must='hold'): the check True isn't about a value",
    ),
    "no place": (
        lambda v: rule(v.i > 1, at=v.i + 1, must="hold"),
        "rule(must='hold'): at=+(values.i, 1) must be a value, like v.replicas",
    ),
    "no rule": (lambda v: {"a": 1}, "rules are made by rule(...), alone or in each() and when()"),
    "a pair": (
        lambda v: when(v.flag, v.i > 1),
        "rules are made by rule(...), alone or in each() and when()",
    ),
}


@pytest.mark.parametrize(("function", "told"), RULES.values(), ids=RULES)
def test_refuses_rules(function: Callable[[Any], Any], told: str) -> None:
    with pytest.raises(TemplateError) as refused:
        trace(P, lambda v, release: {}, lambda v: [function(v)])
    assert str(refused.value) == told


def test_refuses_a_value_that_nothing_reads() -> None:
    class Inner(Values):
        used: int = 1
        idle: int = 2

    class Outer(Values):
        inner: Inner = Inner()
        items: list[Inner] = []
        hashed: str = ""

    def manifests(v: Any, release: Any) -> dict[str, Any]:
        items = [each(v.items, lambda item: item.used)]
        data = {"x": v.inner.used, "y": items, "h": sha256_of(v.hashed)}
        return {"it": {"metadata": {"name": release.fullname}, "data": data}}

    with pytest.raises(TemplateError) as refused:
        trace(Outer, manifests)
    assert str(refused.value) == "Outer: nothing reads inner.idle, items[].idle, hashed; use it, or remove it"


def validated() -> Any:
    class Checked(Values):
        x: str = ""

        @field_validator("x")
        @classmethod
        def check(cls, value: str) -> str:
            return value

    return Checked


def validated_whole() -> Any:
    class Checked(Values):
        x: str = ""

        @model_validator(mode="before")
        @classmethod
        def check(cls, value: Any) -> Any:
            return value

    return Checked


def computed() -> Any:
    class Computed(Values):
        x: str = ""

        @computed_field
        def twice(self) -> str:
            return self.x * 2

    return Computed


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (validated, "Checked.check: validators exist only in Python; write a rule() in rules"),
        (validated_whole, "Checked.check: validators exist only in Python; write a rule() in rules"),
        (computed, "Computed.twice: validators exist only in Python; write a rule() in rules"),
    ],
)
def test_refuses_models_that_only_python_can_check(model: Callable[[], Any], told: str) -> None:
    with pytest.raises(TemplateError) as refused:
        trace(model(), lambda v, release: {"it": {"metadata": {"name": v.x}}})
    assert str(refused.value) == told


def test_takes_a_validator_of_a_base_without_values() -> None:
    class Base(Values):
        @model_validator(mode="before")
        @classmethod
        def prepare(cls, value: Any) -> Any:
            return {"x": "prepared"} if value == {} else value

    class Prepared(Base):
        x: str = ""

    assert Prepared().x == "prepared"
    assert trace(Prepared, lambda v, release: {"it": {"metadata": {"name": v.x}}}).manifests


UNALIKE = (
    r"\d \w \s \b, (?...), sets in sets and back references differ between Rust (pydantic) and Go (Helm); spell it out"
)

FIELDS: dict[str, tuple[Any, str]] = {
    "text or list": (
        str | list[str],
        "the union str | list[str] has no single form in a template; only int | str (IntOrString) has",
    ),
    "int or any text": (int | str, "int | str: the str needs an anchored pattern of plain ASCII, like ^[0-9]+%$"),
    r"\d": (Annotated[str, Field(pattern=r"^\d+$")], rf"pattern '^\\d+$': {UNALIKE}"),
    r"\d after an open class": (Annotated[str, Field(pattern=r"^[^a]\d$")], rf"pattern '^[^a]\\d$': {UNALIKE}"),
    r"\b": (Annotated[str, Field(pattern=r"^a\b$")], rf"pattern '^a\\b$': {UNALIKE}"),
    "case-insensitive": (Annotated[str, Field(pattern=r"^(?i:a)$")], f"pattern '^(?i:a)$': {UNALIKE}"),
    "set in a set": (Annotated[str, Field(pattern=r"^[a[b]]$")], f"pattern '^[a[b]]$': {UNALIKE}"),
    "Python's check": (
        Annotated[str, AfterValidator(str.strip)],
        "AfterValidator(func=<method 'strip' of 'str' objects>) has no twin in a JSON schema; write a rule() in rules",
    ),
    "null in a list": (
        list[str | None],
        "list[str | None]: null elements are refused: in a map, null deletes a default",
    ),
    "number choice": (Literal[1, 2], "typing.Literal[1, 2]: only choices of text; use int with ge and le, or bool"),
    "number keys": (dict[int, str], "dict[int, str]: the keys of a map are text"),
    "bytes": (bytes, "<class 'bytes'> has no form in values.schema.json"),
    "tuple": (tuple[int, int], "tuple[int, int] has no form in values.schema.json"),
    "set": (set[str], "set[str] has no form in values.schema.json"),
    "date": (datetime.date, "<class 'datetime.date'> has no form in values.schema.json"),
}


@pytest.mark.parametrize(("annotation", "told"), FIELDS.values(), ids=FIELDS)
def test_refuses_fields(annotation: Any, told: str) -> None:
    model = type("F", (Values,), {"__annotations__": {"x": annotation}, "__module__": __name__})
    with pytest.raises(TemplateError) as refused:
        trace(model, lambda v, release: {"it": {"metadata": {"name": v.x}}})
    assert str(refused.value) == f"F.x: {told}"


def test_refuses_a_null_value_without_default() -> None:
    model = type("F", (Values,), {"__annotations__": {"x": str | None}, "__module__": __name__})
    with pytest.raises(TemplateError) as refused:
        trace(model, lambda v, release: {"it": {"metadata": {"name": v.x}}})
    assert str(refused.value) == "F.x: a value that may be null has a default; write = None"


def test_refuses_an_alias_that_is_no_go_identifier() -> None:
    model = type("F", (Values,), {"__annotations__": {"x": str}, "x": Field("", alias="a-b"), "__module__": __name__})
    with pytest.raises(TemplateError) as refused:
        trace(model, lambda v, release: {"it": {"metadata": {"name": v.x}}})
    assert str(refused.value) == "F.x: .Values.a-b is no Go identifier"
