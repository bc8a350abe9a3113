"""Verbs: `podzol scenario list | run`."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(help="Elasticity shown: played on an elastic cluster, recorded, checked.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.add_typer(commands, name="scenario")


@commands.command("list")
def list_all() -> None:
    """Say which scenarios there are."""
    from podzol.scenarios.catalogue import SCENARIOS

    longest = max(map(len, SCENARIOS))
    for scenario in SCENARIOS.values():
        typer.echo(f"{scenario.name:<{longest}}  {scenario.title}")


@commands.command()
def run(
    scenario: Annotated[str, typer.Argument(metavar="NAME", help="Of the list.")],
    spec: Annotated[str, typer.Option(help="Cluster spec: a bundled name or a file.")] = "soil",
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Of the report and its recording; build/scenarios/NAME.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Machines and pods take seconds, for a look or a test.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the cluster running.")] = False,
    markdown: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the report in Markdown there too, its pictures beside it."),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Of the cluster.")] = "scenario",
) -> None:
    """Play a scenario; the exit code is 1 when a claim doesn't hold."""
    import signal

    from podzol.clusters.local.pace import Pace
    from podzol.clusters.specs import load_spec
    from podzol.elasticity.report import refuse_as_markdown
    from podzol.faults import Failure
    from podzol.local.cluster import Cluster
    from podzol.local.karpenter import Elastic
    from podzol.local.steps import Steps
    from podzol.scenarios import catalogue
    from podzol.scenarios.run import run as play
    from podzol.scenarios.verdicts import show

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended by a CI system, it clears up as after Ctrl-C
    steps = Steps()
    chosen = catalogue.scenario(scenario)
    if markdown:
        refuse_as_markdown(markdown)
    elastic = Elastic(load_spec(spec), Pace(fast))
    folder = report or Path("build/scenarios") / chosen.name
    outcome = play(chosen, Cluster(name), elastic, folder, steps, keep)
    show(outcome, steps.console)
    if markdown:
        outcome.report.write_markdown(markdown, markdown.stem)
    if not outcome.held:
        raise Failure(outcome.explanation())
    typer.echo(outcome.page)
