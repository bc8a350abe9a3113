"""Metrics as JSON lines, on stdout and in metrics.jsonl, and to MLflow when MLFLOW_TRACKING_URI is set.

A tracking server that can't be reached never stops a training: it is said once, and the JSON lines stay.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from lifecycle import Stopped, journal, say, write_whole


class Tracking:
    """The metrics of one run, which may be made in several tries."""

    def __init__(self, out: Path, settings: dict[str, Any], begin: int) -> None:
        self.path, self.run_file = out / "metrics.jsonl", out / "mlflow-run.txt"
        self.mlflow: Any = None
        self._keep_until(begin)
        if os.environ.get("MLFLOW_TRACKING_URI"):
            self._try(self._open, settings)

    def log(self, step: int, **metrics: float) -> None:
        """One line of metrics."""
        say("metrics", step=step, **metrics)
        with self.path.open("a") as file:
            file.write(journal.line("metrics", step=step, **metrics))
        if self.mlflow:
            self._try(lambda: self.mlflow.log_metrics(metrics, step=step))

    def close(self, scores: dict[str, float], card: Path) -> None:
        """The last metrics and the model card; the run is finished."""
        if self.mlflow:
            self._try(self._close, scores, card)

    def broken_off(self, by: BaseException) -> None:
        """The run isn't finished, as MLflow would say of it by itself when the program ends."""
        if self.mlflow:
            self._try(self.mlflow.end_run, "KILLED" if isinstance(by, Stopped) else "FAILED")

    def _keep_until(self, step: int) -> None:
        """Drop the lines of steps that will be made again, and those that a kill or a lost machine broke."""
        if self.path.exists():
            lines = self.path.read_text(errors="replace").splitlines(keepends=True)
            write_whole(self.path, "".join(line for line in lines if line.endswith("\n") and is_of(line, step)))

    def _open(self, settings: dict[str, Any]) -> None:
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")
        import mlflow

        known = self.run_file.read_text().strip() if self.run_file.exists() else None
        run = mlflow.start_run(run_id=known)
        if not known:
            mlflow.log_params(settings)
            write_whole(self.run_file, run.info.run_id + "\n")
        self.mlflow = mlflow

    def _close(self, scores: dict[str, float], card: Path) -> None:
        self.mlflow.log_metrics(scores)
        self.mlflow.log_artifact(str(card))
        self.mlflow.end_run()

    def _try(self, action: Any, *arguments: Any) -> None:
        try:
            action(*arguments)
        except Exception as error:
            self.mlflow = None
            say("tracking_lost", reason=" ".join(str(error).split())[:300])


def is_of(line: str, last_step: int) -> bool:
    """Whether it is a whole line, of a step up to this one."""
    try:
        return bool(json.loads(line)["step"] <= last_step)
    except (ValueError, KeyError, TypeError):
        return False
