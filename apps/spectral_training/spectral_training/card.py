"""The end of a run: the scores on samples that it never saw, and the model card."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import jax
import numpy as np

from lifecycle import say, whole_file, write_whole
from soil_dataset import Dataset
from spectral_training.data import Part, Scaling
from spectral_training.tracking import Tracking

FIGURES = ("rmse", "r2", "rpd", "rpiq", "bias")
PACKAGES = ("jax", "flax", "optax", "orbax-checkpoint", "numpy")

CARD = """\
# Spectral network: {targets}

A 1-D convolutional network that predicts {targets} from spectra of {points} points ({low:g} to {high:g} {unit}).

## Scores on samples it never saw

| property | unit | samples | RMSE | R² | RPD | RPIQ | bias |
|---|---|---|---|---|---|---|---|
{rows}

RMSE: root mean squared error. RPD: the samples' standard deviation over the RMSE. RPIQ: their interquartile range over
it. Bias: mean of predicted minus measured. Guessing the mean has R² 0 and RPD 1.

## Data

{name}: {source} ({licence}). {learned} samples to learn from, {scored} to score on ({how}). Fingerprint {dataset}.

## How it was made

{settings}

Weights: `{weights}`; how spectra and properties are scaled: `scaling.npz`. Made with {packages} on {device}.

## Limits

It knows the soils and the instrument of its data and no others. Spectra must have the same points. Before using it on
other soils, score it on some of them.
"""


def finish(
    options: Namespace,
    dataset: Dataset,
    settings: dict[str, Any],
    learn: Part,
    scored: Part,
    scaling: Scaling,
    guess: np.ndarray,
    tracking: Tracking,
) -> None:
    """Write scaling.npz, scores.json and model-card.md, and tell the scores."""
    scores = {
        target: score(scored.targets[:, column], guess[:, column]) for column, target in enumerate(options.targets)
    }
    with whole_file(options.out / "scaling.npz") as beside, beside.open("wb") as file:
        np.savez(file, **asdict(scaling))
    weights = f"checkpoints/step-{options.steps:08d}"
    write_whole(options.out / "scores.json", json.dumps({"weights": weights, "scores": scores}, indent=1) + "\n")
    drawn = f"{options.test_percent} % drawn by seed {options.seed}"
    card = CARD.format(
        targets=", ".join(options.targets),
        points=len(dataset.axis.values),
        low=min(dataset.axis.values),
        high=max(dataset.axis.values),
        unit=dataset.axis.unit,
        rows="\n".join(row(target, dataset.units.get(target, ""), values) for target, values in scores.items()),
        name=dataset.name,
        source=dataset.source,
        licence=dataset.licence,
        learned=len(learn.ids),
        scored=len(scored.ids),
        how=f"all of {options.test_site}" if options.test_site else drawn,
        dataset=settings["dataset"],
        settings="\n".join(f"- {name}: {value}" for name, value in settings.items() if name != "dataset"),
        weights=weights,
        packages=", ".join(f"{package} {version(package)}" for package in PACKAGES),
        device=jax.devices()[0].device_kind,
    )
    write_whole(options.out / "model-card.md", card)
    flat = {f"{target}_{name}": value for target, values in scores.items() for name, value in values.items()}
    tracking.close(flat, options.out / "model-card.md")
    say("done", step=options.steps, **flat)


def score(measured: np.ndarray, guess: np.ndarray) -> dict[str, float]:
    """How far the guesses are from what was measured."""
    known = np.isfinite(measured)
    measured, error = measured[known].astype(float), (guess - measured)[known].astype(float)
    if not len(measured):
        return {"samples": 0}
    rmse = float(np.sqrt(np.mean(error**2)))
    low, high = np.percentile(measured, [25, 75])
    spread = float(np.sum((measured - measured.mean()) ** 2))
    return {
        "samples": len(measured),
        "rmse": rmse,
        "r2": 1 - float(np.sum(error**2)) / spread if spread else float("nan"),
        "rpd": float(measured.std(ddof=1)) / rmse if len(measured) > 1 and rmse else float("nan"),
        "rpiq": float(high - low) / rmse if rmse else float("nan"),
        "bias": float(error.mean()),
    }


def row(target: str, unit: str, values: dict[str, float]) -> str:
    figures = " | ".join(f"{values[name]:.3f}" if name in values else "" for name in FIGURES)
    return f"| {target} | {unit} | {values['samples']} | {figures} |"
