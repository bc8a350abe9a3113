"""The dataset behind DuckDB: read once from Parquet when the service starts, then queried by every request.

The format is soil_dataset's: dataset.json, samples.parquet, spectra.parquet.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from lifecycle import Final, Limits

PLACE = ("sample_id", "site", "latitude", "longitude", "depth_top_cm", "depth_bottom_cm", "horizon")
"""Columns of samples.parquet that say where a sample is from; all others are properties."""
MEMORY_SHARE = 0.6
"""Of the container's memory, for DuckDB; the rest is Python's."""


@dataclass(frozen=True)
class Filter:
    """What to look for; None means whatever it is. Depths select samples whose layer overlaps the range."""

    site: str | None = None
    horizon: str | None = None
    depth_from_cm: float | None = None
    depth_to_cm: float | None = None
    south: float | None = None
    north: float | None = None
    west: float | None = None
    east: float | None = None

    def where(self) -> tuple[str, list[Any]]:
        """A SQL condition and its parameters."""
        conditions = {
            "site = ?": self.site,
            "horizon = ?": self.horizon,
            "depth_bottom_cm > ?": self.depth_from_cm,
            "depth_top_cm < ?": self.depth_to_cm,
            "latitude >= ?": self.south,
            "latitude <= ?": self.north,
            "longitude >= ?": self.west,
            "longitude <= ?": self.east,
        }
        asked = {condition: value for condition, value in conditions.items() if value is not None}
        return " AND ".join(asked) or "true", list(asked.values())


class TookTooLong(Exception):
    """The query was broken off."""


class Store:
    """The samples and their spectra. Safe to use from many threads."""

    def __init__(self, folder: Path, limits: Limits, query_seconds: float) -> None:
        self.query_seconds = query_seconds
        self._duck = duckdb.connect(
            config={
                "threads": limits.cpus,
                "memory_limit": f"{int(limits.memory_bytes * MEMORY_SHARE) >> 20}MiB",
                "autoinstall_known_extensions": False,  # nothing is fetched while it runs
            }
        )
        self.about = about(folder)
        self.points = len(self.about["axis"]["values"])
        try:
            self._load(folder)
        except (duckdb.Error, OSError) as error:
            raise Final(f"{folder}: can't be read as a dataset: {str(error).splitlines()[0]}") from error
        if not self.samples:
            raise Final(f"{folder}: the dataset is empty; fill it before anything reads it")
        self._must_be_whole(folder)

    def _load(self, folder: Path) -> None:
        self._duck.execute("CREATE TABLE samples AS FROM read_parquet(?)", [str(folder / "samples.parquet")])
        self._duck.execute(f"SELECT {', '.join(PLACE)} FROM samples LIMIT 0")  # all of them are there
        self._duck.execute(
            f"CREATE TABLE spectra AS SELECT sample_id, reflectance::DOUBLE[{self.points}] AS reflectance "
            "FROM read_parquet(?)",
            [str(folder / "spectra.parquet")],
        )
        self.samples = self._duck.execute("SELECT count(*) FROM samples").fetchall()[0][0]

    def _must_be_whole(self, folder: Path) -> None:
        """Raise Final unless each sample has a spectrum of finite numbers: one with a hole is nearest to everything."""
        alone = self._duck.execute(
            "(SELECT sample_id FROM samples EXCEPT ALL SELECT sample_id FROM spectra) UNION ALL "
            "(SELECT sample_id FROM spectra EXCEPT ALL SELECT sample_id FROM samples) ORDER BY ALL LIMIT 1"
        ).fetchone()
        if alone:
            files = "samples.parquet and spectra.parquet"
            raise Final(f"{folder}: {files} must have the same samples, {alone[0]} is in one; write both anew")
        holed = self._duck.execute(
            "SELECT sample_id, reflectance::DOUBLE[] AS points FROM spectra WHERE points IS NULL "
            "OR list_count(points) < len(points) OR NOT isfinite(list_sum(points)) ORDER BY sample_id LIMIT 1"
        ).fetchone()
        if holed:
            raise Final(f"{folder}: the spectrum of {holed[0]} holds a value that isn't a finite number")

    def find(self, looked_for: Filter, limit: int, after: str | None) -> list[dict[str, Any]]:
        """Samples in the order of their ids, from the one after `after` on."""
        where, values = looked_for.where()
        if after is not None:
            where, values = f"{where} AND sample_id > ?", [*values, after]
        return self._rows(f"SELECT * FROM samples WHERE {where} ORDER BY sample_id LIMIT ?", [*values, limit])

    def sample(self, sample_id: str) -> dict[str, Any] | None:
        rows = self._rows("SELECT * FROM samples WHERE sample_id = ?", [sample_id])
        return rows[0] if rows else None

    def spectrum(self, sample_id: str) -> list[float] | None:
        """The sample's reflectance at every point of the axis."""
        rows = self._rows("SELECT reflectance FROM spectra WHERE sample_id = ?", [sample_id])
        return list(rows[0]["reflectance"]) if rows else None

    def nearest(self, spectrum: Sequence[float], count: int) -> list[dict[str, Any]]:
        """The samples whose spectra make the smallest angle with this one (Spectral Angle Mapper), nearest first.

        The angle, in degrees, looks at the shape of a spectrum and not at how bright the light was.
        Source: Kruse et al. (1993), Remote Sensing of Environment 44, 145-163.
        """
        found = self._rows(
            f"SELECT sample_id, array_cosine_similarity(reflectance, ?::DOUBLE[{self.points}]) AS cosine "
            "FROM spectra WHERE NOT isnan(cosine) ORDER BY cosine DESC, sample_id LIMIT ?",  # zeros have no direction
            [list(spectrum), count],
        )
        for row in found:
            row["angle_degrees"] = round(math.degrees(math.acos(min(1.0, max(-1.0, row.pop("cosine"))))), 4)
        return found

    def values_of(self, column: str) -> list[str]:
        """The different values of `site` or `horizon`."""
        rows = self._rows(f'SELECT DISTINCT "{column}" AS it FROM samples WHERE it IS NOT NULL ORDER BY it', [])
        return [row["it"] for row in rows]

    def _rows(self, sql: str, values: list[Any]) -> list[dict[str, Any]]:
        cursor = self._duck.cursor()
        alarm = threading.Timer(self.query_seconds, cursor.interrupt)
        alarm.start()
        try:
            cursor.execute(sql, values)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.InterruptException as error:
            raise TookTooLong from error
        finally:
            alarm.cancel()
            cursor.close()


def about(folder: Path) -> dict[str, Any]:
    """What dataset.json says. Raises Final when it isn't there or isn't what it should be."""
    if not folder.is_dir():
        raise Final(f"{folder}: there is no such folder; mount the dataset there, or name another with --data")
    path = folder / "dataset.json"
    try:
        said = json.loads(path.read_text())
        axis = said["axis"]["values"]
        if not axis or not all(isinstance(point, int | float) for point in axis):
            raise ValueError("axis.values must be numbers")
        return {key: said[key] for key in ("name", "source", "licence", "axis", "units")}
    except FileNotFoundError as error:
        line = f"{folder}: holds no dataset.json, so it is no dataset; make one with soil-dataset or mount one"
        raise Final(line) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Final(f"{path}: can't be read: {error}") from error
