"""Verbs: `podzol cluster render | list | show | machines | schema`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from podzol.clusters.spec import ClusterSpec, Provider

cluster_app = typer.Typer(name="cluster", help="Clusters: one spec for EKS, GKE and locally.", no_args_is_help=True)

Spec = Annotated[str, typer.Argument(metavar="SPEC", help="A bundled spec (soil, soil-small) or a YAML file.")]
Specs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SPEC]...", help="Bundled specs or YAML files; else all that are bundled."),
]
OnlyProvider = Annotated[str | None, typer.Option("--provider", help="eks, gke or local; else all of the spec.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a file would change.")]


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.add_typer(cluster_app)


@cluster_app.command()
def render(
    specs: Specs = None,
    provider: OnlyProvider = None,
    out: Annotated[Path, typer.Option(help="Folder of the generated clusters.")] = Path("clusters"),
    check: Check = False,
) -> None:
    """Write what makes the cluster: CLUSTERS/NAME/PROVIDER."""
    from podzol.clusters import bundled
    from podzol.clusters.folder import check as check_folder
    from podzol.clusters.folder import write
    from podzol.clusters.refusals import warned
    from podzol.clusters.render import render as rendered
    from podzol.clusters.schema import FILE, schema_text
    from podzol.clusters.specs import load_specs

    folders = {}
    for spec in load_specs(specs or bundled()):
        for warning in warned(spec):
            typer.echo(f"warning: {spec.name}: {warning}", err=True)
        for each in chosen(spec, provider):
            folders[out / spec.name / each] = rendered(spec, each)
    if not specs:
        folders[out] = {FILE: schema_text()}
    if check:
        check_folder(folders)
        typer.echo(f"{out} is what the specs make: {len(folders)} folders")
        return
    for folder, files in folders.items():
        write(folder, files)
        typer.echo(f"{folder}: {', '.join(sorted(files))}")


@cluster_app.command("list")
def list_() -> None:
    """Show the bundled specs."""
    from rich.console import Console
    from rich.table import Table

    from podzol.clusters import bundled, load_spec
    from podzol.clusters.prices import cluster_price, written

    table = Table("spec", "pools", "EKS, USD an hour", "GKE, USD an hour", box=None)
    for name in bundled():
        spec = load_spec(name)
        prices = (cluster_price(spec, "eks"), cluster_price(spec, "gke"))
        pools = ", ".join(f"{pool.name} {pool.min}..{pool.max}" for pool in spec.pools)
        table.add_row(name, pools, *(f"{written(each.least)} to {written(each.most)}" for each in prices))
    Console().print(table)


@cluster_app.command()
def show(spec: Spec, provider: OnlyProvider = None) -> None:
    """Show the pools of a spec: machines, what a node offers, what it costs an hour."""
    from rich.console import Console

    from podzol.clusters import load_spec
    from podzol.clusters.refusals import warned
    from podzol.clusters.tables_for_people import closing_line, pool_table

    found, console = load_spec(spec), Console()
    for each in chosen(found, provider):
        console.print(pool_table(found, each))
        console.print(closing_line(found, each), style="dim", highlight=False)
        console.print()
    for warning in warned(found):
        console.print(f"warning: {warning}", markup=False, highlight=False)


@cluster_app.command()
def machines(
    cloud: Annotated[str, typer.Argument(help="eks or gke.")],
    gpu: Annotated[bool, typer.Option("--gpu", help="Only machines with GPUs.")] = False,
) -> None:
    """Show the machine types that a spec may name."""
    from rich.console import Console

    from podzol.clusters.tables_for_people import machine_table

    Console().print(machine_table(cloud, gpu))


@cluster_app.command()
def schema() -> None:
    """Print the JSON schema of a spec."""
    from podzol.clusters.schema import schema_text

    typer.echo(schema_text(), nl=False)


def chosen(spec: "ClusterSpec", provider: str | None) -> "list[Provider]":
    """The provider of the command line, or all that the spec has. Raises UserError for another word."""
    from podzol.clusters.render import PROVIDERS, providers_of
    from podzol.faults import Fault, UserError

    if provider is None:
        return providers_of(spec)
    found = [each for each in PROVIDERS if each == provider]
    if not found:
        raise UserError([Fault("--provider", f"must be one of {', '.join(PROVIDERS)}", provider)])
    return found
