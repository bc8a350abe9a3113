"""Defines `to_yaml`: manifests as the YAML that cdk8s writes, byte for byte, without Node.

Does not define where the text goes (`podzol.synth.files`). cdk8s sorts keys and drops nulls, then npm `yaml` writes the
rest as YAML 1.1 with no line width; both are followed here, oddities included, and a test holds the two together.
Sources, read on 2026-11-23: cdk8s 2.70 lib/api-object.js, lib/metadata.js, lib/_util.js, lib/yaml.js (Apache-2.0);
https://eemeli.org/yaml/ 2.9.1, stringify/ (ISC).
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from podzol.template.gojson import go_float

STEP = "  "
LARGEST_EXACT_INTEGER = 2**53
"""JavaScript's only number is a double: an integer beyond this one is rounded on its way through cdk8s."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
NEEDS_QUOTES = re.compile(
    r"""^[\n\t ,\[\]{}#&*!|>'"%@`]|^[?-]\Z|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]\Z""",
)
OTHER_TYPE = re.compile(
    r"(?:~|[Nn]ull|NULL)?"
    r"|Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF"
    r"|[-+]?(?:0b[01_]+|0[0-7_]+|[0-9][0-9_]*|0x[0-9a-fA-F_]+)"
    r"|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN"
    r"|[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+|[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"(?:(?:t|T|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:[ \t]*(?:Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?"
)
"""What YAML 1.1 reads as something else than text, when it stands without quotes."""
JSON_TOKEN = re.compile(r"\\u[0-9a-f]{4}|\\.|[^\\]", re.DOTALL)
YAML_ESCAPES = {r"\u0000": r"\0", r"\u0007": r"\a", r"\u000b": r"\v", r"\u001b": r"\e"}
DOUBLE_QUOTED_MIN_MULTI_LINE = 40
"""`doubleQuotedMinMultiLineLength` of npm yaml: a shorter text in double quotes keeps its newlines as `\\n`."""


def to_yaml(manifests: Iterable[Mapping[str, Any]]) -> str:
    """The manifests as one YAML stream, in the given order, as cdk8s writes a cdk8s chart's file."""
    return "---\n".join(_document(manifest) for manifest in manifests)


def _document(manifest: Mapping[str, Any]) -> str:
    top = {key: manifest[key] for key in ("apiVersion", "kind", "metadata") if key in manifest}
    if "metadata" in top:
        top["metadata"] = _without_empty(top["metadata"])
    lines: list[str] = []
    _add_map(lines, top, top, "", "")
    _add_map(lines, manifest, [key for key in ORDER[tuple(manifest)] if key not in top], "", "")
    return "\n".join(lines) + "\n"


def _without_empty(value: Any) -> Any:
    """Without null, `{}` and `[]` at any depth: what cdk8s does to metadata, and to nothing else."""
    if isinstance(value, Mapping):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        return [_without_empty(item) for item in value] or None
    return value


def _add_map(lines: list[str], mapping: Mapping[str, Any], keys: Iterable[str], indent: str, lead: str) -> None:
    """Append the map's lines, none for a null; `lead` stands before the first: the indent, or the `- ` of an item."""
    inner = indent + STEP
    for key in keys:
        value = mapping[key]
        if value is None:
            continue
        if type(value) is str and "\n" not in value:
            lines.append(f"{lead}{ONE_LINE[key]}: {ONE_LINE[value]}")
        elif isinstance(value, dict):
            lines.append(f"{lead}{ONE_LINE[key]}:")
            above = len(lines)
            _add_map(lines, value, ORDER[tuple(value)], inner, inner)
            if len(lines) == above:
                lines[-1] += " {}"
        elif isinstance(value, list):
            lines.append(f"{lead}{ONE_LINE[key]}:" if value else f"{lead}{ONE_LINE[key]}: []")
            _add_list(lines, value, inner, inner)
        else:
            lines.append(f"{lead}{ONE_LINE[key]}: {_scalar(value, inner)}")
        lead = indent


def _add_list(lines: list[str], items: list[Any], indent: str, lead: str) -> None:
    inner = indent + STEP
    for item in items:
        head = f"{lead}- "
        lead = indent
        above = len(lines)
        if isinstance(item, dict):
            _add_map(lines, item, ORDER[tuple(item)], inner, head)
            if len(lines) == above:
                lines.append(f"{head}{{}}")
        elif isinstance(item, list) and item:
            _add_list(lines, item, inner, head)
        else:
            lines.append(f"{head}{_scalar(item, inner)}")


def _scalar(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return _many_lines(value, indent) if "\n" in value else ONE_LINE[value]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "[]" if isinstance(value, list) else _number(value)


class _Order(dict[tuple[str, ...], list[str]]):
    """Keys in the order in which JavaScript holds them once sorted, remembered: manifests have few shapes."""

    def __missing__(self, keys: tuple[str, ...]) -> list[str]:
        numbers = [key for key in keys if re.fullmatch("0|[1-9][0-9]{0,9}", key) and int(key) < 2**32 - 1]
        texts = [key for key in keys if key not in numbers]
        ordered = sorted(numbers, key=int) + sorted(texts, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        self[keys] = ordered
        return ordered


class _OneLine(dict[str, str]):
    """How a key, or a text without a newline, is written; remembered: manifests say the same words over and over."""

    def __missing__(self, text: str) -> str:
        if text == "<<":  # npm yaml takes it for YAML's merge key, and writes it bare
            written = text
        elif CONTROL.search(text) or "\n" in text:
            written = _double_quoted(text, "", is_key=True)
        elif NEEDS_QUOTES.search(text) or OTHER_TYPE.fullmatch(text):
            written = _quoted(text, "")
        else:
            written = text
        self[text] = written
        return written


ORDER = _Order()
ONE_LINE = _OneLine()


def _many_lines(text: str, indent: str) -> str:
    """A block (`|`), unless it ends in a line of blanks or holds what only double quotes can carry."""
    if CONTROL.search(text):
        return _double_quoted(text, indent)
    if re.search(r"\n[\t ]+\Z", text):
        return _quoted(text, indent)
    body = text.rstrip("\n\t ")
    end = text[len(body) :]
    if "\n" not in end:
        chomp = "-"
    elif not body or end.index("\n") != len(end) - 1:
        chomp = "+"
    else:
        chomp = ""
    end = re.sub(r"(?<!\n)\n+(?!\n|\Z)", lambda found: found[0] + indent, end.removesuffix("\n"))
    blank = body[: len(body) - len(body.lstrip("\n "))]
    start = blank[: blank.rfind("\n") + 1] if "\n" in blank else blank
    body = re.sub(r"\n+", lambda found: found[0] + indent, body[len(start) :])
    start = re.sub(r"\n+", lambda found: found[0] + indent, start)
    return f"|{'2' if ' ' in blank else ''}{chomp}\n{indent}{start}{body}{end}"


def _quoted(text: str, indent: str) -> str:
    if '"' not in text or "'" in text or re.search(r"[ \t]\n|\n[ \t]", text):
        return _double_quoted(text, indent)
    return "'" + re.sub(r"\n+", lambda found: f"{found[0]}\n{indent}", text) + "'"


def _double_quoted(text: str, indent: str, is_key: bool = False) -> str:
    """JSON's escapes, but for the shorter ones that YAML has, and for newlines, which a long text shows as such."""
    quoted = json.dumps(text, ensure_ascii=False)
    tokens = JSON_TOKEN.findall(quoted)
    folded = not is_key and _utf16_length(quoted) >= DOUBLE_QUOTED_MIN_MULTI_LINE
    written = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token == " " and tokens[at + 1] == "\\n":
            token = "\\ "
        elif token == "\\n" and folded and tokens[at + 1] != '"':
            token = "\n\n"
            while tokens[at + 1] == "\\n" and tokens[at + 2] != '"':
                token += "\n"
                at += 1
            token += indent + ("\\" if tokens[at + 1] == " " else "")
        elif token.startswith("\\u00"):
            token = YAML_ESCAPES.get(token, "\\x" + token[4:])
        written.append(token)
        at += 1
    return "".join(written)


def _utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _number(value: int | float) -> str:
    """As JavaScript prints its numbers, and Go's JSON too: `1` for 1.0, an exponent from 1e21 up and below 1e-6."""
    if isinstance(value, int) and abs(value) <= LARGEST_EXACT_INTEGER:
        return str(value)
    return go_float(float(value))
