"""Defines `read_yaml`, YAML as Helm's reader takes it: YAML 1.1 of sigs.k8s.io/yaml (goyaml v2).

Source: https://github.com/kubernetes-sigs/yaml/tree/v1.6.0 (2026-11-23).
"""

import re
from typing import Any

import yaml

from podzol.template.faults import Fault, ValuesError


class Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Numbers, booleans and nulls as goyaml resolves them; no dates, no sexagesimal numbers."""


BOOL = {"y": True, "yes": True, "true": True, "on": True, "n": False, "no": False, "false": False, "off": False}
INTEGER = re.compile(r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*)")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

Reader.yaml_implicit_resolvers = {}
Reader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("<<$"), ["<"])
Reader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Reader.add_implicit_resolver(
    "tag:yaml.org,2002:bool",
    re.compile("(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$"),
    list("yYnNtTfFoO"),
)
Reader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(f"(?:{INTEGER.pattern})$"), list("-+0123456789"))
Reader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"(?:{FLOAT.pattern})$"), list("-+.0123456789"))


def boolean(reader: Reader, node: yaml.ScalarNode) -> bool:
    return BOOL[node.value.lower()]


def integer(reader: Reader, node: yaml.ScalarNode) -> int:
    text = node.value.replace("_", "")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.lstrip("+"))
    bases = {"0b": 2, "0o": 8, "0x": 16}
    base = bases.get(digits[:2].lower(), 8 if digits.startswith("0") and len(digits) > 1 else 10)
    return sign * int(digits[2:] if digits[:2].lower() in bases else digits, base)


def floating(reader: Reader, node: yaml.ScalarNode) -> float:
    return float(node.value.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


Reader.add_constructor("tag:yaml.org,2002:bool", boolean)
Reader.add_constructor("tag:yaml.org,2002:int", integer)
Reader.add_constructor("tag:yaml.org,2002:float", floating)


def read_yaml(text: str) -> Any:
    """The content of one YAML document. Raises ValuesError when it isn't YAML."""
    try:
        return yaml.load(text, Reader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the text"
        raise ValuesError([Fault(where, f"must be YAML: {getattr(error, 'problem', None) or error}")]) from None
