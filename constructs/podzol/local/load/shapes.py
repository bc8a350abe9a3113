"""Defines the shapes of a load over time: a table of functions, and `Load`, a shape with a height and a length."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from podzol.faults import Fault, UserError

LOW = 0.2
"""Of the peak: the night of `day`, and what `spike` rises from."""


def step(part: float) -> float:
    """At once the peak, to the end."""
    return 1.0


def ramp(part: float) -> float:
    """From nothing to the peak in a line, over two thirds of the time; then the peak."""
    return min(1.0, part * 1.5)


def day(part: float) -> float:
    """A day: from its night (a fifth of the peak) over its noon and back, however long it takes."""
    return LOW + (1 - LOW) * (1 - math.cos(2 * math.pi * part)) / 2


def spike(part: float) -> float:
    """A fifth of the peak, and from 40 to 60 % of the time the peak."""
    return 1.0 if 0.4 <= part < 0.6 else LOW


SHAPES: dict[str, Callable[[float], float]] = {each.__name__: each for each in (step, ramp, day, spike)}
"""Name -> part of the peak (0 to 1) at a part of the time (0 to 1)."""


@dataclass(frozen=True)
class Load:
    """What is offered over time: nothing before 0 and nothing from `seconds` on."""

    seconds: float
    at_second: Callable[[float], float]
    """Requests a second at a time within."""
    cost_core_seconds: float
    """CPU of a request."""
    in_cores: bool = False
    """Whether it is CPU as such: a request is a core-second then, and how long one takes means nothing."""

    def at(self, second: float) -> float:
        """Requests a second."""
        return self.at_second(second) if 0 <= second < self.seconds else 0.0


def shaped(shape: str, peak: float, seconds: float, cost_core_seconds: float, in_cores: bool = False) -> Load:
    """A load of a shape of the table.

    Args:
        peak: requests a second.

    Raises:
        UserError: there is no such shape.
    """
    if faults := unknown(shape):
        raise UserError(faults)
    return Load(seconds, lambda second: peak * SHAPES[shape](second / seconds), cost_core_seconds, in_cores)


def unknown(shape: str) -> list[Fault]:
    """What is wrong with the name of a shape."""
    rule = f"must be one of {', '.join(SHAPES)}, or give --csv FILE"
    return [] if shape in SHAPES else [Fault("--shape", rule, shape)]


def through(points: list[tuple[float, float]], cost_core_seconds: float, in_cores: bool = False) -> Load:
    """A load along straight lines through points of (second, requests a second), in the order of time."""

    def at(second: float) -> float:
        for (start, low), (end, high) in pairwise(points):
            if start <= second < end:
                return low + (high - low) * (second - start) / (end - start)
        return points[0][1]

    return Load(points[-1][0], at, cost_core_seconds, in_cores)
