"""Measure how training scales: 1, 2 and 4 pods over gloo, each pinned to one CPU, at a fixed batch that they split.

`python scaling.py` prints the table of docs/scaling.md, in some three minutes. Of the windows between two lines of
metrics the quickest counts, as another program can only make one slower. CPU seconds are what the pods spent.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from soil_dataset.simulate import simulate
from spectral_training.supervisor import SUPERVISED

COUNTS, BATCHES = (1, 2, 4), (64, 1024)
WINDOWS = 4
"""And one before them, in which everything is compiled."""
STEPS = {64: 100, 1024: 10}
"""Steps of a window: some seconds."""
TICKS = os.sysconf("SC_CLK_TCK")
CPUS = sorted(os.sched_getaffinity(0))
HEAD = """\
| batch | pods | samples/s | speed-up | efficiency | ms a step | of them agreeing | CPU s for 1000 samples |
|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Pace:
    """How fast some pods train."""

    step_seconds: float
    cpu_seconds: float
    """Of all pods, for 1000 samples."""


def cpu_seconds(process: int) -> float:
    """User and system time. Source: man 5 proc_pid_stat, fields 14 and 15, 2026-11-23."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def training(data: Path, count: int, batch: int) -> Iterator[list[subprocess.Popen[str]]]:
    """The pods, which train for longer than anyone looks."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        steps = STEPS[batch] * WINDOWS * 10
        options = ["--steps", steps, "--checkpoint-steps", steps, "--log-steps", STEPS[batch], "--batch-size", batch]
        options += ["--channels", 32, 64, 128, "--data", data, "--out", f"{folder}/out"]
        program = [sys.executable, "-m", "spectral_training", *options]
        one_thread = {"NPROC": "1", "OPENBLAS_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu", SUPERVISED: "1"}
        place = {"JAX_COORDINATOR_ADDRESS": address, "JAX_NUM_PROCESSES": str(count)}
        pods = [
            subprocess.Popen(
                ["taskset", "--cpu-list", str(CPUS[rank % len(CPUS)]), *map(str, program)],
                env=os.environ | one_thread | place | {"JAX_PROCESS_ID": str(rank)},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for rank in range(count)
        ]
        try:
            yield pods
        finally:
            for pod in pods:
                pod.kill()
                pod.wait()


def pace(data: Path, count: int, batch: int) -> Pace:
    """Of the windows after the first."""
    rates, spent = [], []
    with training(data, count, batch) as pods:
        for line in pods[0].stdout or ():
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("event") == "metrics":
                rates.append(said["samples_per_second"])
                spent.append(sum(cpu_seconds(pod.pid) for pod in pods))
            if len(rates) > WINDOWS:
                break
    samples = WINDOWS * STEPS[batch] * batch
    return Pace(batch / max(rates[1:]), (spent[-1] - spent[0]) / samples * 1000)


def row(batch: int, count: int, found: Pace, alone: Pace) -> str:
    """A row of the table. Pods that have a CPU each do their shares of the work at the same time; what a step takes
    beyond that, they spend on adding up gradients and on waiting for each other."""
    speed_up = alone.step_seconds / found.step_seconds
    agreeing = max(0.0, found.step_seconds - alone.step_seconds / min(count, len(CPUS)))
    return (
        f"| {batch} | {count} | {batch / found.step_seconds:,.0f} | {speed_up:.2f} | {speed_up / count:.0%} "
        f"| {1000 * found.step_seconds:.0f} | {1000 * agreeing:.0f} | {found.cpu_seconds:.2f} |"
    )


def main() -> None:
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        simulate(2000, seed=4).write(Path(folder))
        for batch in BATCHES:
            alone = pace(Path(folder), 1, batch)
            for count in COUNTS:
                found = alone if count == 1 else pace(Path(folder), count, batch)
                print(row(batch, count, found, alone), flush=True)


if __name__ == "__main__":
    main()
