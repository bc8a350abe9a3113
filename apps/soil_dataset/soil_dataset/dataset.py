"""The format: a folder of three files.

    dataset.json      name, where it comes from, licence, the spectra's axis, the measured properties and their units
    samples.parquet   sample_id, site, latitude, longitude, depth_top_cm, depth_bottom_cm, horizon; a column a property
    spectra.parquet   sample_id, reflectance (a list of float32, one value a point of the axis), in the same order

A missing measurement is null. dataset.json is written last: a folder without it is not a dataset yet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lifecycle import Final, sha256, whole_file, write_whole

SAMPLES, SPECTRA, ABOUT = "samples.parquet", "spectra.parquet", "dataset.json"
PLACE: dict[str, pa.DataType] = {
    "sample_id": pa.string(),
    "site": pa.string(),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "depth_top_cm": pa.float64(),
    "depth_bottom_cm": pa.float64(),
    "horizon": pa.string(),
}
"""Columns of samples.parquet that say where a sample is from. All others are properties, of type float64."""


@dataclass(frozen=True)
class Axis:
    """The points at which every spectrum was measured, in `unit` (nm, or cm-1 for wavenumbers)."""

    unit: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Dataset:
    """Samples, their properties and their spectra; row i of each belongs to sample i."""

    name: str
    source: str
    licence: str
    axis: Axis
    units: dict[str, str]
    """Property to unit."""
    place: dict[str, Any]
    """The columns PLACE: to each a list or an array."""
    properties: dict[str, np.ndarray]
    """Property to values (float64, NaN where not measured)."""
    spectra: np.ndarray
    """float32, samples x points of the axis."""

    def write(self, folder: Path) -> None:
        """Write the three files, each whole or not at all, dataset.json last."""
        folder.mkdir(parents=True, exist_ok=True)
        measured = {name: pa.array(values, pa.float64(), from_pandas=True) for name, values in self.properties.items()}
        place = {name: pa.array(self.place[name], type_) for name, type_ in PLACE.items()}
        listed = pa.array(list(self.spectra.astype(np.float32)), pa.list_(pa.float32()))
        with whole_file(folder / SAMPLES) as beside:
            pq.write_table(pa.table({**place, **measured}), beside)
        with whole_file(folder / SPECTRA) as beside:
            pq.write_table(pa.table({"sample_id": place["sample_id"], "reflectance": listed}), beside)
        about = {
            "format": 1,
            "name": self.name,
            "source": self.source,
            "licence": self.licence,
            "samples": len(self.spectra),
            "axis": {"unit": self.axis.unit, "values": self.axis.values},
            "units": self.units,
        }
        write_whole(folder / ABOUT, json.dumps(about, indent=1) + "\n")


def read(folder: Path) -> Dataset:
    """Read a dataset. Raises Final when the folder holds none, an empty one, or one that contradicts itself."""
    if not folder.is_dir():
        raise Final(f"{folder}: there is no such folder; mount the dataset there, or name another with --data")
    if not (folder / ABOUT).is_file():
        raise Final(f"{folder}: holds no {ABOUT}, so it is no dataset; make one with soil-dataset or mount one")
    try:
        about = json.loads((folder / ABOUT).read_text())
        samples, spectra = pq.read_table(folder / SAMPLES), pq.read_table(folder / SPECTRA)
        points = spectra["reflectance"].combine_chunks()
        axis = Axis(about["axis"]["unit"], tuple(about["axis"]["values"]))
        words = {key: about[key] for key in ("name", "source", "licence", "units")}
        place = {name: samples[name].to_pylist() for name in PLACE}
        measured = [field for field in samples.schema if field.name not in PLACE]
        same = samples["sample_id"].combine_chunks().equals(spectra["sample_id"].combine_chunks())
    except (OSError, ValueError, KeyError, TypeError) as error:  # pyarrow's errors are ValueErrors and OSErrors
        raise Final(f"{folder}: can't be read as a dataset: {error}") from error
    if not len(points):
        raise Final(f"{folder}: the dataset is empty; fill it before anything reads it")
    if not same:
        raise Final(f"{folder}: {SPECTRA} must have the samples of {SAMPLES} in the same order; write both anew")
    if set(points.value_lengths().to_pylist()) != {len(axis.values)}:
        raise Final(f"{folder}: every spectrum must have {len(axis.values)} points, as the axis in {ABOUT} has")
    for field in measured:
        if not (pa.types.is_floating(field.type) or pa.types.is_integer(field.type)):
            raise Final(f"{folder}: {SAMPLES}: {field.name} must be numbers, got {field.type}; leave the column out")
    matrix = points.flatten().to_numpy(zero_copy_only=False).reshape(len(points), -1)
    if not np.isfinite(matrix).all():
        row = int(np.argmin(np.isfinite(matrix).all(axis=1)))
        raise Final(f"{folder}: the spectrum of {samples['sample_id'][row]} holds a value that isn't a finite number")
    properties = {field.name: samples[field.name].to_numpy() for field in measured}
    return Dataset(**words, axis=axis, place=place, properties=properties, spectra=matrix)


def fingerprint(folder: Path) -> str:
    """SHA-256 over the dataset's files: what a model card names, and what a resumed run must find again."""
    return "-".join(sha256(folder / name)[:16] for name in (SAMPLES, SPECTRA))
