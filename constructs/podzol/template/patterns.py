"""Defines what a regular expression says about the texts it takes, and which ones three engines read alike.

A pattern on a value is read by pydantic (Rust), by Helm (Go's RE2, through values.schema.json) and by this module
(Python's own parser). Sources: https://github.com/google/re2/wiki/Syntax, https://docs.rs/regex (2026-11-23).
"""

import functools
import re
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from podzol.template.faults import TemplateError

PLAIN = frozenset(map(chr, range(0x20, 0x7F)))
"""The printable ASCII characters: one byte each in Go, and YAML carries them unchanged."""

ODD_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*?(?:\[|&&|--|~~)(?:\\.|[^\]\\])*\]")
"""A set inside a set, or an operator in it: Rust gives them a meaning, Go none."""

OPEN = 2**16
"""A pattern with `*` or `+` is as wide as the parser can say, which differs between Pythons; no value is this long."""


class Texts(NamedTuple):
    """What is known of the texts that a pattern takes."""

    alphabet: frozenset[str] | None
    """The characters that they may hold; None when that is open, or beyond printable ASCII."""
    may_be_empty: bool
    longest: int | None
    """Characters, at most; None when that is open."""


@functools.cache
def texts_of(pattern: str) -> Texts:
    """What a pattern takes. Raises TemplateError for one that Rust and Go read differently."""
    try:
        parsed = parser.parse(pattern)
    except re.error as error:
        raise TemplateError(f"pattern {pattern!r} is no regular expression: {error}") from None
    if parsed.state.flags & ~re.UNICODE or ODD_CLASS.search(pattern):
        raise TemplateError(f"pattern {pattern!r}: {UNALIKE}")
    found = characters(pattern, list(parsed))
    anchored = is_anchored(list(parsed))
    shortest, longest = parsed.getwidth()
    return Texts(
        alphabet=found if anchored and found is not None and found <= PLAIN else None,
        may_be_empty=shortest == 0,
        longest=longest if anchored and longest < OPEN else None,
    )


UNALIKE = (
    r"\d \w \s \b, (?...), sets in sets and back references differ between Rust (pydantic) and Go (Helm); spell it out"
)


def characters(pattern: str, items: list[Any]) -> frozenset[str] | None:
    """Every character the parsed items can match; None when that is open (`.`, `[^...]`)."""
    out: set[str] = set()
    is_open = False
    for op, argument in items:
        nested: list[Any] = []
        if op is code.LITERAL:
            out.add(chr(argument))
        elif op is code.RANGE:
            out.update(map(chr, range(argument[0], min(argument[1], 0x7F) + 1)))
            is_open |= argument[1] > 0x7F
        elif op is code.IN:
            nested = [argument]
        elif op in (code.MAX_REPEAT, code.MIN_REPEAT):
            nested = [argument[2]]
        elif op is code.SUBPATTERN and not argument[1] and not argument[2]:  # no flags
            nested = [argument[3]]
        elif op is code.BRANCH:
            nested = argument[1]
        elif op in (code.ANY, code.NOT_LITERAL, code.NEGATE):
            is_open = True
        elif op is not code.AT or argument not in (code.AT_BEGINNING, code.AT_END):
            raise TemplateError(f"pattern {pattern!r}: {UNALIKE}")
        for inner in nested:
            inside = characters(pattern, list(inner))
            is_open |= inside is None
            out |= inside or set()
    return None if is_open else frozenset(out)


def is_anchored(items: list[Any]) -> bool:
    """Every text of this pattern matches it from its first to its last character."""
    if len(items) == 1 and items[0][0] is code.BRANCH:
        return all(is_anchored(list(branch)) for branch in items[0][1][1])
    if len(items) == 1 and items[0][0] is code.SUBPATTERN:
        return is_anchored(list(items[0][1][3]))
    ends = (code.AT, code.AT_BEGINNING), (code.AT, code.AT_END)
    return len(items) > 1 and (items[0], items[-1]) == ends
