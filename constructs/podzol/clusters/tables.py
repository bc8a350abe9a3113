"""Defines how the tables of this room are read, and where their rows come from.

A table is a file in `tables/`; every row names its source, a row of `sources.csv` with address and date.
"""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

FOLDER = resources.files("podzol.clusters") / "tables"


@dataclass(frozen=True)
class Source:
    """Where a fact was read."""

    url: str
    date: str
    """ISO date of the reading, or of the source where it says one."""
    what: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV table; an empty cell is an empty text."""
    return list(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


def document(name: str) -> Any:
    """The content of a YAML table."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@functools.cache
def sources() -> Mapping[str, Source]:
    """Every source by its name in the tables."""
    return {row["source"]: Source(row["url"], row["date"], row["what"]) for row in rows("sources.csv")}
