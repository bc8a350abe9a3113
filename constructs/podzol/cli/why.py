"""Verbs: `podzol why`."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(why)


def why(
    name: Annotated[
        str, typer.Argument(metavar="RELEASE|WORKLOAD", help="A Helm release, or kind/name such as job/train.")
    ],
    namespace: Annotated[
        str | None, typer.Option("--namespace", "-n", help="Where it is; that of kubectl's context by default.")
    ] = None,
    kubeconfig: Annotated[
        Path | None, typer.Option("--kubeconfig", help="Of the cluster; that of kubectl by default.")
    ] = None,
    context: Annotated[
        str | None, typer.Option("--context", help="Of the kubeconfig; the current one by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Say why it isn't running, the likeliest reason first, and what to do. Exit code 1: it isn't."""
    import json

    from podzol.why import answer, find, read, text

    evidence, place = read(kubeconfig, namespace, context)
    found = answer(find(evidence, place, name))
    typer.echo(json.dumps(found.to_json(), indent=2) if as_json else "\n".join(text(found)))
    if not found.runs:
        raise typer.Exit(1)
