"""Defines `read_yaml`, YAML as Helm's and kubectl's reader takes it: the goyaml v2 in sigs.k8s.io/yaml, YAML 1.1.

So `yes` and `n` are booleans, 0777 is octal, 1_000 is a thousand, and dates and 1:30 are text; keys become text.
Sources: https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/resolve.go and ../yaml.go (2026-11-23).
"""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from podzol.template.faults import Fault, ValuesError

WORDS: dict[str, Any] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], math.inf),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -math.inf),
}
INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]{0,19}))")
"""With more than 20 digits it is beyond 64 bits, and a float or text."""
BASES = (16, 2, 8, 10)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
MERGE = "<<"
DEEPEST = 100
"""Collections in each other. Manifests have some fifteen; Python's own stack ends at a few hundred."""


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


class Composer(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML up to its nodes: what an unquoted scalar is, `value_of` says."""

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:
        return PLAIN if kind is yaml.ScalarNode and implicit[0] else UNTAGGED


PLAIN, UNTAGGED = "plain", ""
TEXT = "tag:yaml.org,2002:str"
NUMBERS = tuple(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null"))


def value_of(node: Any, around: tuple[Any, ...] = ()) -> Any:
    """The value of a node. `around`: the collections that it stands in, for an anchor that contains itself."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag == PLAIN or node.tag in NUMBERS:
            return resolved(node.value)
        if node.tag in (UNTAGGED, TEXT):
            return node.value
    elif any(node is outer for outer in around):
        raise refused("an anchor contains itself", node)
    elif len(around) == DEEPEST:
        raise refused(f"it nests more than {DEEPEST} deep", node)
    elif node.tag in (UNTAGGED, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"):
        inside = (*around, node)
        if isinstance(node, yaml.SequenceNode):
            return [value_of(item, inside) for item in node.value]
        return mapping(node, inside)
    raise refused(f"the tag {node.tag} has no meaning here", node)


def mapping(node: Any, around: tuple[Any, ...]) -> dict[str, Any]:
    """A map; its own keys win over those that `<<` merges in."""
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, item in node.value:
        if key.tag == PLAIN and key.value == MERGE:
            found = value_of(item, around)
            for part in reversed(found) if isinstance(found, list) else [found]:
                if not isinstance(part, dict):
                    raise refused("<< merges maps only", item)
                merged |= part
        else:
            own[key_text(key)] = value_of(item, around)
    return merged | own


def key_text(node: Any) -> str:
    """Helm turns YAML into JSON, whose keys are text."""
    key = value_of(node) if isinstance(node, yaml.ScalarNode) else None
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int | float):
        return repr(key).removesuffix(".0")
    if isinstance(key, str):
        return key
    raise refused("a key must be text", node)


def refused(problem: str, node: Any) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


def read_yaml(text: str, keys_once: bool = False) -> Any:
    """The content of one YAML document. Raises ValuesError when it isn't YAML.

    Args:
        text: the document.
        keys_once: refuse a key that stands twice in a map. Helm takes the last.
    """
    with told():
        node = yaml.compose(text, Composer)
        value = None if node is None else value_of(node)
        if keys_once:
            refuse_repeated_keys(node)
        return value


def refuse_repeated_keys(node: Any) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, item in node.value:
            if (name := key_text(key)) in seen:
                raise refused(f"the key {name} stands twice", key)
            seen.add(name)
            refuse_repeated_keys(item)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            refuse_repeated_keys(item)


def read_documents(text: str) -> list[Any]:
    """The content of each document of a YAML stream, None of an empty one. Raises ValuesError when it isn't YAML."""
    with told():
        return [value_of(node) for node in yaml.compose_all(text, Composer)]


@contextmanager
def told() -> Iterator[None]:
    """What PyYAML finds, as a fault by its place in the text."""
    try:
        yield
    except yaml.reader.ReaderError as error:
        raise ValuesError([Fault(f"character {error.position + 1}", f"must be YAML: {error.reason}")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the text"
        raise ValuesError([Fault(where, f"must be YAML: {error.problem}")]) from None
