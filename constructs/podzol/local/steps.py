"""Defines `Steps`: what a long command is doing, and one line for each thing done, with its time.

On a terminal the running step has a spinner and a bar; elsewhere there are only the lines, so logs stay readable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@dataclass
class Step:
    """The step that is running."""

    name: str
    steps: "Steps"
    task: TaskID
    note: str = ""
    """What the line says beside the name once the step is done."""
    started: float = field(default_factory=monotonic)
    seconds: float = 0.0

    def doing(self, text: str, fraction: float | None = None) -> None:
        """Say what happens right now; `fraction` (0 to 1) fills the bar."""
        self.steps.progress.update(self.task, description=escape(f"{self.name}: {text}"), completed=fraction or 0.0)

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self.steps.console.print(f"  [dim]{escape(f'{self.name}: {text}')}[/dim]")


class Steps:
    """The steps of one command.

    Args:
        console: where they are shown; standard error by default, so that standard output stays for results.
        quiet: show nothing (tests).
    """

    def __init__(self, console: Console | None = None, quiet: bool = False) -> None:
        self.console = console or Console(stderr=True, highlight=False, quiet=quiet)
        self.started = monotonic()
        self.done: list[Step] = []
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )

    @property
    def seconds(self) -> float:
        """Time since the first step began."""
        return monotonic() - self.started

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run a step; its line is printed when the block ends, with a cross when it ends in an error."""
        with self.progress:
            step = Step(name, self, self.progress.add_task(escape(name), total=1.0))
            mark = "[red]✗[/red]"
            try:
                yield step
                mark = "[green]✓[/green]"
                self.done.append(step)
            finally:
                step.seconds = monotonic() - step.started
                self.progress.remove_task(step.task)
                self.console.print(
                    f"{mark} {escape(name):<26} {escape(step.note)} [dim]{step.seconds:.1f} s[/dim]", soft_wrap=True
                )
