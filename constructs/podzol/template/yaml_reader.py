"""Defines `read_yaml`, YAML as Helm's reader takes it: the goyaml v2 inside sigs.k8s.io/yaml, which is YAML 1.1.

So `yes` and `n` are booleans, 0777 is octal, 1_000 is a thousand, and dates and 1:30 are text; keys become text.
Sources: https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/resolve.go and ../yaml.go (2026-11-23).
"""

import math
import re
from collections.abc import Hashable
from typing import Any

import yaml

from podzol.template.faults import Fault, ValuesError

TAG = "tag:yaml.org,2002:"

WORDS: dict[str, Any] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], math.inf),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -math.inf),
}
INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
BASES = (16, 2, 8, 10)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
MERGE = "<<"


def resolved(text: str) -> Any:
    """What an unquoted scalar is."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    plain = text if text[0] == "." else text.replace("_", "")
    if found := INTEGER.fullmatch(plain):
        sign, *digits = found.groups()
        whole = next(int(part, base) for part, base in zip(digits, BASES, strict=True) if part is not None)
        if whole < 2**63 or (whole < 2**64 and not sign) or (whole == 2**63 and sign == "-"):
            return -whole if sign == "-" else whole
    if FLOAT.fullmatch(plain) and math.isfinite(float(plain)):
        return float(plain)
    return text


class Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML with goyaml's idea of scalars and keys."""

    yaml_constructors: dict[Any, Any] = {}

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:
        if kind is not yaml.ScalarNode:
            return f"{TAG}seq" if kind is yaml.SequenceNode else f"{TAG}map"
        if not implicit[0]:
            return f"{TAG}str"
        return f"{TAG}merge" if value == MERGE else f"{TAG}plain"

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Helm turns YAML into JSON, whose keys are text."""
        self.flatten_mapping(node)
        return {key_text(self, key): self.construct_object(value, deep=True) for key, value in node.value}


def key_text(reader: Reader, node: Any) -> str:
    key = reader.construct_object(node, deep=True)
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return str(key)
    if isinstance(key, float):
        return repr(key).removesuffix(".0")
    if isinstance(key, str):
        return key
    raise yaml.constructor.ConstructorError(None, None, "a key must be text", node.start_mark)


def sequence(reader: Reader, node: Any) -> list[Any]:
    return [reader.construct_object(item, deep=True) for item in node.value]


for name, constructor in {
    "plain": lambda reader, node: resolved(node.value),
    "null": lambda reader, node: None,
    "bool": lambda reader, node: resolved(node.value),
    "int": lambda reader, node: resolved(node.value),
    "float": lambda reader, node: resolved(node.value),
    "str": lambda reader, node: node.value,
    "merge": lambda reader, node: node.value,
    "seq": sequence,
    "map": lambda reader, node: reader.construct_mapping(node),
}.items():
    Reader.add_constructor(TAG + name, constructor)
Reader.add_constructor(None, Reader.construct_undefined)  # type: ignore[arg-type]


def read_yaml(text: str) -> Any:
    """The content of one YAML document. Raises ValuesError when it isn't YAML."""
    try:
        return yaml.load(text, Reader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the text"
        raise ValuesError([Fault(where, f"must be YAML: {getattr(error, 'problem', None) or error}")]) from None
