"""Defines values.schema.json: JSON schema draft 7 of a model, self-contained, as Helm 3 and 4 and editors read it.

Sections are written out where they stand, without shared definitions: one section may be `required` on a path that
values.yaml fills and not in a list item.
"""

from typing import Any

from pydantic import BaseModel

from podzol.template.annotations import fields
from podzol.template.passthrough import KEY_SCHEMA, TREE_SCHEMA
from podzol.template.types import Type

DRAFT = "http://json-schema.org/draft-07/schema#"

NAMES = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "pattern": "pattern",
    "multiple_of": "multipleOf",
}
SIZES = {"str": "Length", "list": "Items", "map": "Properties"}

SET_BY_HELM: dict[str, Any] = {
    "global": {"type": "object", "description": "Set by Helm when this chart is a dependency."},
    "enabled": {"type": "boolean", "description": "For a parent chart's dependency condition; not read here."},
}
"""What a parent chart may put beside a dependency's own values."""


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """The content of values.schema.json."""
    body = section(Type("section", model=model), in_values_yaml=True)
    body["properties"] = SET_BY_HELM | body["properties"]
    return {"$schema": DRAFT, **body, "definitions": {"tree": TREE_SCHEMA}}


def schema_of(type_: Type, in_values_yaml: bool = False) -> dict[str, Any]:
    """The schema of one value.

    Where values.yaml carries the defaults, every value that may not be null is required: Helm has applied the user's
    nulls by then, so a missing one is one that the user deleted.
    """
    nested = type_.kind == "section"
    body = section(type_, in_values_yaml and not type_.optional) if nested else leaf(type_)
    return {"anyOf": [body, {"type": "null"}]} if type_.optional else body


def section(type_: Type, in_values_yaml: bool) -> dict[str, Any]:
    assert type_.model is not None
    properties, required = {}, []
    for alias, field in fields(type_.model).items():
        described = {"description": field.description} if field.description else {}
        properties[alias] = described | schema_of(field.type, in_values_yaml)
        if not field.type.optional and (in_values_yaml or field.required):
            required.append(alias)
    body: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return body | {"required": required} if required else body


def leaf(type_: Type) -> dict[str, Any]:
    match type_.kind:
        case "bool":
            return {"type": "boolean"}
        case "int":
            multiple = {"multipleOf": type_.limits["multiple_of"]} if "multiple_of" in type_.limits else {}
            return {"type": "integer", "minimum": type_.low, "maximum": type_.high} | multiple
        case "float":
            return {"type": "number"} | words(type_)
        case "int-or-str":
            return {"anyOf": [leaf(arm) for arm in type_.arms]}
        case "str":
            return {"enum": list(type_.words)} if type_.words else {"type": "string"} | words(type_)
        case "list":
            assert type_.element is not None
            return {"type": "array", "items": schema_of(type_.element)} | words(type_)
        case "map":
            assert type_.element is not None
            return {"type": "object", "additionalProperties": schema_of(type_.element)} | words(type_) | keys(type_)
        case _:
            return {"$ref": "#/definitions/tree"}


def keys(type_: Type) -> dict[str, Any]:
    assert type_.key is not None
    rules = []
    if type_.key.words or type_.key.limits:
        rules.append({"enum": list(type_.key.words)} if type_.key.words else words(type_.key))
    if type_.free:
        rules.append(KEY_SCHEMA)
    if not rules:
        return {}
    return {"propertyNames": rules[0] if len(rules) == 1 else {"allOf": rules}}


def words(type_: Type) -> dict[str, Any]:
    """The author's limits in the words of JSON schema."""
    return {NAMES.get(name) or name[:3] + SIZES[type_.kind]: value for name, value in type_.limits.items()}
