"""The program, run as a process of its own, without paying scikit-learn's import each time."""

import json
import os
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import incremental_regression.train  # noqa: F401  (imported here once, not by every fork)
import pytest
from incremental_regression.__main__ import main
from incremental_regression.generate import generate


@dataclass
class Ended:
    """How the process ended: its exit code (minus the signal when killed), its events, its last words."""

    code: int
    events: list[dict]
    error: str

    def named(self, event: str) -> list[dict]:
        return [line for line in self.events if line["event"] == event]


@pytest.fixture
def stream(tmp_path):
    """Three files of 40, 40 and 40 rows: 5 batches of 10 rows do not fit a file evenly when 15 are asked."""
    generate(tmp_path / "stream", files=3, rows=40, seed=7)
    return tmp_path / "stream"


@pytest.fixture
def train(tmp_path, stream):
    """Run `incremental-regression train` in a fork, and send it a signal after a while if asked to."""

    def run(*extra, out=tmp_path / "out", send=None, after_seconds=0.0, after_event=None, data=stream) -> Ended:
        arguments = ["train", "--data", data, "--out", out, "--batch-rows", 15, "--checkpoint-steps", 2, *extra]
        log = tmp_path / "log"
        shutil.rmtree(log, ignore_errors=True)
        log.mkdir()
        (log / "stdout").touch()
        (log / "stderr").touch()
        child = os.fork()
        if child == 0:
            become(log, [str(argument) for argument in arguments])
        if send:
            wait_for(log / "stdout", after_event)
            time.sleep(after_seconds)
            os.kill(child, send)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        lines = (log / "stdout").read_text().splitlines(keepends=True)
        return Ended(code, [json.loads(line) for line in lines if line.endswith("\n")], (log / "stderr").read_text())

    return run


def become(log: Path, arguments: list[str]) -> None:
    """Be the program: its arguments, its own output, the signals as a fresh process has them."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdout = (log / "stdout").open("w")
    sys.stderr = (log / "stderr").open("w")
    sys.argv = ["incremental-regression", *arguments]
    try:
        main()
    except SystemExit as leaving:
        sys.stdout.flush()
        os._exit(int(leaving.code or 0))


def wait_for(log: Path, event: str | None) -> None:
    end = time.monotonic() + 20
    while event and (not log.exists() or f'"event": "{event}"' not in log.read_text()):
        assert time.monotonic() < end, f"no {event} within 20 seconds"
        time.sleep(0.002)
