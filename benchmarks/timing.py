"""Defines how things are timed: whole processes against each other, in turns; and calls within this process."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence


def seconds_of_each(
    commands: Mapping[str, Sequence[str]], rounds: int, environment: Mapping[str, str]
) -> dict[str, list[float]]:
    """Wall-clock seconds of whole processes, from start to exit. They take turns, so that a busy spell of the machine
    falls on all of them; the first round fills caches, Python's bytecode among them, and isn't counted."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env={**variables, **environment})
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def median_ratio(seconds: Sequence[float], of_peer: Sequence[float]) -> float:
    """Median over the rounds of the ratio within a round."""
    return statistics.median(mine / peer for mine, peer in zip(seconds, of_peer, strict=True))


def median_seconds(call: Callable[[], object], rounds: int) -> float:
    """Median wall-clock seconds of a call in this process."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
