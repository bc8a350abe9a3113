"""Defines what `podzol local load` does: which load is meant, and a line whenever something changes."""

import math
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from rich.console import Console

from podzol.elasticity.recorder import Recorder
from podzol.faults import Fault, UserError
from podzol.local.load import csv_file
from podzol.local.load.answer import Answer
from podzol.local.load.driver import Driver
from podzol.local.load.shapes import Load, shaped, through, unknown

EVERY_SECONDS = 5.0
"""Between two lines while nothing changes its character."""


SHAPE, RPS, COST, SECONDS = "step", 100.0, 0.02, 120.0
"""What is offered when the options don't say."""
CORE_SECOND = 1.0


def wanted(
    shape: str | None,
    rps: float | None,
    cost: float | None,
    cpu: float | None,
    seconds: float | None,
    csv: Path | None,
) -> Load:
    """The load that the options mean, None where one isn't given.

    CPU directly is a rate of requests that take a core-second each.

    Raises:
        UserError: every option that is no number, or doesn't go with another; there is no such shape; the file is none.
    """
    numbers = {"--rps": rps, "--cost": cost, "--cpu": cpu, "--seconds": seconds}
    faults = [
        Fault(option, "must be a finite number", value)
        for option, value in numbers.items()
        if value is not None and not math.isfinite(value)
    ]
    faults += unknown(shape or SHAPE)
    if csv:
        faults += refused("--csv", {"--shape": shape, "--rps": rps, "--cpu": cpu, "--seconds": seconds})
    if cpu is not None:
        faults += refused("--cpu", {"--rps": rps, "--cost": cost})
    curve = csv_file.read(csv) if csv and not faults else None
    in_cores = curve.height == "cpu" if curve else cpu is not None
    if curve and in_cores:
        faults += refused("the column cpu", {"--cost": cost})
    if faults:
        raise UserError(faults)
    work = CORE_SECOND if in_cores else cost or COST
    if curve:
        return through(curve.points, work, in_cores)
    peak = next(height for height in (cpu, rps, RPS) if height is not None)
    return shaped(shape or SHAPE, peak, seconds or SECONDS, work, in_cores)


def refused(beside: str, options: dict[str, object]) -> Iterator[Fault]:
    """The options that are given, and don't go with another."""
    for option, value in options.items():
        if value is not None:
            yield Fault(option, f"must not go with {beside}, which says it")


def run(
    kubeconfig: Path, namespace: str, release: str, load: Load, service: str | None, recording: Path | None
) -> None:
    """Put the load on and say what becomes of it, until it is over or Ctrl-C.

    Raises:
        UserError: the release has no Service, or several.
        Failure: the cluster can't be reached, or the recording can't be written.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    lines = Lines(console, load.in_cores)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        recorder = stack.enter_context(Recorder(recording, kubeconfig)) if recording else None
        note = recorder.note if recorder else None
        driver = Driver(kubeconfig, namespace, release, load, service, note=note, on_answer=lines.tell)
        with suppress(KeyboardInterrupt), driver:
            driver.wait()
    offered, served = (sum(getattr(each, what) for _, each in driver.answered) for what in ("offered", "served"))
    part = f"{100 * served / offered:.1f} % of it served" if offered else "nothing was offered"
    unit = "core-seconds" if load.in_cores else "requests"
    console.print(f"the load is over: about {offered:,.0f} {unit}, {part}")


class Lines:
    """Prints a line when the number of pods changes, when serving stops or starts to be enough, else every 5 s."""

    def __init__(self, console: Console, in_cores: bool = False) -> None:
        self.console = console
        self.unit = " cores" if in_cores else "/s"
        self.last = (-EVERY_SECONDS, 0, False)

    def tell(self, second: float, done: Answer) -> None:
        """Print the moment, unless the last line said the same."""
        at, pods, short = self.last
        now = (second, len(done.cpu_cores), done.unserved > 0)
        if second - at < EVERY_SECONDS and now[1:] == (pods, short):
            return
        self.last = now
        latency = "" if done.latency_seconds is None else f", {1000 * done.latency_seconds:,.0f} ms"
        count = len(done.cpu_cores)
        self.console.print(
            f"{second:5.0f} s  offered {done.offered:,.1f}{self.unit}, served {done.served:,.1f}{self.unit}"
            f" by {count} pod{'s' if count != 1 else ''}"
            f" at {100 * done.utilisation:.0f} % of the CPU they may use{latency}"
        )
