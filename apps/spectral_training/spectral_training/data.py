"""From a dataset to arrays: what to learn from, what to score on, and how both are scaled."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass

import numpy as np
from scipy.signal import savgol_filter

from lifecycle import Final
from soil_dataset import Dataset


@dataclass(frozen=True)
class Part:
    """Some samples: spectra as they were measured, and their properties (NaN where not measured)."""

    ids: list[str]
    spectra: np.ndarray
    targets: np.ndarray


def normal_variate(spectra: np.ndarray) -> np.ndarray:
    """Standard normal variate: takes out how bright the light was. Barnes et al. (1989), Appl. Spectrosc. 43, 772."""
    deviation = np.maximum(spectra.std(axis=1, keepdims=True), 1e-6)
    return ((spectra - spectra.mean(axis=1, keepdims=True)) / deviation).astype(np.float32)


def derivative(spectra: np.ndarray) -> np.ndarray:
    """First derivative (Savitzky-Golay, 15 points): takes out the baseline and keeps how strong a band is."""
    window = min(15, spectra.shape[1] - (spectra.shape[1] + 1) % 2)
    return np.asarray(savgol_filter(spectra, window, min(2, window - 1), deriv=1, axis=1), np.float32)


TREATMENTS = {"snv": normal_variate, "derivative": derivative}


@dataclass(frozen=True)
class Scaling:
    """Learned from the learning part alone: spectra are scaled at each point over the samples, after each was treated
    on its own (TREATMENTS); targets over the samples."""

    treatment: str
    point_mean: np.ndarray
    point_deviation: np.ndarray
    target_mean: np.ndarray
    target_deviation: np.ndarray

    @classmethod
    def of(cls, part: Part, treatment: str) -> Scaling:
        spectra = TREATMENTS[treatment](part.spectra)
        return cls(
            treatment,
            spectra.mean(axis=0),
            np.maximum(spectra.std(axis=0), 1e-9),
            np.nanmean(part.targets, axis=0).astype(np.float32),
            np.maximum(np.nanstd(part.targets, axis=0), 1e-6).astype(np.float32),
        )

    def spectra(self, measured: np.ndarray) -> np.ndarray:
        return (TREATMENTS[self.treatment](measured) - self.point_mean) / self.point_deviation

    def targets(self, measured: np.ndarray) -> np.ndarray:
        return ((measured - self.target_mean) / self.target_deviation).astype(np.float32)

    def measured(self, scaled: np.ndarray) -> np.ndarray:
        """Targets back in their own units."""
        return scaled * self.target_deviation + self.target_mean


def split(dataset: Dataset, options: Namespace) -> tuple[Part, Part]:
    """The learning part and the scored part. Raises Final when either would be empty or a target isn't there."""
    unknown = [name for name in options.targets if name not in dataset.properties]
    if unknown:
        raise Final(f"{options.data}: has no property {', '.join(unknown)}, only {', '.join(dataset.properties)}")
    targets = np.column_stack([dataset.properties[name] for name in options.targets]).astype(np.float32)
    if options.test_site is not None:
        scored = np.array([site == options.test_site for site in dataset.place["site"]])
        how = f"--test-site {options.test_site}"
    else:
        order = np.random.default_rng(options.seed).permutation(len(targets))
        scored = order < round(len(targets) * options.test_percent / 100)
        how = f"--test-percent {options.test_percent}"
    known = np.isfinite(targets).any(axis=1)
    parts = [take(dataset, targets, known & ~scored), take(dataset, targets, known & scored)]
    if not all(len(part.ids) for part in parts):
        counts = f"{len(parts[0].ids)} samples to learn from and {len(parts[1].ids)} to score on"
        raise Final(f"{options.data}: {how} leaves {counts}; both must have some with a measured target")
    return parts[0], parts[1]


def take(dataset: Dataset, targets: np.ndarray, rows: np.ndarray) -> Part:
    ids = [name for name, wanted in zip(dataset.place["sample_id"], rows, strict=True) if wanted]
    return Part(ids, dataset.spectra[rows], targets[rows])


def batch_rows(samples: int, batch_size: int, seed: int, step: int) -> np.ndarray:
    """The samples of a step: shuffled anew each pass, and known from the step alone, so that a resume needs no more."""
    places = np.arange(step * batch_size, (step + 1) * batch_size)
    passes = {int(number): None for number in places // samples}
    orders = {number: np.random.default_rng([seed, number]).permutation(samples) for number in passes}
    return np.array([orders[int(place // samples)][place % samples] for place in places])
