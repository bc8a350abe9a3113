"""Verbs: `podzol local`."""

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
