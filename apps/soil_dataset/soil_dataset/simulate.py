"""Simulated soils and their visible and near-infrared spectra (350 to 2500 nm).

Simulated, not measured: for tests, labs and load, not for claims about soils. Absorbance is a sum of bands, each as
strong as what causes it (Beer-Lambert), on a slope; reflectance is 10 to the minus absorbance, with the light scatter
and the noise of a field spectrometer. Bands and causes from: Stenberg, Viscarra Rossel, Mouazen, Wetterlind (2010),
Visible and Near Infrared Spectroscopy in Soil Science, Advances in Agronomy 107, 163-215, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soil_dataset.dataset import Axis, Dataset

UNITS = {"organic_carbon_percent": "%", "clay_percent": "%", "sand_percent": "%", "ph": "", "water_percent": "%"}
AXIS = Axis("nm", tuple(float(point) for point in range(350, 2501, 10)))


@dataclass(frozen=True)
class Band:
    """One absorption: where it is, how broad, and how much absorbance a unit of its cause adds."""

    centre_nm: float
    width_nm: float
    cause: str
    strength: float


BANDS = (
    Band(480, 60, "iron", 0.045),  # iron oxides
    Band(530, 70, "iron", 0.035),
    Band(900, 90, "iron", 0.020),
    Band(600, 320, "organic_carbon_percent", 0.075),  # organic matter darkens the whole visible range
    Band(1700, 60, "organic_carbon_percent", 0.012),  # C-H
    Band(2310, 50, "organic_carbon_percent", 0.014),
    Band(1415, 40, "water_percent", 0.007),  # O-H
    Band(1915, 50, "water_percent", 0.014),
    Band(1410, 25, "clay_percent", 0.0012),  # O-H of clay minerals
    Band(2205, 30, "clay_percent", 0.0026),  # Al-OH
    Band(2340, 35, "carbonate", 0.018),
)
SITES = {"Ås": (59.66, 10.77), "Kiruna": (67.86, 20.23), "Uppsala": (59.86, 17.64), "Tartu": (58.38, 26.72)}
HORIZONS = ((0, 5, "O"), (5, 20, "A"), (20, 35, "E"), (35, 70, "B"), (70, 100, "C"))
"""The horizons of a podzol, from the surface down, in cm."""


def simulate(samples: int, seed: int) -> Dataset:
    """A dataset of `samples` samples; the same seed gives the same numbers."""
    chance = np.random.default_rng(seed)
    horizon = chance.integers(0, len(HORIZONS), samples)
    top, bottom = np.array([h[0] for h in HORIZONS], float)[horizon], np.array([h[1] for h in HORIZONS], float)[horizon]
    site = chance.integers(0, len(SITES), samples)
    soil = compose(chance, (top + bottom) / 2)
    return Dataset(
        name="simulated-podzols",
        source=f"simulated with soil-dataset, seed {seed}",
        licence="CC0-1.0",
        axis=AXIS,
        units=UNITS,
        place={
            "sample_id": [f"S-{number:06d}" for number in range(samples)],
            "site": [list(SITES)[which] for which in site],
            "latitude": (np.array([at[0] for at in SITES.values()])[site] + chance.normal(0, 0.05, samples)).round(5),
            "longitude": (np.array([at[1] for at in SITES.values()])[site] + chance.normal(0, 0.1, samples)).round(5),
            "depth_top_cm": top,
            "depth_bottom_cm": bottom,
            "horizon": [HORIZONS[which][2] for which in horizon],
        },
        properties={name: soil[name].round(3) for name in UNITS},
        spectra=spectra(chance, soil),
    )


def compose(chance: np.random.Generator, depth: np.ndarray) -> dict[str, np.ndarray]:
    """What each soil is made of, from the middle of its depth in cm."""
    n = len(depth)
    clay = chance.beta(2, 5, n) * 70
    return {
        "organic_carbon_percent": np.clip(7 * np.exp(-depth / 20) * chance.lognormal(0, 0.4, n), 0.05, 14),
        "clay_percent": clay,
        "sand_percent": (100 - clay) * chance.beta(4, 2, n),
        "ph": np.clip(4.2 + depth / 50 + chance.normal(0, 0.4, n), 3.2, 8.5),
        "water_percent": chance.gamma(4, 1.0, n),
        "iron": chance.gamma(3, 0.8, n) * (0.5 + depth / 100),
        "carbonate": chance.gamma(1, 1.0, n),
    }


def spectra(chance: np.random.Generator, soil: dict[str, np.ndarray]) -> np.ndarray:
    """Reflectance, samples x points of AXIS."""
    nm, n = np.array(AXIS.values), len(soil["iron"])
    absorbance = 0.35 + 0.25 * np.exp(-(nm - 350) / 350) + np.zeros((n, 1))
    for band in BANDS:
        shape = np.exp(-(((nm - band.centre_nm) / band.width_nm) ** 2) / 2)
        absorbance = absorbance + band.strength * soil[band.cause][:, None] * shape
    scatter, offset = chance.normal(1, 0.06, (n, 1)), chance.normal(0, 0.03, (n, 1))
    measured = 10 ** -(absorbance * scatter + offset) + chance.normal(0, 0.0015, absorbance.shape)
    return np.clip(measured, 0.001, 1).astype(np.float32)
