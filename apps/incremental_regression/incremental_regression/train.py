"""The training run: predict a batch, learn it, and now and then save the model and the cursor together."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from dataclasses import asdict, dataclass, field
from pathlib import Path

import joblib
import numpy as np

from incremental_regression.learner import Diverged, Learner
from incremental_regression.stream import Cursor, Stream
from lifecycle import Checkpoints, Final, Stop, Stopped, say, whole_file, write_whole

SETTINGS = ("target", "batch_rows", "learning_rate", "alpha", "seed")


@dataclass
class Scores:
    """How well batches were predicted before they were learned: sums over all rows but the first batch's."""

    rows: int = 0
    absolute_error: float = 0.0
    squared_error: float = 0.0
    target: float = 0.0
    target_squared: float = 0.0

    def add(self, target: np.ndarray, guess: np.ndarray) -> None:
        self.rows += len(target)
        self.absolute_error += float(np.abs(target - guess).sum())
        self.squared_error += float(((target - guess) ** 2).sum())
        self.target += float(target.sum())
        self.target_squared += float((target**2).sum())

    def summary(self) -> dict[str, float | int | None]:
        """Mean absolute error, and R² (None while the target hasn't varied)."""
        spread = self.target_squared - self.target**2 / self.rows if self.rows else 0.0
        return {
            "scored_rows": self.rows,
            "mean_absolute_error": self.absolute_error / self.rows if self.rows else None,
            "r2": 1 - self.squared_error / spread if spread > 0 else None,
        }


@dataclass
class Run:
    """The whole state of a run: what a checkpoint holds."""

    learner: Learner
    step: int = 0
    cursor: Cursor = field(default_factory=Cursor)
    scores: Scores = field(default_factory=Scores)

    def write(self, folder: Path) -> None:
        self.learner.write(folder / "model.npz")
        place = {"cursor": asdict(self.cursor), "scores": asdict(self.scores)}
        (folder / "cursor.json").write_text(json.dumps(place, indent=1) + "\n")

    def read(self, folder: Path) -> None:
        saved = json.loads((folder / "cursor.json").read_text())
        self.cursor = Cursor(**{**saved["cursor"], "begun": tuple(saved["cursor"]["begun"])})
        self.scores = Scores(**saved["scores"])
        self.learner.read(folder / "model.npz")


def train(options: Namespace) -> None:
    """Learn the stream from the last checkpoint to its end. Raises Stopped when asked to stop, with the state saved."""
    stop, stream = Stop(), Stream(options.data, options.target, options.batch_rows)
    settings = {name: getattr(options, name) for name in SETTINGS} | {"columns": stream.columns}
    checkpoints = Checkpoints(options.out / "checkpoints", options.keep, settings)
    run = Run(Learner(options.learning_rate, options.alpha, options.seed))
    resume(run, checkpoints, stream)
    learn(run, options, stream, checkpoints, stop)
    finish(run, options.out, checkpoints)


def resume(run: Run, checkpoints: Checkpoints, stream: Stream) -> None:
    """Go on where the last try stopped, if there was one."""
    found = checkpoints.load(run.read)
    run.step = found[0] if found else 0
    say("resumed" if found else "started", step=run.step, rows=run.cursor.rows, file=run.cursor.file or stream.files[0])


def learn(run: Run, options: Namespace, stream: Stream, checkpoints: Checkpoints, stop: Stop) -> None:
    """Every batch from the cursor on, each predicted before it is learned."""
    begun, rows_before = time.monotonic(), run.cursor.rows
    for batch in stream.batches(run.cursor):
        first = not run.learner.has_learned
        try:
            guess = run.learner.learn(batch.features, batch.target)
        except Diverged as error:
            raise Final(f"step {run.step + 1}: the model diverged: {error}; lower --learning-rate") from error
        if not first:
            run.scores.add(batch.target, guess)
        run.step, run.cursor = run.step + 1, batch.after
        if run.step % options.checkpoint_steps == 0:
            checkpoints.save(run.step, run.write)
            pace = (run.cursor.rows - rows_before) / (time.monotonic() - begun)
            say("checkpoint", step=run.step, rows=run.cursor.rows, rows_per_second=round(pace), **run.scores.summary())
        stop.pause(options.pause_seconds)
        if stop.asked:
            checkpoints.save(run.step, run.write)
            raise Stopped.at(run.step)


def finish(run: Run, out: Path, checkpoints: Checkpoints) -> None:
    """Save the end of the stream too, so that a later run learns only what was added; then the model for its users."""
    if not run.learner.has_learned:
        raise Final("the stream holds a header and no rows; there is nothing to learn")
    checkpoints.save(run.step, run.write)
    scores = {"step": run.step, "rows": run.cursor.rows, **run.scores.summary()}
    with whole_file(out / "model.joblib") as beside:
        joblib.dump(run.learner.pipeline(), beside)
    write_whole(out / "scores.json", json.dumps(scores, indent=1) + "\n")
    say("done", **scores)
