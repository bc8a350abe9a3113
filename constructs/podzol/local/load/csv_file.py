"""Defines `read`: a load of one's own, as a CSV file with the columns `seconds` and `rps`, or `seconds` and `cpu`."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from podzol.faults import Fault, UserError

TIME = "seconds"
HEIGHTS = ("rps", "cpu")
"""Requests a second, or cores."""
MOST_FAULTS = 20
Point = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """What such a file says."""

    height: str
    """One of `HEIGHTS`."""
    points: list[Point]
    """Seconds since the start, rising from 0, and the height."""


def read(path: Path) -> Curve:
    """The curve of a file.

    Raises:
        UserError: it can't be read, or isn't such a file; every fault with its line.
    """
    try:
        rows = [*numbered(path)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = "not text in UTF-8" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", str(error))
        raise UserError([Fault(str(path), "must be a CSV file", said)]) from error
    faults: list[Fault] = []
    top, columns = rows[0] if rows else (f"{path}:1", [])
    height = columns[-1] if columns in [[TIME, each] for each in HEIGHTS] else HEIGHTS[0]
    if [TIME, height] != columns:
        known = " or ".join(f"{TIME},{each}" for each in HEIGHTS)
        faults.append(Fault(top, f"must name the columns {known}", ",".join(columns) or "nothing"))
    points: list[Point] = []
    for where, cells in rows[1:]:
        if point := point_of(where, cells, height, points, faults):
            points.append(point)
    if len(points) < 2 and not faults:
        faults.append(Fault(str(path), "must have two points or more", len(points)))
    if len(faults) > MOST_FAULTS:
        more = len(faults) - MOST_FAULTS
        faults[MOST_FAULTS:] = [Fault(str(path), f"must be mended in {more} more places")]
    if faults:
        raise UserError(faults)
    return Curve(height, points)


def numbered(path: Path) -> Iterator[tuple[str, list[str]]]:
    """`path:line` and cells of every row that isn't empty."""
    reader = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    yield from ((f"{path}:{reader.line_num}", [cell.strip() for cell in row]) for row in reader if row)


def point_of(where: str, cells: list[str], height: str, before: list[Point], faults: list[Fault]) -> Point | None:
    """The point of a row, None when it can't be one; its faults are added."""
    try:
        second, value = map(float, cells)
    except ValueError:
        faults.append(Fault(where, "must be two numbers", ",".join(cells)))
        return None
    if not (math.isfinite(second) and math.isfinite(value)) or value < 0:
        faults.append(Fault(where, f"must be two finite numbers, {height} not below 0", ",".join(cells)))
        return None
    if before and second <= before[-1][0]:
        faults.append(Fault(where, f"must be later than the point before ({before[-1][0]:g} seconds)", cells[0]))
        return None
    if not before and second != 0:
        faults.append(Fault(where, "must be at 0 seconds, as the first point", cells[0]))
    return second, value
