"""Defines `Life`: one object from when it was first seen until it was gone, state after state, folded from records.

Pure functions; times are seconds since 1970. Does not define what is made of lives (`timeline`, `narrative`).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from podzol.elasticity.kinds import Fields
from podzol.elasticity.records import Record


@dataclass
class Life:
    """An object's states as they were seen."""

    kind: str
    name: str
    namespace: str
    states: list[tuple[float, Fields]] = field(default_factory=list)
    """When each was first seen, oldest first."""
    ended: float | None = None
    """When it was seen to be gone; None while it is there."""

    @property
    def began(self) -> float:
        """When it was first seen."""
        return self.states[0][0]

    @property
    def last(self) -> Fields:
        """Its last state."""
        return self.states[-1][1]

    def first(self, holds: Callable[[Fields], object]) -> float | None:
        """When something first held of it; None when it never did."""
        return next((at for at, state in self.states if holds(state)), None)

    def at(self, when: float) -> Fields | None:
        """Its state at a time; None when it wasn't there."""
        if self.ended is not None and when >= self.ended:
            return None
        return next((state for at, state in reversed(self.states) if at <= when), None)


Step = tuple[float, float]
"""A time, and the value from then on."""


def lives(records: Iterable[Record], kind: str) -> list[Life]:
    """The lives of all objects of a kind, in the order in which they were first seen."""
    found: dict[str, Life] = {}
    for record in records:
        if record.kind != kind:
            continue
        life = found.setdefault(record.uid, Life(kind, record.name, record.namespace))
        if record.change == "deleted":
            life.ended = record.at
            if not life.states:
                life.states.append((record.at, record.fields))
        else:
            life.states.append((record.at, record.fields))
    return list(found.values())


def counted(
    lives: Iterable[Life], amounts: Callable[[Life, Fields], dict[str, float]], start: float
) -> dict[str, list[Step]]:
    """How much there is of each thing over time, as steps from `start` on.

    Args:
        amounts: what a life in a state adds to which thing.
    """
    changes: list[tuple[float, str, float]] = []
    for life in lives:
        before: dict[str, float] = {}
        ends = [(life.ended, None)] if life.ended is not None else []
        for at, state in [*life.states, *ends]:
            now = amounts(life, state) if state is not None else {}
            for name in before | now:
                if difference := now.get(name, 0) - before.get(name, 0):
                    changes.append((max(at, start), name, difference))
            before = now
    totals: dict[str, list[Step]] = {}
    for at, name, difference in sorted(changes):
        steps = totals.setdefault(name, [(start, 0.0)])
        value = steps[-1][1] + difference
        if steps[-1][0] == at:
            steps[-1] = (at, value)
        else:
            steps.append((at, value))
    return totals


def value_at(steps: Sequence[Step], when: float) -> float:
    """The value at a time; 0 before the first step."""
    index = bisect_right(steps, (when, inf))
    return steps[index - 1][1] if index else 0.0


def fallen(steps: Sequence[Step], to: float) -> float | None:
    """When steps that had been above a value were at it, or below, for good; None when they weren't."""
    above = [index for index, (_, value) in enumerate(steps) if value > to]
    if not above or above[-1] + 1 >= len(steps):
        return None
    return steps[above[-1] + 1][0]


def area(steps: Sequence[Step], start: float, end: float) -> float:
    """The sum of value times seconds between two times."""
    total = 0.0
    for (at, value), (until, _) in pairwise([*steps, (end, 0.0)]):
        total += value * max(0.0, min(until, end) - max(at, start))
    return total
