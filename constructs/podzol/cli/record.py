"""Verbs: `podzol record`."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(record)


def record(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder of the recording; continued if there is one.")
    ],
    kubeconfig: Annotated[
        Path | None, typer.Option("--kubeconfig", help="Of the cluster; that of kubectl by default.")
    ] = None,
    context: Annotated[
        str | None, typer.Option("--context", help="Of the kubeconfig; the current one by default.")
    ] = None,
    namespace: Annotated[
        str | None, typer.Option("--namespace", "-n", help="Only its objects, and the nodes; all by default.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="End by itself after so many seconds.")] = None,
) -> None:
    """Record what happens on a cluster, until Ctrl-C: nodes, pods, autoscalers, jobs, events, metrics."""
    import signal

    from rich.console import Console

    from podzol.elasticity.recorder import Recorder

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Recorder(out, kubeconfig, namespace, context) as recorder:
        for kind, why in recorder.refused.items():
            console.print(f"not recorded: {kind} ({why})", markup=False)
        console.print("recording; Ctrl-C ends it" if seconds is None else f"recording for {seconds:g} s")
        with suppress(KeyboardInterrupt):
            recorder.wait(seconds)
    console.print(f"{recorder.counted} records in {out}. To see them: podzol report {out}", markup=False)
