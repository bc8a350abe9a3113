"""Defines values.yaml: every default, in the order of the schema, with the description of its field above it.

The comments are in the form that helm-docs and editors read (`# -- text`); they and the defaults come from the model.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.template.yaml_text import is_block, spelled


def values_yaml(name: str, schema: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """The text of values.yaml; reads back as `defaults`. Keys that Helm itself sets (`global`) aren't in `defaults`."""
    lines = [
        "# yaml-language-server: $schema=values.schema.json",
        f"# Default values of {name}. README.md lists them with their types and bounds.",
    ]
    for key, value in defaults.items():
        lines += ["", *_entry(key, value, schema["properties"].get(key, {}), "")]
    return "\n".join(lines) + "\n"


def _entry(key: str, value: Any, schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    if "description" in schema:
        first, *rest = schema["description"].splitlines()
        yield f"{indent}# -- {first}"
        for line in rest:
            yield f"{indent}# {line}".rstrip()
    if isinstance(value, dict) and value:
        yield f"{indent}{spelled(key)}:"
        for inner, content in value.items():
            yield from _entry(inner, content, properties(schema).get(inner, {}), indent + "  ")
    else:
        yield f"{indent}{spelled(key)}:" + _block(value, indent)


def properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of a section, also of one that may be null."""
    return next((arm["properties"] for arm in (schema, *schema.get("anyOf", ())) if "properties" in arm), {})


def _block(value: Any, indent: str) -> str:
    """What follows a key's colon: on the same line, or as a block under it."""
    if isinstance(value, dict) and value:
        return "".join(f"\n{indent}  {spelled(key)}:{_block(inner, indent + '  ')}" for key, inner in value.items())
    if isinstance(value, list) and value:
        return "".join(f"\n{indent}  -{_item(inner, indent + '  ')}" for inner in value)
    if isinstance(value, str) and is_block(value):
        lines = value.removesuffix("\n").split("\n")
        mark = "|" if value.endswith("\n") else "|-"
        return f" {mark}" + "".join(f"\n{indent}  {line}" if line else "\n" for line in lines)
    return f" {spelled(value)}"


def _item(value: Any, indent: str) -> str:
    """What follows the dash of a list item; the first key of a map stands beside the dash."""
    block = _block(value, indent)
    return " " + block.lstrip() if block.startswith("\n") else block
