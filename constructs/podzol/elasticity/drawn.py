"""Defines how a picture is drawn for the page: paths of an SVG that stretches, and labels beside it that don't.

All places are percent of the plot: x from the left, y from the bottom for labels and from the top inside the SVG.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import inf

from podzol.elasticity.axes import ValueAxis, time_marks
from podzol.elasticity.lives import Step, value_at
from podzol.elasticity.pictures import Line, Picture
from podzol.elasticity.words import number

UNSEEN = 0.002
"""Of the time axis: a pixel of a wide screen."""


@dataclass(frozen=True)
class Mark:
    """A place on an axis."""

    percent: float
    text: str


@dataclass(frozen=True)
class DrawnLine:
    """A line or an area, and its entry in the legend."""

    name: str
    colour: str
    kind: str
    """`area`, `line` or `dashed`."""
    path: str
    last: str
    """Its value at the end."""
    points: list[tuple[float, float | None]]
    """For the cursor: seconds and values; None where there is none."""


@dataclass(frozen=True)
class Drawn:
    """A picture, ready for the template."""

    picture: Picture
    lines: list[DrawnLine]
    """In the legend's order."""
    layers: list[DrawnLine]
    """In the order of drawing."""
    times: list[Mark]
    values: list[Mark]
    seconds: float
    """Of the whole time axis."""


def drawn(picture: Picture, seconds: float, axis: ValueAxis) -> Drawn:
    """Draw a picture on axes that it may share with another."""
    seconds = max(seconds, 1.0)
    lines = []
    below: list[Line] = []
    for line in picture.lines:
        if picture.stacked:
            path = area(line, below, picture.seconds, seconds, axis)
            below.append(line)
        else:
            path = curve(line.steps, picture.seconds, seconds, axis, picture.sloped)
        kind = "area" if picture.stacked else "dashed" if line.dashed else "line"
        points = [(round(at, 1), None if picture.log and not value else round(value, 4)) for at, value in line.steps]
        last = points[-1][1]
        lines.append(DrawnLine(line.name, line.colour, kind, path, "–" if last is None else number(last), points))
    return Drawn(
        picture,
        lines,
        [lines[picture.lines.index(line)] for line in picture.layers],
        [Mark(100 * at / seconds, text) for at, text in time_marks(seconds)],
        [Mark(100 * axis.part(value), number(value)) for value in axis.marks],
        seconds,
    )


def curve(steps: list[Step], end: float, seconds: float, axis: ValueAxis, sloped: bool) -> str:
    """A line along steps, or from corner to corner; on an axis of powers it has gaps where there is nothing."""
    parts = []
    down = False
    for at, value in [*steps, (end, steps[-1][1])]:
        gap = axis.log and value <= 0
        x, y = place(at, 0.0 if gap else value, seconds, axis)
        if down:
            parts.append(f"H{x}" if gap else f"L{x} {y}" if sloped else f"H{x}V{y}")
        elif not gap:
            parts.append(f"M{x} {y}")
        down = not gap
    return "".join(parts)


def area(line: Line, below: list[Line], end: float, seconds: float, axis: ValueAxis) -> str:
    """The area between the sum of the lines below and that with this line on top."""
    moments = seen({at for each in [*below, line] for at, _ in each.steps} | {end}, seconds)
    base = [sum(value_at(each.steps, at) for each in below) for at in moments]
    roof = [low + value_at(line.steps, at) for low, at in zip(base, moments, strict=True)]
    upper = curve(list(zip(moments, roof, strict=True)), end, seconds, axis, sloped=False)
    corners = [place(at, low, seconds, axis) for at, low in zip(moments, base, strict=True)]
    back = [f"V{corners[index][1]}H{corners[index][0]}" for index in range(len(corners) - 2, -1, -1)]
    return f"{upper}{''.join(back)}Z"


def seen(moments: set[float], seconds: float) -> list[float]:
    """Moments in order, without those whose value is gone before anybody could see it."""
    ordered = sorted(moments)
    kept = ordered[:1]
    for at, after in pairwise([*ordered[1:], inf]):
        if max(after - at, at - kept[-1]) >= seconds * UNSEEN:
            kept.append(at)
    return kept


def place(at: float, value: float, seconds: float, axis: ValueAxis) -> tuple[str, str]:
    """x and y inside a square of 100, y from the top, two digits."""
    return short(100 * at / seconds), short(100 - 100 * axis.part(value))


def short(number: float) -> str:
    """Two digits behind the point at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
