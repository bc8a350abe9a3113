"""Defines what `podzol local load` does: which load is meant, and a line whenever something changes."""

import signal
from contextlib import ExitStack, suppress
from pathlib import Path

from rich.console import Console

from podzol.elasticity.recorder import Recorder
from podzol.local.load import csv_file
from podzol.local.load.answer import Answer
from podzol.local.load.driver import Driver
from podzol.local.load.shapes import Load, shaped, through

EVERY_SECONDS = 5.0
"""Between two lines while nothing changes its character."""


def wanted(shape: str, rps: float, cost: float, cpu: float | None, seconds: float, csv: Path | None) -> Load:
    """The load that the options mean. CPU directly is a rate of requests that take a core-second each.

    Raises:
        UserError: there is no such shape, or the file is none.
    """
    if cpu is not None:
        rps, cost = cpu, 1.0
    if csv:
        return through(csv_file.read(csv), cost)
    return shaped(shape, rps, seconds, cost)


def run(
    kubeconfig: Path, namespace: str, release: str, load: Load, service: str | None, recording: Path | None
) -> None:
    """Put the load on and say what becomes of it, until it is over or Ctrl-C.

    Raises:
        UserError: the release has no Service, or several.
        Failure: the cluster can't be reached, or the recording can't be written.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    lines = Lines(console)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        recorder = stack.enter_context(Recorder(recording, kubeconfig)) if recording else None
        note = recorder.note if recorder else None
        driver = Driver(kubeconfig, namespace, release, load, service, note=note, on_answer=lines.tell)
        with suppress(KeyboardInterrupt), driver:
            driver.wait()
    offered, served = (sum(getattr(each, what) for _, each in driver.answered) for what in ("offered", "served"))
    part = f"{100 * served / offered:.1f} % of it served" if offered else "nothing was offered"
    console.print(f"the load is over: about {offered:,.0f} requests, {part}")


class Lines:
    """Prints a line when the number of pods changes, when serving stops or starts to be enough, else every 5 s."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.last = (-EVERY_SECONDS, 0, False)

    def tell(self, second: float, done: Answer) -> None:
        """Print the moment, unless the last line said the same."""
        at, pods, short = self.last
        now = (second, len(done.cpu_cores), done.unserved > 0)
        if second - at < EVERY_SECONDS and now[1:] == (pods, short):
            return
        self.last = now
        latency = "" if done.latency_seconds is None else f", {1000 * done.latency_seconds:,.0f} ms"
        self.console.print(
            f"{second:5.0f} s  offered {done.offered:,.1f}/s, served {done.served:,.1f}/s by {len(done.cpu_cores)} pods"
            f" at {100 * done.utilisation:.0f} % of the CPU they may use{latency}"
        )
