"""For tests: a program as a process of its own, forked so that its imports are paid once, and what it left behind; and
the commands of a README."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEADLINE_SECONDS = 300
"""Far longer than anything takes, on a machine that does much else too."""


@dataclass
class Ended:
    """How the process ended: its exit code (minus the signal when killed), its events, its last words."""

    code: int
    events: list[dict[str, Any]]
    error: str

    def named(self, event: str) -> list[dict[str, Any]]:
        """The events of one kind."""
        return [line for line in self.events if line["event"] == event]


class Trial:
    """`main` running in a fork with these arguments; its output goes to files in `log`."""

    def __init__(
        self, main: Callable[[], None], arguments: list[Any], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        shutil.rmtree(log, ignore_errors=True)
        log.mkdir(parents=True)
        self.log = log
        for name in ("stdout", "stderr"):
            (log / name).touch()
        self.pid = os.fork()
        if self.pid == 0:
            become(main, [str(argument) for argument in arguments], log, environment or {})

    def wait_for(self, event: str, times: int = 1) -> Trial:
        """Until it has said this so many times, or has ended."""
        end = time.monotonic() + DEADLINE_SECONDS
        while (self.log / "stdout").read_text().count(f'"event": "{event}"') < times:
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                break
            assert time.monotonic() < end, f"no {event} within {DEADLINE_SECONDS} seconds"
            time.sleep(0.002)
        return self

    def send(self, number: int, after_seconds: float = 0.0) -> Trial:
        """A signal, in a moment."""
        time.sleep(after_seconds)
        os.kill(self.pid, number)
        return self

    def end(self) -> Ended:
        """Wait for its end; a line that a kill cut off is left out."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not (done := os.waitpid(self.pid, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.002)
        lines = (self.log / "stdout").read_text().splitlines(keepends=True)
        events = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]
        return Ended(os.waitstatus_to_exitcode(done[1]), events, (self.log / "stderr").read_text())


def become(main: Callable[[], None], arguments: list[str], log: Path, environment: Mapping[str, str]) -> None:
    """Be the program: its arguments and environment, its own output, signals as a fresh process has them."""
    code = 70
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(log / name, os.O_WRONLY | os.O_APPEND), number)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        sys.argv = ["program", *arguments]
        os.environ.update(environment)
        main()
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def follow(readme: Path, changes: Mapping[str, str]) -> str:
    """Run the commands of a program's README from the repository's root, as a reader does, with some words changed;
    gives what they wrote."""
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```", readme.read_text(), re.MULTILINE | re.DOTALL))
    for words, others in changes.items():
        assert words in script, f"{readme} doesn't say {words!r} any more"
        script = script.replace(words, others)
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=readme.parents[2], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
