"""The command `podzol`: verbs only. Each file of this folder is one group; the work is done in the other rooms."""

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from typing import Annotated, NoReturn

import typer

from podzol.faults import Failure, UserError
from podzol.template import ValuesError
from podzol.version import VERSION

GROUPS: dict[str, tuple[str, ...]] = {
    "charts": (),
    "cluster": (),
    "demo": (),
    "doctor": (),
    "fit": (),
    "local": ("fault", "load"),
    "record": (),
    "report": (),
    "scenario": (),
    "synth": (),
    "toolchain": (),
    "why": (),
}
"""Modules of this folder, named as their verb or group of verbs, each with the modules that add verbs to the group.
Each defines `register(app)`. A command that names a group imports no other."""
OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Some ten megabytes. At Python's own 700, every start of a command would look for garbage a hundred times in what the
imports make, and find none."""
NO_PYDANTIC_PLUGINS = ("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""Or pydantic would look for plugins in the metadata of every installed package, which takes longer than a synth.
Source: https://docs.pydantic.dev/latest/concepts/plugins/, 2026-11-23."""

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
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    os.environ.setdefault(*NO_PYDANTIC_PLUGINS)
    for module in asked_for(sys.argv[1:]):
        importlib.import_module(f"podzol.cli.{module}").register(app)
    try:
        app()
    except (UserError, ValuesError) as error:
        end(2, *map(str, error.faults))
    except Failure as error:
        end(1, str(error))
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        end(1, f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        end(130, "interrupted")
    finally:
        gc.freeze()  # or the end of the process would look through it all once more: a quarter of a short command


def asked_for(arguments: list[str]) -> Iterator[str]:
    """The modules that the arguments need: those of the group that they open with, else all, which the help lists."""
    for group in arguments[:1] if arguments and arguments[0] in GROUPS else GROUPS:
        yield group
        yield from GROUPS[group]


def end(code: int, *messages: str) -> NoReturn:
    """Tell why, and exit."""
    from rich.console import Console

    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for message in messages:
        errors.print(f"podzol: {message}", markup=False)
    sys.exit(code)
