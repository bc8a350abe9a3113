"""Google's discovery documents as JSON schemas, and which of them a recorded request has to fit.

The documents come with the package google-api-python-client; nothing is fetched.
"""

import functools
import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import jsonschema

DOCUMENTS = {
    "container/": "container.v1.json",
    "compute/v1/": "compute.v1.json",
    "storage/v1/": "storage.v1.json",
    "iam/": "iam.v1.json",
    "serviceusage/": "serviceusage.v1.json",
    "cloudresourcemanager/": "cloudresourcemanager.v1.json",
}
"""Folder of an API on the fake server, and its document."""


def faults(request: dict[str, Any]) -> list[str]:
    """What Google's document says against a request: an unknown method, an unknown or ill-typed value."""
    folder = next(each for each in DOCUMENTS if request["path"].startswith(each))
    path = request["path"].removeprefix(folder)
    for method, pattern, name, wanted in methods(folder):
        if method == request["method"] and pattern.fullmatch(path):
            if wanted is None or request["body"] is None:
                return []
            errors = validator(folder, wanted).iter_errors(request["body"])
            return [f"{name}: {error.json_path}: {error.message}" for error in errors]
    return [f"{request['method']} {request['path']} is no method of {DOCUMENTS[folder]}"]


@functools.cache
def document(folder: str) -> dict[str, Any]:
    where = resources.files("googleapiclient.discovery_cache") / "documents" / DOCUMENTS[folder]
    found: dict[str, Any] = json.loads(where.read_text(encoding="utf-8"))
    return found


@functools.cache
def methods(folder: str) -> tuple[tuple[str, re.Pattern[str], str, str | None], ...]:
    """Method, path, name and schema of the body of everything that an API can do."""
    return tuple(_methods(document(folder)))


def _methods(part: dict[str, Any]) -> Iterator[tuple[str, re.Pattern[str], str, str | None]]:
    for method in part.get("methods", {}).values():
        path = method.get("flatPath", method["path"])
        # Compute spells the whole path from the host on; the fake's folder holds its first two parts.
        pattern = re.compile(re.sub(r"\{\+?\w+\}", "[^/]+", path.removeprefix("compute/v1/")))
        yield method["httpMethod"], pattern, method["id"], method.get("request", {}).get("$ref")
    for resource in part.get("resources", {}).values():
        yield from _methods(resource)


@functools.cache
def validator(folder: str, name: str) -> jsonschema.Draft7Validator:
    definitions = {key: schema(each) for key, each in document(folder)["schemas"].items()}
    return jsonschema.Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions})


def schema(part: dict[str, Any]) -> dict[str, Any]:
    """A schema of a discovery document as JSON schema; keys that Google doesn't name are refused."""
    if "$ref" in part:
        return {"$ref": f"#/definitions/{part['$ref']}"}
    kind = part.get("type")
    if kind == "object":
        open_to = schema(part["additionalProperties"]) if "additionalProperties" in part else False
        known = {key: schema(each) for key, each in part.get("properties", {}).items()}
        return {"type": "object", "properties": known, "additionalProperties": open_to}
    if kind == "array":
        return {"type": "array", "items": schema(part["items"])}
    if kind in (None, "any"):
        return {}
    words = {"enum": part["enum"]} if "enum" in part else {}
    # 64-bit integers travel as text, and may travel as numbers.
    whole = {"pattern": r"^-?[0-9]+$"} if part.get("format") in ("int64", "uint64") else {}
    return {"type": kind, **words, **whole}
