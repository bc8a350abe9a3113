"""The training run: from the last checkpoint to the last step, with its checkpoints and its metrics."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
import soil_dataset.dataset

from lifecycle import Checkpoints, Failed, Final, Stop, Stopped, say
from soil_dataset import Dataset
from spectral_training import state
from spectral_training.card import finish
from spectral_training.data import Part, Scaling, batch_rows, split
from spectral_training.learning import Learning, precision_of
from spectral_training.pods import Pods
from spectral_training.tracking import Tracking

ASK_SECONDS = 1.0
"""Several pods ask each other about this often whether one was told to stop; one alone looks at every step."""
SETTINGS = ("targets", "test_percent", "test_site", "treatment", "steps", "batch_size", "learning_rate", "weight_decay")
SETTINGS_OF_NETWORK = ("channels", "dropout", "seed")


def train(options: Namespace) -> None:
    """Learn from the last checkpoint to the last step. Raises Stopped when asked to stop, with the state saved."""
    dataset = soil_dataset.read(options.data)
    learn, scored = split(dataset, options)
    pods = Pods.meet(options.rendezvous_seconds)
    stop = Stop()  # after the meeting: JAX's native code takes SIGTERM for itself there
    with pods.together():
        run = Run.start(options, pods, stop, dataset, learn)
        try:
            run.learn_from(run.resume())
            if run.tracking:
                guess = run.scaling.measured(run.learning.predict(run.scaling.spectra(scored.spectra)))
                finish(options, dataset, run.settings, learn, scored, run.scaling, guess, run.tracking)
        except BaseException as error:
            if run.tracking:
                run.tracking.broken_off(error)
            raise


@dataclass
class Run:
    """One pod's part of a run."""

    options: Namespace
    pods: Pods
    stop: Stop
    settings: dict[str, Any]
    """What must not change between two tries, for the result to be the unbroken run's."""
    learning: Learning
    scaling: Scaling
    spectra: np.ndarray
    targets: np.ndarray
    checkpoints: Checkpoints | None
    """The first pod's alone, as the tracking is: the others need no volume."""
    tracking: Tracking | None = None
    saved: int = 0
    """The step of the last checkpoint."""

    @classmethod
    def start(cls, options: Namespace, pods: Pods, stop: Stop, dataset: Dataset, learn: Part) -> Run:
        devices, kind = pods.mesh.devices.size, jax.devices()[0].device_kind
        if options.require_gpu and jax.default_backend() != "gpu":
            raise Failed(f"JAX finds no GPU here, only {kind}; see to the node's driver, and that the pod asks for one")
        if options.batch_size % devices:
            raise Final(f"--batch-size must be a multiple of the {devices} devices, got {options.batch_size}")
        precision = precision_of(options.precision)
        settings = {name: getattr(options, name) for name in SETTINGS + SETTINGS_OF_NETWORK} | {"precision": precision}
        settings["dataset"] = soil_dataset.dataset.fingerprint(options.data)
        folder, scaling = options.out / "checkpoints", Scaling.of(learn, options.treatment)
        return cls(
            options,
            pods,
            stop,
            settings,
            Learning.start(options, len(dataset.axis.values), precision),
            scaling,
            scaling.spectra(learn.spectra),
            scaling.targets(learn.targets),
            Checkpoints(folder, options.keep, settings) if pods.is_first else None,
        )

    def resume(self) -> int:
        """Put the last checkpoint's state on every device, or the start's; gives its step."""
        step, arrays = 0, (self.learning.weights, self.learning.memory)
        if self.checkpoints and (found := self.checkpoints.load(lambda folder: state.read(folder, arrays))):
            step, arrays = found
        (self.learning.weights, self.learning.memory), at = self.pods.everywhere((arrays, np.int32(step)))
        self.saved = int(at)
        if self.pods.is_first:
            self.tracking = Tracking(self.options.out, self.settings, step)
            devices, kind = self.pods.mesh.devices.size, jax.devices()[0].device_kind
            say("resumed" if step else "started", step=step, pods=self.pods.count, devices=devices, device=kind)
        return self.saved

    def learn_from(self, begin: int) -> None:
        """Every step from `begin` on, with its checkpoints and its metrics."""
        options, learning, one_step = self.options, self.learning, self.learning.compiled()
        logging, asking, ask_at, loss = Pace(begin), Pace(begin), begin + 1, None
        for step in range(begin, options.steps):
            rows = batch_rows(len(self.spectra), options.batch_size, options.seed, step)
            batch = self.pods.split(self.spectra[rows]), self.pods.split(self.targets[rows])
            before = loss
            learning.weights, learning.memory, loss, norm = one_step(learning.weights, learning.memory, step, *batch)
            jax.block_until_ready(before)  # at most one step ahead of the devices, or a stop would wait for many
            done, asked = step + 1, False
            if done == ask_at:
                asked, steps = self.pods.agree(self.stop.asked, asking.steps_in(ASK_SECONDS, done))
                ask_at = done + steps
            at_checkpoint = done % options.checkpoint_steps == 0 or done == options.steps
            at_log = at_checkpoint or done % options.log_steps == 0
            if asked or at_log:
                self.must_be_finite(done, float(loss), float(norm))
            if at_log and self.tracking:
                pace = options.batch_size / logging.seconds_a_step(done)
                self.tracking.log(done, loss=float(loss), gradient_norm=float(norm), samples_per_second=round(pace, 1))
            if asked or at_checkpoint:
                self.save(done)
            if asked:
                raise Stopped.at(done)

    def must_be_finite(self, step: int, loss: float, norm: float) -> None:
        """Raise Final when the loss or its gradient isn't a number: what was learned from it must not be saved."""
        if not np.isfinite([loss, norm]).all():
            saved = self.saved
            kept = f"the checkpoint of step {saved} is kept" if saved else "there is no checkpoint before it"
            raise Final(f"step {step}: the loss is not a finite number; {kept}; lower --learning-rate")

    def save(self, step: int) -> None:
        if self.checkpoints:
            arrays = (self.learning.weights, self.learning.memory)
            self.checkpoints.save(step, lambda folder: state.write(folder, arrays))
        self.saved = step


@dataclass
class Pace:
    """How long a step takes, from one look to the next."""

    step: int
    clock: float = field(default_factory=time.monotonic)

    def seconds_a_step(self, step: int) -> float:
        """Since the last look."""
        now = time.monotonic()
        seconds = (now - self.clock) / max(1, step - self.step)
        self.step, self.clock = step, now
        return max(seconds, 1e-9)

    def steps_in(self, seconds: float, step: int) -> int:
        """About how many steps fit; at most twice as many as since the last look, as the first ones tell little."""
        since = step - self.step
        return max(1, min(2 * since, int(seconds / self.seconds_a_step(step))))
