"""The model: a running scaler and an SGDRegressor, learned together one batch at a time, and saved as plain arrays.

No pickle inside a checkpoint: three small arrays a part are the whole state, and loading them runs nobody's code.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from sklearn.linear_model import SGDRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from lifecycle import Final

SCALER = ("mean_", "var_", "scale_", "n_samples_seen_", "n_features_in_")
REGRESSOR = ("coef_", "intercept_", "t_", "n_iter_", "n_features_in_")
"""The fitted state of each, as scikit-learn 1.9 keeps it; `partial_fit` reads nothing else when `average` is off."""


class Learner:
    """Learns y from X by stochastic gradient descent on scaled features."""

    def __init__(self, learning_rate: float, alpha: float, seed: int) -> None:
        self.scaler = StandardScaler()
        self.regressor = SGDRegressor(alpha=alpha, eta0=learning_rate, random_state=seed)

    @property
    def has_learned(self) -> bool:
        return hasattr(self.regressor, "t_")

    def learn(self, features: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Predict the batch, then learn it; gives the predictions (zeros before anything was learned).

        Raises Diverged when the loss or a weight is no longer a finite number.
        """
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            guess = self.predict(features) if self.has_learned else np.zeros_like(target)
            if not np.isfinite(np.sum((target - guess) ** 2)):
                raise Diverged("the loss is no longer a finite number")
            try:
                self.scaler.partial_fit(features)
                self.regressor.partial_fit(self.scaler.transform(features), target)
            except ValueError as error:  # scikit-learn's own word for weights that overflow
                raise Diverged(str(error)) from error
        if not np.isfinite(self.regressor.coef_).all():
            raise Diverged("a weight is no longer a finite number")
        return guess

    def predict(self, features: np.ndarray) -> np.ndarray:
        return np.asarray(self.regressor.predict(self.scaler.transform(features)))

    def pipeline(self) -> Pipeline:
        """The model as scikit-learn users know it."""
        return Pipeline([("scale", self.scaler), ("regress", self.regressor)])

    def write(self, path: Path) -> None:
        """Save the whole state to one .npz file."""
        arrays = {f"scaler.{name}": getattr(self.scaler, name) for name in SCALER}
        np.savez(path, **arrays, **{f"regressor.{name}": getattr(self.regressor, name) for name in REGRESSOR})

    def read(self, path: Path) -> None:
        """Load what `write` saved; learning goes on as if it had never stopped."""
        with np.load(path, allow_pickle=False) as arrays:
            for part, names in (("scaler", SCALER), ("regressor", REGRESSOR)):
                for name in names:
                    setattr(getattr(self, part), name, arrays[f"{part}.{name}"][()])  # [()]: a number as a number


class Diverged(Final):
    """The weights left the finite numbers; the same data and settings would do it again."""
