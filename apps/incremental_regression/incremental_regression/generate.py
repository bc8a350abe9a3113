"""A stream of simulated soil tables: what a field campaign sends in, batch after batch.

Simulated, not measured. Organic carbon falls with depth (exponentially, as in most mineral soils) and rises with clay,
rain and cold; the noise is about a third of its spread, so a linear model explains roughly two thirds of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lifecycle import say, whole_file

COLUMNS = (
    "depth_cm",
    "clay_percent",
    "sand_percent",
    "ph",
    "annual_rain_mm",
    "mean_temperature_celsius",
    "organic_carbon_percent",
)


def generate(folder: Path, files: int, rows: int, seed: int) -> None:
    """Write `files` CSV files of `rows` rows each; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        path = folder / f"campaign-{number:04d}.csv"
        with whole_file(path) as beside:
            table = simulate(rows, np.random.default_rng([seed, number]))
            np.savetxt(beside, table, fmt="%.3f", delimiter=",", header=",".join(COLUMNS), comments="")
        say("file_written", path=str(path), rows=rows)


def simulate(rows: int, chance: np.random.Generator) -> np.ndarray:
    """A table of `rows` rows with the columns COLUMNS."""
    depth = chance.uniform(0, 100, rows)
    clay = chance.beta(2, 5, rows) * 80
    sand = (100 - clay) * chance.beta(3, 2, rows)
    ph = np.clip(chance.normal(6.2, 0.9, rows), 3.5, 9)
    rain = np.clip(chance.normal(700, 180, rows), 150, None)
    temperature = chance.normal(9, 3, rows)
    carbon = 2.6 * np.exp(-depth / 45) + 0.02 * clay + 0.0008 * (rain - 700) - 0.05 * (temperature - 9)
    carbon = np.clip(carbon + chance.normal(0, 0.35, rows), 0.02, None)
    return np.column_stack([depth, clay, sand, ph, rain, temperature, carbon])
