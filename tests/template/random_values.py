"""Random values of a model, full of what breaks YAML, Go templates and JSON."""

import functools
import re
from random import Random
from re import _constants as code
from re import _parser as parser
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from podzol.template.annotations import ValueField, fields
from podzol.template.passthrough import fits_key, fits_text
from podzol.template.types import Type

NASTY = [
    *[
        "yes",
        "no",
        "on",
        "off",
        "null",
        "~",
        "true",
        "1",
        "0",
        "01",
        "0x1f",
        "1e3",
        "1:30",
        "=",
        "<<",
        ".5",
        "1_000",
        "y",
        "n",
        "Infinity",
        ".inf",
        ".nan",
        "2001-01-01",
        "---",
        "...",
    ],
    *["- a", "a: b", "#x", "{{ .Values.x }}", "{{", "}}", "%s", '"', "'", "\\", " lead", "trail ", "&a", "*a", "!t"],
    *["|", ">", "<b>&", "$x", "`", "? a", "[", "{", "@a", "\t", "", "\n", "a\nb", "a\n---\nb\n", "\n\n x\n", "a\n\n"],
    *["a\r\nb", "é", "\u2028", "\x85", "\ufeff", "😀", "\x7f", "\x01", "\x1b[0m", "\x00", "０", "\U0010ffff", "\ufffe"],
    *["x" * 300, "word " * 40],
]
CHARACTERS = st.characters(exclude_categories=("Cs",))
"""All but lone surrogates: JSON and YAML parsers refuse those."""
TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(CHARACTERS, max_size=12),
    st.text("0123456789_.:+-eExXobn~ \n", max_size=6),
)
KEYS = st.one_of(
    st.sampled_from([text for text in NASTY if len(text) < 100]), st.text("abcXYZ-_./", min_size=1, max_size=8)
)
NUMBERS = st.one_of(
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, 1, 1000000, 5e6, 1e21, 1e-7, 1.0]),
)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT.filter(fits_text)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS.filter(fits_key), inner, max_size=3)),
    max_leaves=6,
)
POOL = 40
"""Texts of one pattern."""
SMALL = 3
"""Items of a list or map, at most."""


def values_of(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Values files of a model; each value that has a default may be left out."""
    required = {alias: of_field(field) for alias, field in fields(model).items() if field.required}
    optional = {alias: of_field(field) for alias, field in fields(model).items() if not field.required}
    return st.fixed_dictionaries(required, optional=optional)


def of_field(field: ValueField) -> st.SearchStrategy[Any]:
    return of_type(field.type)


def of_type(type_: Type) -> st.SearchStrategy[Any]:
    strategy = of_given(type_)
    return st.one_of(st.none(), strategy) if type_.optional else strategy


def of_given(type_: Type) -> st.SearchStrategy[Any]:
    match type_.kind:
        case "section":
            return values_of(type_.model)
        case "bool":
            return st.booleans()
        case "int":
            return integers(type_)
        case "float":
            limits = type_.limits
            low, high = limits.get("ge", limits.get("gt", -1e9)), limits.get("le", limits.get("lt", 1e9))
            return st.floats(low, high).map(lambda value: round(value, 3)).filter(lambda value: low <= value <= high)
        case "int-or-str":
            return st.one_of(*map(of_given, type_.arms))
        case "str":
            return texts(type_)
        case "list":
            least, most = sizes(type_)
            return st.lists(of_type(type_.element), min_size=least, max_size=most)
        case "map":
            least, most = sizes(type_)
            keys = texts(type_.key, KEYS)
            keys = keys.filter(fits_key) if type_.free else keys
            return st.dictionaries(keys, of_type(type_.element), min_size=least, max_size=most)
    return TREES


def sizes(type_: Type) -> tuple[int, int]:
    least = type_.limits.get("min_length", 0)
    return least, min(max(SMALL, least), type_.limits.get("max_length", SMALL))


def integers(type_: Type) -> st.SearchStrategy[int]:
    step = type_.limits.get("multiple_of", 1)
    known = (0, 1, 7, 13, 999999, 1000000, -1000000, type_.low, type_.high)
    near = [value for value in known if type_.low <= value <= type_.high and value % step == 0]
    wide = st.integers(-(-type_.low // step), type_.high // step).map(lambda value: value * step)
    return st.one_of(wide, st.sampled_from(near)) if near else wide


def texts(type_: Type, free: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[str]:
    if type_.words:
        return st.sampled_from(type_.words)
    least, most = type_.limits.get("min_length", 0), type_.limits.get("max_length", 1000)
    if "pattern" in type_.limits:
        return st.sampled_from(matching(type_.limits["pattern"], least, most))
    return free.filter(lambda text: least <= len(text) <= most)


@functools.cache
def matching(pattern: str, least: int, most: int) -> list[str]:
    """Some texts of a pattern. Drawing each anew by `st.from_regex` would take most of the time of a run."""
    random, parsed = Random(pattern), list(parser.parse(pattern))
    found: set[str] = set()
    for _ in range(100 * POOL):
        text = text_of(parsed, random)
        if least <= len(text) <= most and re.search(pattern, text):
            found.add(text)
        if len(found) == POOL:
            break
    assert found, f"found no text of {pattern}"
    return sorted(found)


def text_of(items: list[Any], random: Random) -> str:
    """A text that the parsed pattern takes; anchors are left to the caller's check."""
    out = ""
    for op, argument in items:
        if op is code.LITERAL:
            out += chr(argument)
        elif op is code.IN:
            kind, chosen = random.choice(argument)
            out += chr(random.randint(*chosen)) if kind is code.RANGE else chr(chosen)
        elif op is code.MAX_REPEAT:
            low, high, inside = argument
            often = random.choice((low, low + 1, low + random.randrange(8), low + random.randrange(80)))
            out += "".join(text_of(list(inside), random) for _ in range(min(often, high)))
        elif op is code.SUBPATTERN:
            out += text_of(list(argument[3]), random)
        elif op is code.BRANCH:
            out += text_of(list(random.choice(argument[1])), random)
    return out


RELEASES = st.from_regex("[a-z]([a-z0-9-]{0,51}[a-z0-9])?", fullmatch=True).filter(lambda name: len(name) <= 53)


def sample(strategy: st.SearchStrategy[Any], count: int, number: int) -> list[Any]:
    """So many draws by seed. One value an example: a list of 50 big ones overruns Hypothesis' buffer."""
    out: list[Any] = []
    while len(out) < count:

        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @seed(number)
        @given(strategy)
        def take(value: Any) -> None:
            out.append(value)

        take()
        number += 1_000_003
    return out[:count]
