"""What learns: the network, its optimiser, and one compiled step of both."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from spectral_training.network import Network

BFLOAT16_FROM = (8, 0)
"""Compute capability of the first NVIDIA GPUs that work in bfloat16 (Ampere); older ones, as T4 and V100, emulate it.
Source: https://docs.nvidia.com/cuda/cuda-c-programming-guide/#features-and-technical-specifications (2026-11-23)"""
PREDICTED_AT_ONCE = 4096
"""Spectra; so that the memory that a prediction takes doesn't grow with the dataset."""


@dataclass
class Learning:
    """Weights and the optimiser's state, and how a step changes both."""

    network: Any
    optimiser: optax.GradientTransformation
    weights: Any
    memory: Any
    """The optimiser's state."""
    seed: int

    @classmethod
    def start(cls, options: Namespace, points: int, precision: str) -> Learning:
        """Random weights, drawn by the seed."""
        if precision == "float32":
            jax.config.update("jax_default_matmul_precision", "float32")  # GPUs would take 19 of its 32 bits
        dtype, random = jnp.dtype(precision), nnx.Rngs(options.seed)
        made = Network(points, options.channels, len(options.targets), options.dropout, dtype, random)
        network, state = nnx.split(made)
        warm_up = max(1, options.steps // 20)
        rate = optax.warmup_cosine_decay_schedule(0.0, options.learning_rate, warm_up, max(options.steps, warm_up + 1))
        optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=options.weight_decay))
        weights = nnx.to_pure_dict(state)
        return cls(network, optimiser, weights, optimiser.init(weights), options.seed)

    def compiled(self) -> Any:
        """(weights, memory, step, spectra, targets) -> (weights, memory, loss, norm of the gradient)."""

        def loss_of(weights: Any, key: jax.Array, spectra: jax.Array, targets: jax.Array) -> jax.Array:
            guess = nnx.merge(self.network, weights)(spectra, key)
            known = jnp.isfinite(targets)
            error = jnp.where(known, guess - jnp.where(known, targets, 0.0), 0.0)
            return jnp.sum(error**2) / jnp.maximum(jnp.sum(known), 1)

        def step_of(weights: Any, memory: Any, step: jax.Array, spectra: jax.Array, targets: jax.Array) -> Any:
            key = jax.random.fold_in(jax.random.key(self.seed), step)
            loss, gradient = jax.value_and_grad(loss_of)(weights, key, spectra, targets)
            change, memory = self.optimiser.update(gradient, memory, weights)
            return optax.apply_updates(weights, change), memory, loss, optax.global_norm(gradient)

        return jax.jit(step_of, donate_argnums=(0, 1))

    def predict(self, spectra: np.ndarray) -> np.ndarray:
        """Scaled properties of scaled spectra, on this pod alone."""
        weights = jax.tree.map(np.asarray, self.weights)
        guess = jax.jit(lambda weights, some: nnx.merge(self.network, weights)(some))
        parts = [spectra[at : at + PREDICTED_AT_ONCE] for at in range(0, len(spectra), PREDICTED_AT_ONCE)]
        return np.concatenate([np.asarray(guess(weights, part)) for part in parts])


def precision_of(asked: str) -> str:
    """The precision of the convolutions: `auto` is bfloat16 on GPUs that work in it, and float32 elsewhere."""
    if asked != "auto":
        return asked
    device = jax.devices()[0]
    halves = device.platform == "gpu" and capability(device) >= BFLOAT16_FROM
    return "bfloat16" if halves else "float32"


def capability(device: Any) -> tuple[int, ...]:
    """An NVIDIA GPU's compute capability, as (8, 0); of others, whose names are words, the lowest."""
    parts = str(getattr(device, "compute_capability", "")).split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else (0,)
