"""Defines where an axis has its marks, what stands at them, and where a value stands between them."""

import math
from dataclasses import dataclass

DAY = 86400
TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, DAY)
"""Seconds between two marks, of which the first that gives few enough is taken; days by ones, twos, fives, tens."""
UNITS = ((DAY, "d"), (3600, "h"), (60, "min"), (1, "s"))
MOST_MARKS = 6


@dataclass(frozen=True)
class ValueAxis:
    """The axis of values, from its first mark to its last."""

    marks: list[float]
    log: bool = False
    """Each mark is ten times the one before."""

    def part(self, value: float) -> float:
        """How far up a value stands, 0 to 1."""
        first, last = self.marks[0], self.marks[-1]
        if self.log:
            return math.log(max(value, first) / first) / math.log(last / first)
        return value / last


def time_marks(seconds: float) -> list[tuple[float, str]]:
    """Marks of a time axis from 0: seconds, and what stands there, in one unit for all."""
    days = DAY * nice(seconds / MOST_MARKS / DAY)
    step = next((each for each in TIME_STEPS if seconds / each <= MOST_MARKS), days)
    factor, unit = next((seconds, unit) for seconds, unit in UNITS if step >= seconds)
    count = int(seconds // step)
    return [(mark * step, f"{mark * step / factor:g} {unit}" if mark else "0") for mark in range(count + 1)]


def value_marks(highest: float, whole: bool) -> list[float]:
    """Marks of a value axis from 0 up to at least the highest value."""
    step = nice(highest / 4)
    if whole:
        step = max(1.0, round(step))
    count = math.ceil(max(highest, step) / step - 1e-9)
    return [mark * step for mark in range(count + 1)]


def power_marks(lowest: float, highest: float) -> list[float]:
    """Powers of ten from at most the lowest value, which is above 0, up to at least the highest."""
    first = math.floor(math.log10(lowest) + 1e-9)
    last = max(math.ceil(math.log10(highest) - 1e-9), first + 1)
    return [10.0**power for power in range(first, last + 1)]


def nice(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at least `rough`."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
