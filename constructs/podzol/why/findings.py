"""Defines `Finding`: one reason why something isn't running, in words, with what to do and what was seen."""

from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """How likely a finding is the reason, the likeliest first. Among equals the order of the table of causes counts."""

    WILLED = 0
    """Somebody said so: suspended, scaled to 0, being deleted. Nothing else matters before that is undone."""
    SAID = 1
    """An object says so of itself."""
    FOLLOWS = 2
    """It follows from what is there, or is a consequence of another finding."""
    MAYBE = 3
    """It can be the reason."""
    ASIDE = 4
    """It runs all the same, but not as well as it could."""


@dataclass(frozen=True)
class Finding:
    """One reason."""

    cause: str
    """The file of `causes/` that tells it, such as `images`."""
    rank: Rank
    about: tuple[str, ...]
    """What it is about: `Kind/name`, one or several with the same reason."""
    reason: str
    """What is the matter; lowercase, no final period."""
    todo: str = ""
    """What to do; empty: wait."""
    seen: tuple[str, ...] = ()
    """What of the cluster says so."""

    @property
    def stops(self) -> bool:
        """Whether it keeps something from running as wanted."""
        return self.rank < Rank.ASIDE
