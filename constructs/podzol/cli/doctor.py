"""Verbs: `podzol doctor`."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Say what is there of what Podzol needs, and what to do; exit 1 when something needed is missing."""
    import json

    from podzol.local.doctor import examine, show

    findings = examine()
    if as_json:
        typer.echo(json.dumps([vars(finding) for finding in findings], indent=2))
    else:
        show(findings)
    if any(finding.verdict == "missing" for finding in findings):
        raise typer.Exit(1)
