"""Measure how training scales: 1, 2 and 4 pods over gloo, each pinned to one CPU, at a fixed batch that they split.

`python scaling.py` prints the table of docs/scaling.md. Samples per second need a quiet machine, and the best window of
log lines counts. CPU seconds don't: they are what the pods themselves spent, adding up gradients included.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from soil_dataset.simulate import simulate
from spectral_training.supervisor import SUPERVISED

COUNTS, BATCHES = (1, 2, 4), (64, 1024)
WINDOWS = 4
STEPS = {64: 100, 1024: 10}
"""Steps of a window: some seconds."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Pace:
    samples_per_second: float
    cpu_seconds: float
    """Of all pods, for 1000 samples."""


def cpu_seconds(process: int) -> float:
    """User and system time. Source: man 5 proc_pid_stat, fields 14 and 15, 2026-11-23."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pace(data: Path, count: int, batch: int) -> Pace:
    """Of the windows after the first, in which everything is compiled."""
    cpus = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
        probe.close()
        window = STEPS[batch]
        options = ["--steps", window * WINDOWS * 10, "--batch-size", batch, "--log-steps", window]
        options += ["--checkpoint-steps", window * WINDOWS * 10, "--channels", 32, 64, 128]
        command = [sys.executable, "-m", "spectral_training", "--data", data, "--out", f"{folder}/out", *options]
        ranks = [
            subprocess.Popen(
                ["taskset", "--cpu-list", str(cpus[rank % len(cpus)]), *map(str, command)],
                env=os.environ
                | {SUPERVISED: "1", "NPROC": "1", "OPENBLAS_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"}
                | {"JAX_COORDINATOR_ADDRESS": address, "JAX_NUM_PROCESSES": str(count), "JAX_PROCESS_ID": str(rank)},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for rank in range(count)
        ]
        paces, spent = [], []
        for line in ranks[0].stdout or ():
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("event") == "metrics":
                paces.append(said["samples_per_second"])
                spent.append(sum(cpu_seconds(rank.pid) for rank in ranks))
                if len(paces) == WINDOWS:
                    break
        for rank in ranks:
            rank.kill()
            rank.wait()
    samples = (WINDOWS - 1) * window * batch
    return Pace(max(paces[1:]), (spent[-1] - spent[0]) / samples * 1000)


def main() -> None:
    head = "| batch | pods | samples/s | speed-up | CPU seconds for 1000 samples | of them for the work itself |"
    print(head + "\n|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        simulate(2000, seed=4).write(Path(folder))
        for batch in BATCHES:
            alone = None
            for count in COUNTS:
                found = pace(Path(folder), count, batch)
                alone = alone or found
                gain = found.samples_per_second / alone.samples_per_second
                useful = alone.cpu_seconds / found.cpu_seconds
                figures = f"{found.samples_per_second:,.0f} | {gain:.2f} | {found.cpu_seconds:.2f} | {useful:.0%}"
                print(f"| {batch} | {count} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
