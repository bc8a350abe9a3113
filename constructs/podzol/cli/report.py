"""Verbs: `podzol report`."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(report)


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A recording, as `podzol record` makes it.")],
    compare: Annotated[
        Path | None, typer.Option("--compare", metavar="DIR", help="Another recording, to stand beside the first.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where the report goes; beside the recording by default."),
    ] = None,
    title: Annotated[
        str, typer.Option("--title", help="Of the report; what a scenario says of itself by default.")
    ] = "",
) -> None:
    """Make a page (report.html) and a Markdown form (report.md, pictures/) of a recording."""
    from podzol.elasticity.report import Report
    from podzol.elasticity.run import runs

    found = runs([each for each in (folder, compare) if each])
    for path in Report(title or found[0].title or "What the cluster did", found).write(out or folder):
        typer.echo(path)
