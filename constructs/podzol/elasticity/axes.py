"""Defines where an axis has its marks, and what stands at them."""

import math

TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
"""Seconds between two marks, of which the first that gives few enough is taken."""
MOST_MARKS = 6


def time_marks(seconds: float) -> list[tuple[float, str]]:
    """Marks of a time axis from 0: seconds, and what stands there, in one unit for all."""
    step = next((each for each in TIME_STEPS if seconds / each <= MOST_MARKS), TIME_STEPS[-1])
    factor, unit = (1, "s") if step < 60 else (60, "min") if step < 3600 else (3600, "h")
    count = int(seconds // step)
    return [(mark * step, f"{mark * step / factor:g} {unit}" if mark else "0") for mark in range(count + 1)]


def value_marks(highest: float, whole: bool) -> list[float]:
    """Marks of a value axis from 0 up to at least the highest value."""
    step = nice(highest / 4)
    if whole:
        step = max(1.0, round(step))
    count = math.ceil(max(highest, step) / step - 1e-9)
    return [mark * step for mark in range(count + 1)]


def nice(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at least `rough`."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
