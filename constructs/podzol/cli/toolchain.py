"""Verbs: `podzol toolchain install` and `podzol toolchain path`."""

from typing import Annotated

import typer

commands = typer.Typer(help="The programs of the embedded cluster.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.add_typer(commands, name="toolchain")


@commands.command()
def install(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Tools or groups of tools.")] = None,
    build: Annotated[bool, typer.Option("--build", help="Build from the pinned Go modules; download nothing.")] = False,
) -> None:
    """Install the tools: found, else downloaded and checked, else built from Go modules.

    Groups: cluster (the default), autoscaling, distributed, labs, test. With release files it takes about a minute.
    Built from an empty Go cache on two cores, cluster takes about eight minutes, once.
    """
    from podzol.local.steps import Steps
    from podzol.local.toolchain.install import install as install_tools
    from podzol.local.toolchain.tools import select

    steps = Steps()
    installed = install_tools(select(names or ["cluster"]), steps, build_only=build)
    fresh = sum(tool.how != "found" for tool in installed)
    steps.console.print(f"{len(installed)} tools ready, {fresh} of them new, in {steps.seconds:.0f} s")


@commands.command()
def path() -> None:
    """Print the folder of the installed programs, for PATH: export PATH="$(podzol toolchain path):$PATH"."""
    from podzol.local.toolchain.cache import bin_folder

    typer.echo(bin_folder())
