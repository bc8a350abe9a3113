"""Defines what a person is told when pydantic refuses values: a `Fault` each, in plain words, by camelCase path."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from podzol.template.annotations import fields
from podzol.template.faults import Fault, ValuesError
from podzol.template.types import Form, Type

RULES = {
    "missing": "must be given",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be an integer",
    "int_from_float": "must be an integer",
    "int_parsing_size": "must be an integer",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "list_type": "must be a list",
    "dict_type": "must be a map",
    "model_type": "must be a section",
    "model_attributes_type": "must be a section",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_unicode": "must be valid Unicode text",
}
"""Rules by pydantic's error types. Source: https://docs.pydantic.dev/latest/errors/validation_errors/ (2026-11-23)."""

KEEP_DEFAULT = "leave it out to keep the default"
QUOTE_IT = "put it in quotes"
FEW = 8
"""So many names fit into one line of advice."""


def refusal(model: type[BaseModel], error: ValidationError) -> ValuesError:
    """What pydantic found, as faults of one value each."""
    faults: dict[tuple[str, str], Fault] = {}
    for detail in error.errors(include_url=False):
        for fault in faults_of(Type("section", model=model), detail):
            faults.setdefault((fault.where, fault.rule), fault)
    return ValuesError(faults.values())


def faults_of(root: Type, detail: Any) -> Iterator[Fault]:
    path, type_, is_key = located(root, detail["loc"])
    got, kind, context = detail["input"], detail["type"], detail.get("ctx", {})
    if kind == "podzol":
        for below, rule, problem in context["problems"]:
            yield Fault(written((*path, *below)), rule, problem)
    elif kind == "json_invalid":  # half a surrogate pair, or a tree hundreds of levels deep
        yield Fault("values", f"must be plain data, as YAML has it: {context['error'].partition(' at line ')[0]}")
    elif kind == "extra_forbidden":
        section, parent, _ = located(root, detail["loc"][:-1])
        unknown = str(detail["loc"][-1])
        yield Fault(written((*section, unknown)), "unknown value", fix=meant(unknown, parent))
    elif is_key:
        rule, fix = rule_of(type_, kind, context)
        yield Fault(written(path[:-1]), f"keys {rule}", path[-1], fix)
    elif kind == "missing":
        yield Fault(written(path), "must be given")
    elif got is None:
        yield Fault(written(path), "must not be null", fix="" if isinstance(path[-1], int) else KEEP_DEFAULT)
    else:
        rule, fix = rule_of(type_, kind, context)
        if kind == "string_type" and isinstance(got, bool | int | float):
            fix = QUOTE_IT
        elif not fix and type_ is not None and type_.form:
            fix = type_.form.fix
        yield Fault(written(path), rule, raw_input(got), fix)


def raw_input(got: Any) -> Any:
    return got.model_dump(by_alias=True) if isinstance(got, BaseModel) else got


def located(type_: Type | None, loc: Sequence[str | int]) -> tuple[tuple[str | int, ...], Type | None, bool]:
    """Path, type and whether it is a map's key, without the arms of unions that pydantic writes into its places."""
    is_key = loc[-1:] == ("[key]",)
    steps = loc[:-1] if is_key else loc
    path: list[str | int] = []
    for step in steps:
        if type_ is None or type_.kind == "int-or-str":
            break
        if type_.kind == "section":
            assert type_.model is not None
            known = fields(type_.model).values()
            found = next((field for field in known if step in (field.alias, field.name)), None)
            path.append(found.alias if found else step)
            type_ = found.type if found else None
        else:
            path.append(step)
            type_ = type_.key if is_key and len(path) == len(steps) else type_.element
    return tuple(path), type_, is_key


def written(path: Sequence[str | int]) -> str:
    """A path as users write it: `volumes[0].mountPath`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "values"


def meant(unknown: str, section: Type | None) -> str:
    """The value that a person may have meant."""
    if section is None or section.model is None:
        return ""
    known = list(fields(section.model))
    near = difflib.get_close_matches(unknown, known, n=1)
    if near:
        return f"did you mean {near[0]}"
    return f"known are {', '.join(known)}" if len(known) <= FEW else ""


def rule_of(type_: Type | None, kind: str, context: Any) -> tuple[str, str]:
    """The rule that a value breaks, in words, and what to do."""
    if type_ is not None and type_.kind == "int-or-str":
        return f"must be {described(type_)}", type_.form.fix if type_.form else ""
    if kind == "string_pattern_mismatch":
        form = type_.form if type_ is not None and type_.form else Form(f"of the form {context['pattern']}")
        return f"must be {form.text}", form.fix
    if kind == "literal_error" and type_ is not None:
        return f"must be {described(type_)}", ""
    if kind in ("string_too_short", "too_short"):
        least = context["min_length"]
        return ("must not be empty" if least == 1 else f"must have at least {least} {things(type_)}"), ""
    if kind in ("string_too_long", "too_long"):
        return f"must have at most {context['max_length']} {things(type_)}", ""
    if kind == "value_error":
        return str(context["error"]), ""
    return RULES.get(kind, "must be another value").format(**context), ""


def things(type_: Type | None) -> str:
    return {"str": "characters", "list": "items", "map": "entries"}.get(type_.kind if type_ else "", "characters")


def described(type_: Type) -> str:
    """What a value of this type is, after "must be"."""
    if type_.kind == "int-or-str":
        number, text = type_.arms
        return f"{described(number)} or {described(text)}"
    if type_.words:
        *others, last = type_.words
        return f"{', '.join(others)} or {last}" if others else last
    if type_.form:
        return type_.form.text
    if type_.kind == "int":
        low, high = type_.limits.keys() & {"ge", "gt"}, type_.limits.keys() & {"le", "lt"}
        if low and high:
            return f"an integer from {type_.low} to {type_.high}"
        return (
            f"an integer of at least {type_.low}"
            if low
            else f"an integer of at most {type_.high}"
            if high
            else "an integer"
        )
    return f"text of the form {type_.limits['pattern']}" if "pattern" in type_.limits else "text"
