"""Defines `load`: a user's values file as Helm would merge it. The exact twin of Helm's coalescing, with its nulls.

Source: https://github.com/helm/helm/blob/v4.3.1/pkg/chart/common/util/coalesce.go (2026-11-23).
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from podzol.template.annotations import fields
from podzol.template.faults import Fault, ValuesError
from podzol.template.gojson import numbers
from podzol.template.json_schema import SET_BY_HELM
from podzol.template.refusals import refusal
from podzol.template.values import defaults

Model = TypeVar("Model", bound=BaseModel)

DELETED = object()


def load(model: type[Model], mapping: Mapping[str, Any] | None) -> Model:
    """The values of a user's file: merged with the defaults and validated as `helm install -f` does.

    Raises ValuesError with every fault, by camelCase path.
    """
    if not isinstance(mapping, Mapping | None):
        raise ValuesError([Fault("values", "must be a map of values", mapping)])
    known = fields(model)
    given = {key: item for key, item in (mapping or {}).items() if key in known or key not in SET_BY_HELM}
    merged = nulled(model, coalesce(defaults(model), numbers(given)))
    try:
        return model.model_validate_json(json.dumps(merged), by_alias=True, by_name=False)
    except TypeError as error:
        raise ValuesError([Fault("values", f"must be plain data, as YAML has it: {error}")]) from None
    except ValidationError as error:
        raise refusal(model, error) from None


def coalesce(default: Mapping[str, Any], user: Mapping[str, Any], top: bool = True) -> dict[str, Any]:
    """Maps merge, everything else is replaced, null deletes a default."""
    out = dict(user)
    for key, value in default.items():
        if key not in user:
            if value is not None:
                out[key] = without_nulls(value)
        elif user[key] is None:
            if value is not None or top:
                out[key] = DELETED
        elif isinstance(user[key], dict) and isinstance(value, dict):
            out[key] = coalesce(value, user[key], top=False)
    return {key: value for key, value in out.items() if value is not DELETED}


def without_nulls(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(item) for key, item in value.items() if item is not None}


def nulled(model: type[BaseModel], section: Any) -> Any:
    """A default that the user deleted is null, and refused where null is not allowed; not pydantic's default again."""
    if not isinstance(section, dict):
        return section
    out = dict(section)
    for alias, field in fields(model).items():
        if alias not in out and not field.required:
            out[alias] = None
        if field.type.kind == "section" and not field.type.optional and alias in out:
            assert field.type.model is not None
            out[alias] = nulled(field.type.model, out[alias])
    return out
