"""Defines the JSON schema of a spec, published beside the generated clusters."""

from typing import Any

from podzol.clusters.spec import ClusterSpec
from podzol.clusters.texts import json_text

FILE = "cluster-spec.schema.json"


def spec_schema() -> dict[str, Any]:
    """The schema, in the draft that pydantic writes (2020-12), with the keys of a file on disk."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ClusterSpec.model_json_schema(by_alias=True),
    }


def schema_text() -> str:
    """The schema as it is published."""
    return json_text(spec_schema())
