"""Defines `Type`, what the language knows about a value before it is known.

Does not define how a type is read from pydantic's annotations (`annotations.py`), nor JSON schemas (`json_schema.py`).
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel

from podzol.template.patterns import PLAIN

Kind = Literal["str", "int", "float", "bool", "int-or-str", "list", "map", "any", "section"]

SCALARS = ("str", "int", "float", "bool", "int-or-str")
GREATEST = 2**53 - 1
"""Helm holds every number of a values file in a float64: greater integers would lose digits."""


@dataclass(frozen=True)
class Form:
    """A pattern in words, for errors: `Annotated[str, Field(pattern=...), Form("a DNS label", fix="write soil-lab")]`.

    `text` completes "must be ..."; `fix` says what to do and may be empty.
    """

    text: str
    fix: str = ""


@dataclass(frozen=True)
class Type:
    """What is known about a value before it is known.

    From `full` on, the attributes make a template both exact and readable: a value that is never falsy when given can
    stand in `with` and `default`; printable ASCII can be cut, and may pass through `toYaml`; an integer below a million
    prints without a cast.
    """

    kind: Kind
    optional: bool = False
    element: "Type | None" = None
    """Of a list's items or a map's values."""
    key: "Type | None" = None
    """Of a map's keys."""
    model: type[BaseModel] | None = None
    """Of a section."""
    limits: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The author's constraints by pydantic's names: ge, max_length, pattern ..."""
    form: Form | None = None
    words: tuple[str, ...] = ()
    """The choices of a Literal."""
    arms: tuple["Type", ...] = ()
    """Integer and text of an int-or-str."""
    full: bool = False
    """A given value is never falsy: not 0, "", {} or []."""
    alphabet: frozenset[str] | None = field(default=None, hash=False)
    """The characters a text may hold; None when open."""
    longest: int | None = None
    """Characters of a text, at most."""
    low: int = -GREATEST
    high: int = GREATEST

    @property
    def plain(self) -> bool:
        """Text of printable ASCII only."""
        return self.alphabet is not None and self.alphabet <= PLAIN

    @property
    def scalar(self) -> bool:
        return self.kind in SCALARS

    @property
    def free(self) -> bool:
        """A tree of any shape, or a list or map of such."""
        return self.kind == "any" or (self.element is not None and self.element.free)

    @property
    def exact(self) -> bool:
        """`toYaml` prints such values exactly: free trees (`passthrough.py`), numbers, text of printable ASCII."""
        if self.element is not None:
            mergeable = self.key is not None and not self.free and "<" in (self.key.alphabet or "<")
            plain_keys = self.key is None or self.free or self.key.plain
            return plain_keys and not mergeable and self.element.exact
        return self.kind in ("any", "int", "float", "bool", "int-or-str") or (self.kind == "str" and self.plain)

    def given(self) -> "Type":
        """The same without null."""
        return replace(self, optional=False) if self.optional else self


BOOL = Type("bool")
STR = Type("str")
ANY = Type("any")


def integer(low: int, high: int) -> Type:
    return Type("int", low=low, high=high, full=low > 0 or high < 0)


def text(*, like: Iterable[Type] = (), full: bool = False, longest: int | None = None, characters: str = "") -> Type:
    """A text made of the characters of others."""
    alphabets = frozenset(other.alphabet for other in like)
    return Type("str", full=full, alphabet=union(alphabets, characters), longest=longest)


@functools.cache
def union(alphabets: frozenset[frozenset[str] | None], characters: str) -> frozenset[str] | None:
    """The characters of several texts, remembered: most texts are made of the same few alphabets."""
    known = [alphabet for alphabet in alphabets if alphabet is not None]
    return frozenset(characters).union(*known) if len(known) == len(alphabets) else None


def texts(like: Iterable[Type] = ()) -> Type:
    """A list of texts."""
    return Type("list", element=text(like=like))
