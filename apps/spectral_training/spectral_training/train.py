"""The training run."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import soil_dataset.dataset
from flax import nnx

from lifecycle import Checkpoints, Final, Stop, Stopped, say
from soil_dataset import Dataset
from spectral_training.card import finish
from spectral_training.data import Part, Scaling, batch_rows, split
from spectral_training.network import Network
from spectral_training.pods import Pods
from spectral_training.state import State
from spectral_training.tracking import Tracking

STOP_CHECK_STEPS = 10
"""Several pods ask each other this often whether one was told to stop; one alone looks at every step."""
SETTINGS = ("targets", "test_percent", "test_site", "treatment", "steps", "batch_size", "learning_rate", "weight_decay")
SETTINGS_OF_NETWORK = ("channels", "dropout", "seed")


@dataclass
class Learning:
    """The network, its optimiser, and one compiled step of both."""

    network: Any
    optimiser: optax.GradientTransformation
    weights: Any
    memory: Any
    """The optimiser's state."""
    seed: int

    @classmethod
    def start(cls, options: Namespace, points: int, dtype: Any) -> Learning:
        made = Network(points, options.channels, len(options.targets), options.dropout, dtype, nnx.Rngs(options.seed))
        network, state = nnx.split(made)
        warm_up = max(1, options.steps // 20)
        rate = optax.warmup_cosine_decay_schedule(0.0, options.learning_rate, warm_up, max(options.steps, warm_up + 1))
        optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=options.weight_decay))
        weights = nnx.to_pure_dict(state)
        return cls(network, optimiser, weights, optimiser.init(weights), options.seed)

    def predict(self, weights: Any, spectra: np.ndarray) -> np.ndarray:
        """Scaled properties of scaled spectra, on this pod alone."""
        return np.asarray(jax.jit(lambda w, x: nnx.merge(self.network, w)(x))(weights, spectra))

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


def train(options: Namespace) -> None:
    """Learn from the last checkpoint to the last step. Raises Stopped when asked to stop, with the state saved."""
    dataset = soil_dataset.read(options.data)
    learn, scored = split(dataset, options)
    pods = Pods.meet(options.rendezvous_seconds)
    stop = Stop()  # after the meeting: JAX's native code takes SIGTERM for itself there
    with pods.together():
        run(options, stop, pods, dataset, learn, scored)


def run(options: Namespace, stop: Stop, pods: Pods, dataset: Dataset, learn: Part, scored: Part) -> None:
    devices = pods.mesh.devices.size
    if options.batch_size % devices:
        raise Final(f"--batch-size must be a multiple of the {devices} devices, got {options.batch_size}")
    precision = precision_of(options)
    learning = Learning.start(options, len(dataset.axis.values), jnp.dtype(precision))
    checkpoints = Checkpoints(options.out / "checkpoints", options.keep) if pods.is_first else None
    settings = {name: getattr(options, name) for name in SETTINGS + SETTINGS_OF_NETWORK} | {"precision": precision}
    settings["dataset"] = soil_dataset.dataset.fingerprint(options.data)
    begin = resume(learning, settings, checkpoints, pods)
    tracking = Tracking(options.out, settings, begin) if pods.is_first else None
    if pods.is_first:
        kind = jax.devices()[0].device_kind
        say("resumed" if begin else "started", step=begin, pods=pods.count, devices=devices, device=kind)
    steps(options, stop, pods, learning, learn, begin, State(None, settings), checkpoints, tracking)
    if pods.is_first and tracking:
        weights = jax.tree.map(np.asarray, learning.weights)
        scaling = Scaling.of(learn, options.treatment)
        guess = scaling.measured(learning.predict(weights, scaling.spectra(scored.spectra)))
        finish(options, dataset, settings, learn, scored, scaling, guess, tracking)


def resume(learning: Learning, settings: dict[str, Any], checkpoints: Checkpoints | None, pods: Pods) -> int:
    """Put the last checkpoint's state on every device, or the start's; gives its step."""
    step, arrays = 0, (learning.weights, learning.memory)
    if checkpoints and (found := checkpoints.load(State(arrays, settings).read)):
        step, arrays = found
    (learning.weights, learning.memory), at = pods.everywhere((arrays, np.int32(step)))
    return int(at)


def steps(
    options: Namespace,
    stop: Stop,
    pods: Pods,
    learning: Learning,
    learn: Part,
    begin: int,
    state: State,
    checkpoints: Checkpoints | None,
    tracking: Tracking | None,
) -> None:
    """Every step from `begin` on, with its checkpoints and its metrics."""
    scaling, one_step = Scaling.of(learn, options.treatment), learning.compiled()
    spectra, targets = scaling.spectra(learn.spectra), scaling.targets(learn.targets)
    clock, clock_step, saved = time.monotonic(), begin, begin

    def save(step: int) -> None:
        if checkpoints:
            state.arrays = (learning.weights, learning.memory)
            checkpoints.save(step, state.write)

    for step in range(begin, options.steps):
        rows = batch_rows(len(spectra), options.batch_size, options.seed, step)
        batch = pods.split(spectra[rows]), pods.split(targets[rows])
        learning.weights, learning.memory, loss, norm = one_step(learning.weights, learning.memory, step, *batch)
        done = step + 1
        at_checkpoint = done % options.checkpoint_steps == 0 or done == options.steps
        if at_checkpoint or done % options.log_steps == 0:
            must_be_finite(done, float(loss), float(norm), saved)
            now = time.monotonic()
            pace = (done - clock_step) * options.batch_size / max(now - clock, 1e-9)
            clock, clock_step = now, done
            if tracking:
                tracking.log(done, loss=float(loss), gradient_norm=float(norm), samples_per_second=round(pace, 1))
        if at_checkpoint:
            save(done)
            saved = done
        if (pods.count == 1 or done % STOP_CHECK_STEPS == 0) and pods.any_of(stop.asked):
            must_be_finite(done, float(loss), float(norm), saved)
            save(done)
            raise Stopped(f"stopped at step {done} as asked; the next try goes on from there")


def must_be_finite(step: int, loss: float, norm: float, saved: int) -> None:
    """Raise Final when the loss or its gradient isn't a finite number: what was learned from it must not be saved."""
    if not np.isfinite([loss, norm]).all():
        kept = f"the checkpoint of step {saved} is kept" if saved else "there is no checkpoint before it"
        raise Final(f"step {step}: the loss is not a finite number; {kept}; lower --learning-rate")


def precision_of(options: Namespace) -> str:
    """The precision of the convolutions: bfloat16 pays on GPUs and not on CPUs."""
    if options.precision != "auto":
        return str(options.precision)
    return "bfloat16" if jax.default_backend() == "gpu" else "float32"
