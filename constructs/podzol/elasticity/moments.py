"""Defines `Moment`, something worth telling, and how moments that belong together become one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

TOGETHER_SECONDS = 4.0
"""Moments of one key that are no further apart are told in one sentence, in a recording of minutes."""


@dataclass(frozen=True)
class Moment:
    """Something worth telling."""

    at: float
    """Seconds since 1970."""
    one: str
    """A clause."""
    key: str = ""
    """What it may be joined with; empty: it is told for itself."""
    many: Callable[[int], str] = str
    """The clause when it happens to so many at once."""


def joined(moments: Iterable[Moment], together: float = TOGETHER_SECONDS) -> list[tuple[float, str]]:
    """Times and clauses in order. A joined one is told at its first moment, in the words of its last.

    Args:
        together: seconds that those of one key may be apart.
    """
    groups: list[list[Moment]] = []
    open_groups: dict[str, list[Moment]] = {}
    for moment in sorted(moments, key=lambda each: each.at):
        group = open_groups.get(moment.key, []) if moment.key else []
        if group and moment.at - group[-1].at <= together:
            group.append(moment)
            continue
        groups.append([moment])
        if moment.key:
            open_groups[moment.key] = groups[-1]
    return [(group[0].at, group[0].one if len(group) == 1 else group[-1].many(len(group))) for group in groups]
