"""Defines how a picture is drawn for the page: paths of an SVG that stretches, and labels beside it that don't.

All places are percent of the plot: x from the left, y from the bottom for labels and from the top inside the SVG.
"""

from dataclasses import dataclass
from itertools import pairwise

from podzol.elasticity.axes import time_marks, value_marks
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
    points: list[Step]
    """For the cursor: seconds and values."""


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


def drawn(picture: Picture, seconds: float | None = None, highest: float | None = None) -> Drawn:
    """Draw a picture.

    Args:
        seconds, highest: ends of the axes, where two pictures are to be compared; the picture's own when None.
    """
    seconds = max(seconds or picture.seconds, 1.0)
    marks = value_marks(picture.highest if highest is None else highest, picture.whole)
    top = marks[-1]
    lines = []
    below: list[Line] = []
    for line in picture.lines:
        if picture.stacked:
            path = area(line, below, picture.seconds, seconds, top)
            below.append(line)
        else:
            path = curve(line.steps, picture.seconds, seconds, top, picture.sloped)
        kind = "area" if picture.stacked else "dashed" if line.dashed else "line"
        points = [(round(at, 1), round(value, 4)) for at, value in line.steps]
        lines.append(DrawnLine(line.name, line.colour, kind, path, number(line.steps[-1][1]), points))
    return Drawn(
        picture,
        lines,
        [lines[picture.lines.index(line)] for line in picture.layers],
        [Mark(100 * at / seconds, text) for at, text in time_marks(seconds)],
        [Mark(100 * value / top, number(value)) for value in marks],
        seconds,
    )


def curve(steps: list[Step], end: float, seconds: float, top: float, sloped: bool) -> str:
    """A line along steps, or from corner to corner."""
    parts = []
    for index, (at, value) in enumerate([*steps, (end, steps[-1][1])]):
        x, y = place(at, value, seconds, top)
        parts.append(f"M{x} {y}" if not index else f"L{x} {y}" if sloped else f"H{x}V{y}")
    return "".join(parts)


def area(line: Line, below: list[Line], end: float, seconds: float, top: float) -> str:
    """The area between the sum of the lines below and that with this line on top."""
    moments = seen({at for each in [*below, line] for at, _ in each.steps} | {end}, seconds)
    base = [sum(value_at(each.steps, at) for each in below) for at in moments]
    roof = [low + value_at(line.steps, at) for low, at in zip(base, moments, strict=True)]
    upper = curve(list(zip(moments, roof, strict=True)), end, seconds, top, sloped=False)
    corners = [place(at, low, seconds, top) for at, low in zip(moments, base, strict=True)]
    back = [f"V{corners[index][1]}H{corners[index][0]}" for index in range(len(corners) - 2, -1, -1)]
    return f"{upper}{''.join(back)}Z"


def seen(moments: set[float], seconds: float) -> list[float]:
    """Moments in order, without those whose value is gone before anybody could see it."""
    ordered = sorted(moments)
    gone = {at for at, after in pairwise(ordered) if after - at < seconds * UNSEEN and at > 0}
    return [at for at in ordered if at not in gone]


def place(at: float, value: float, seconds: float, top: float) -> tuple[str, str]:
    """x and y inside a square of 100, y from the top, two digits."""
    return f"{100 * at / seconds:.2f}".rstrip("0").rstrip("."), f"{100 - 100 * value / top:.2f}".rstrip("0").rstrip(".")
