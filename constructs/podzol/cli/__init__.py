"""The command `podzol`: verbs only. Each file of this folder is one group; the work is done in the other rooms."""

import importlib
import sys
from typing import Annotated

import typer
from rich.console import Console

from podzol.faults import Failure, UserError
from podzol.template.faults import ValuesError
from podzol.version import VERSION

GROUPS = ("charts", "cluster", "demo", "doctor", "fit", "local", "load", "record", "report", "synth", "toolchain")
"""Modules of this folder; each defines `register(app)`, which adds its verbs."""

app = typer.Typer(
    name="podzol",
    help="Helm charts and manifests from one Python function, for teams that train models on Kubernetes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"podzol {VERSION}")
        raise typer.Exit


@app.callback()
def common(
    _version: Annotated[bool, typer.Option("--version", callback=version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Helm charts and manifests from one Python function."""


def main() -> None:
    """Run the command; every error that a person can meet ends in one clear message and an exit code."""
    for group in GROUPS:
        importlib.import_module(f"podzol.cli.{group}").register(app)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except (UserError, ValuesError) as error:
        for fault in error.faults:
            errors.print(f"podzol: {fault}", markup=False)
        sys.exit(2)
    except Failure as error:
        errors.print(f"podzol: {error}", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        errors.print(f"podzol: {error.filename or 'the system'}: {error.strerror or error}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        errors.print("podzol: interrupted")
        sys.exit(130)
