"""The network: convolutions along the spectrum, then layers that know where along it each band is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

KERNEL = 9
"""Points of the spectrum that one convolution sees."""


class Block(nnx.Module):
    """A convolution that halves the spectrum's length; LayerNorm keeps no running state that a resume could miss."""

    def __init__(self, channels_in: int, channels: int, dtype: Any, rngs: nnx.Rngs) -> None:
        self.convolution = nnx.Conv(channels_in, channels, kernel_size=(KERNEL,), strides=(2,), dtype=dtype, rngs=rngs)
        self.norm = nnx.LayerNorm(channels, dtype=dtype, rngs=rngs)

    def __call__(self, x: jax.Array) -> jax.Array:
        return nnx.gelu(self.norm(self.convolution(x)))


class Network(nnx.Module):
    """Spectra (samples x points) to scaled properties (samples x targets). Weights are float32, the work is `dtype`."""

    def __init__(
        self, points: int, channels: list[int], targets: int, dropout: float, dtype: Any, rngs: nnx.Rngs
    ) -> None:
        sizes = [1, *channels]
        self.blocks = nnx.List(Block(before, after, dtype, rngs) for before, after in pairwise(sizes))
        self.dropout = nnx.Dropout(dropout)
        length = points
        for _ in channels:
            length = -(-length // 2)
        self.hidden = nnx.Linear(length * channels[-1], channels[-1], dtype=dtype, rngs=rngs)
        self.head = nnx.Linear(channels[-1], targets, dtype=jnp.float32, rngs=rngs)

    def __call__(self, spectra: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """`key` is the dropout's; without one nothing is dropped."""
        x = spectra[..., None]
        for block in self.blocks:
            x = block(x)
        x = self.dropout(x.reshape(len(x), -1), deterministic=key is None, rngs=key)
        x = nnx.gelu(self.hidden(x))
        return self.head(x)
