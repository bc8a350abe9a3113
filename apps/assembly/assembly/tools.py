"""Runs fastp and MEGAHIT: their output goes to a log, a stop reaches them, and their failure is told in one line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from lifecycle import Failed, Final, Killed, Stop, Stopped

STOP_SECONDS = 5
"""Given to a tool to end after SIGTERM; less than the 15 that a spot machine on GKE leaves a pod."""
LOOK_SECONDS = 0.1
FULL_SHARE = 0.05
"""With less than this left, a full volume is the likely cause of a failure."""
KILLED = {-signal.SIGKILL, 256 - signal.SIGKILL}
"""Exit codes of a tool that was killed, and of MEGAHIT when a program that it runs was."""
WITH_ME = ("setpriv", "--pdeathsig", "KILL")
"""So that a tool doesn't outlive a killed program and write beside the next try. Source: man 1 setpriv, 2026-11-23."""


def run(command: list[str | Path], log: Path, stop: Stop) -> None:
    """Run a tool to its end. Raises Stopped when asked to stop, Killed or Failed when the tool was or did."""
    tool = str(command[0])
    if not shutil.which(tool):
        raise Final(f"{tool} isn't installed; take the program's container, or install the Debian package {tool}")
    with log.open("ab") as output:
        child = subprocess.Popen(
            [*WITH_ME, *map(str, command)], stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0
        )
        try:
            while child.poll() is None and not stop.asked:
                try:
                    child.wait(LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            end(child)
    if stop.asked:
        raise Stopped(f"stopped while {tool} ran, as asked; the next try goes on from there")
    if child.returncode in KILLED:
        raise Killed(f"{tool} was killed, most likely for its memory; give the container more, or fewer threads")
    if child.returncode:
        why = f"{tool} failed ({ended(child.returncode)}){room(log.parent)}"
        raise Failed(f"{why}: {last_line(log)}; all it said is in {log}")


def end(child: subprocess.Popen[bytes]) -> None:
    """End the tool and whatever it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is None:
            os.killpg(child.pid, number)
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue


def room(folder: Path) -> str:
    """Words on a volume that is all but full, as that is the likely cause and the tools don't tell; else none."""
    total, _, free = shutil.disk_usage(folder)
    return f", and its volume has {free >> 20} MiB left; give it more room" if free < FULL_SHARE * total else ""


def ended(code: int) -> str:
    return f"exit code {code}" if code > 0 else signal.Signals(-code).name


def last_line(log: Path) -> str:
    """The last line of the log that says something."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
