"""Verbs: `podzol demo`."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the clusters for a look around.")] = False,
    name: Annotated[str, typer.Option("--name", help="Of the cluster.")] = "demo",
) -> None:
    """From Python to Helm releases on a real Kubernetes API on this machine, elastic too, in under three minutes."""
    import signal

    from podzol.demo.demo import run, scale, show
    from podzol.local.cluster import Cluster
    from podzol.local.steps import Steps

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended by a CI system, it clears up as after Ctrl-C
    steps = Steps()
    cluster = Cluster(name)
    stories = run(Path(), cluster, steps, keep)
    show(stories)
    elastic = Cluster(f"{name}-elastic")
    outcome = scale(Path(), elastic, steps, keep)
    steps.console.print(f"all of it in {steps.seconds:.0f} s; the report: {outcome.page}", soft_wrap=True)
    for each in (cluster, elastic) if keep else ():
        steps.console.print(f'to look around: eval "$(podzol local kubeconfig --export{each.option})"')
        steps.console.print(f"to end it: podzol local down{each.option}")
