"""Measured spectra: infrared spectra of a fermentation, with the glucose that a laboratory (HPLC) found.

No soil, but real: PyPI's chemotools ships it (MIT). 21 spectra were made in the laboratory to learn from; in the
running fermenter one was taken every 1.25 minutes, and 34 times a sample went to the laboratory as well: those spectra
are here, the nearest in time. The column `site` keeps the two apart, so that a model can be learned on the one and
scored on the other. As its authors do, only 950 to 1500 cm-1 is taken, where sugars absorb; the last spectra, which
are flat, are left out.
Source: Cabaneros Lopez et al., Transforming data into information, and https://pypi.org/project/chemotools/0.5.0/
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as csv

from lifecycle import Final
from soil_dataset.dataset import PLACE, Axis, Dataset

FINGERPRINT = (950, 1500)
MINUTES_A_SPECTRUM = 1.25
"""Source: https://paucablop.github.io/chemotools/ (brewing regressor), 2026-11-23: 1629 spectra in 34 hours."""


def fermentation() -> Dataset:
    """The fermentation dataset of chemotools; raises Final when chemotools isn't there."""
    try:
        import chemotools.datasets as shipped
    except ImportError as error:
        raise Final("chemotools isn't installed, and it holds these spectra; install soil-dataset[measured]") from error
    folder = Path(shipped.__file__).parent / "data"
    learn, learn_glucose = table(folder / "train_spectra.csv"), table(folder / "train_hplc.csv")
    online, online_glucose = table(folder / "fermentation_spectra.csv"), table(folder / "fermentation_hplc.csv")
    taken = [name for name in learn if FINGERPRINT[0] <= float(name) <= FINGERPRINT[1]]
    learn, online = ({name: columns[name] for name in taken} for columns in (learn, online))
    axis = Axis("cm-1", tuple(float(name) for name in taken))
    every = matrix(online)
    every = every[: np.flatnonzero(every.std(axis=1))[-1] + 1]
    referenced = np.minimum(np.rint(online_glucose["time"] * 60 / MINUTES_A_SPECTRUM).astype(int), len(every) - 1)
    spectra = np.vstack([matrix(learn), every[referenced]])
    n_learn, n = len(matrix(learn)), len(spectra)
    place: dict[str, Any] = {name: [None] * n for name in PLACE}
    place["sample_id"] = [f"lab-{i:02d}" for i in range(n_learn)] + [f"online-{i:04d}" for i in referenced]
    place["site"] = ["laboratory"] * n_learn + ["fermenter"] * len(referenced)
    return Dataset(
        name="fermentation",
        source="chemotools 0.5.0 on PyPI; Cabaneros Lopez et al.",
        licence="MIT",
        axis=axis,
        units={"glucose_g_per_l": "g/l"},
        place=place,
        properties={"glucose_g_per_l": np.concatenate([learn_glucose["glucose"], online_glucose["glucose"]])},
        spectra=spectra.astype(np.float32),
    )


def table(path: Path) -> dict[str, np.ndarray]:
    """A CSV file's columns."""
    read = csv.read_csv(path)
    return {name: read[name].to_numpy() for name in read.column_names}


def matrix(columns: dict[str, np.ndarray]) -> np.ndarray:
    return np.column_stack(list(columns.values()))
