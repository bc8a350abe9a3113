"""Defines how the outcome of a run is shown."""

from rich.console import Console
from rich.text import Text

from podzol.elasticity.words import duration
from podzol.scenarios.played import Outcome


def show(outcome: Outcome, console: Console) -> None:
    """Every claim, with a mark and with what speaks against it."""
    console.print()
    for verdict in outcome.verdicts:
        mark = ("✓ ", "green") if verdict.held else ("✗ ", "red")
        found = verdict.found
        said = (
            (f": {found.against}", "red") if found.against else (f" ({found.measured})" * bool(found.measured), "dim")
        )
        console.print(Text.assemble(mark, verdict.sentence, said), soft_wrap=True)
    held = sum(verdict.held for verdict in outcome.verdicts)
    console.print(
        f"{outcome.scenario.name}: {held} of {len(outcome.verdicts)} claims hold, {duration(outcome.seconds)}"
    )
