"""Verbs: `podzol demo`."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the cluster and the releases for a look around.")] = False,
    name: Annotated[str, typer.Option("--name", help="Of the cluster.")] = "demo",
) -> None:
    """From Python to Helm releases on a real Kubernetes API on this machine, and back, in under two minutes."""
    from podzol.demo.demo import run, show
    from podzol.local.cluster import Cluster
    from podzol.local.steps import Steps

    steps = Steps()
    cluster = Cluster(name)
    stories = run(Path(), cluster, steps, keep)
    show(stories)
    steps.console.print(f"all of it in {steps.seconds:.0f} s")
    if keep:
        steps.console.print(f'to look around: eval "$(podzol local kubeconfig --export{cluster.option})"')
        steps.console.print(f"to end it: podzol local down{cluster.option}")
