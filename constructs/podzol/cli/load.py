"""Verbs: `podzol local load`."""

from pathlib import Path
from typing import Annotated

import typer

from podzol.cli.local import Name, commands


def register(app: typer.Typer) -> None:
    """Add the verb to the group `local`."""
    commands.command()(load)


def load(
    release: Annotated[str, typer.Argument(help="Helm release with the Service to put the load on.")],
    name: Name = "podzol",
    namespace: Annotated[str, typer.Option("--namespace", "-n", help="Of the release.")] = "default",
    service: Annotated[str | None, typer.Option(help="Which one, when the release has several.")] = None,
    shape: Annotated[str | None, typer.Option(help="step, ramp, day or spike; step by default.")] = None,
    rps: Annotated[float | None, typer.Option(min=0, help="Requests a second at the peak; 100 by default.")] = None,
    cost: Annotated[
        float | None, typer.Option(min=0.000001, help="Core-seconds of CPU that a request takes; 0.02 by default.")
    ] = None,
    cpu: Annotated[
        float | None, typer.Option(min=0, help="CPU cores at the peak, in the place of --rps and --cost.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=1, help="How long the shape takes; 120 by default.")] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="A shape of one's own: columns seconds,rps or seconds,cpu; straight lines between."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Record the cluster meanwhile.")] = None,
) -> None:
    """Put a load on a service of the embedded cluster: its pods' CPU rises, and the autoscalers see it."""
    from podzol.local.cluster import Cluster
    from podzol.local.load import command

    offered = command.wanted(shape, rps, cost, cpu, seconds, csv)
    cluster = Cluster(name).require_running()
    command.run(cluster.kubeconfig, namespace, release, offered, service, out)
