"""Verbs: `podzol fit`."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(fit)


def fit(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="CHART-OR-MANIFESTS...", help="A Helm chart folder, manifests, or - for stdin."),
    ],
    spec: Annotated[
        str | None, typer.Option("--cluster", help="A bundled spec (soil, soil-small) or a YAML file.")
    ] = None,
    provider: Annotated[str | None, typer.Option("--provider", help="eks, gke or local; else all of the spec.")] = None,
    kubeconfig: Annotated[
        Path | None, typer.Option("--kubeconfig", help="Ask the nodes of a running cluster instead.")
    ] = None,
    values: Annotated[
        list[Path] | None, typer.Option("--values", "-f", help="A values file for the Helm chart.")
    ] = None,
    namespace: Annotated[str, typer.Option("--namespace", "-n", help="Of objects that name none.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Say whether workloads will run on a cluster, before anything is deployed. Exit code 1: one does not fit."""
    import json

    from rich.console import Console

    from podzol.fit import check, manifests, table
    from podzol.fit.clusters import clusters
    from podzol.local.toolchain import require

    objects = manifests.asked_about(sources, lambda: require("helm"), values or (), namespace)
    found = clusters(spec, provider, kubeconfig, lambda: require("kubectl"), objects, namespace)
    reports = [check(objects, cluster, namespace) for cluster in found]
    if as_json:
        typer.echo(json.dumps([report.to_json() for report in reports], indent=2))
    else:
        console = Console()
        for report in reports:
            console.print(table.summary(report))
            for text in table.reasons(report):
                console.print(f"\n{text}", markup=False, highlight=False, soft_wrap=True)
            console.print(f"\n{table.closing(report)}\n", markup=False, highlight=False, soft_wrap=True)
    if not all(report.fits for report in reports):
        raise typer.Exit(1)
