"""Defines `read`: a load of one's own, as a CSV file with the columns `seconds` and `rps`."""

import csv
import math
from pathlib import Path

from podzol.faults import Fault, UserError

COLUMNS = ["seconds", "rps"]
MOST_FAULTS = 20


def read(path: Path) -> list[tuple[float, float]]:
    """The points of the file: seconds since the start, rising from 0, and requests a second.

    Raises:
        UserError: it can't be read, or isn't such a file; every fault with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "not text in UTF-8"
        raise UserError([Fault(str(path), "must be a CSV file", said)]) from error
    faults: list[Fault] = []
    points: list[tuple[float, float]] = []
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    if [name.strip() for name in header] != COLUMNS:
        faults.append(Fault(f"{path}:1", f"must name the columns {','.join(COLUMNS)}", ",".join(header) or "nothing"))
    for row in reader:
        if row:
            points += point(f"{path}:{reader.line_num}", row, points, faults)
    if len(points) < 2 and not faults:
        faults.append(Fault(str(path), "must have two points or more", len(points)))
    if faults:
        raise UserError(faults[:MOST_FAULTS])
    return points


def point(
    where: str, row: list[str], before: list[tuple[float, float]], faults: list[Fault]
) -> list[tuple[float, float]]:
    """The point of a row, none when it has a fault; the faults are added."""
    try:
        second, rps = (float(cell) for cell in row)
    except ValueError:
        faults.append(Fault(where, "must be two numbers", ",".join(row)))
        return []
    if not (math.isfinite(second) and math.isfinite(rps)) or rps < 0:
        faults.append(Fault(where, "must be two finite numbers, rps not below 0", ",".join(row)))
        return []
    if not before and second != 0:
        faults.append(Fault(where, "must be at 0 seconds, as the first point", row[0].strip()))
    if before and second <= before[-1][0]:
        faults.append(Fault(where, f"must be later than the point before ({before[-1][0]:g} seconds)", row[0].strip()))
        return []
    return [(second, rps)]
