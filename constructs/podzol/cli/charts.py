"""Verbs: `podzol charts build | package | list | lint`."""

from pathlib import Path
from typing import Annotated

import typer

charts_app = typer.Typer(name="charts", help="Helm charts: build, lint, package, list.", no_args_is_help=True)

Apps = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[APP]...", help="Python files that define a Platform; else apps/*/application.py."),
]
Changelog = Annotated[Path, typer.Option(help="The changelog that dates the version.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a file would change.")]


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.add_typer(charts_app)


def default_apps() -> list[Path]:
    return sorted(Path("apps").glob("*/application.py"))


@charts_app.command()
def build(
    apps: Apps = None,
    out: Annotated[Path, typer.Option(help="Folder of the chart folders.")] = Path("charts"),
    changelog: Changelog = Path("CHANGELOG.md"),
    check: Check = False,
) -> None:
    """Write the chart folders, all their files generated."""
    from podzol.charts import build as charts
    from podzol.charts.catalogue import all_charts

    folders = charts.folders(all_charts(apps or default_apps()), changelog)
    if check:
        charts.check(out, folders)
        typer.echo(f"{out} is what the workloads make: {len(folders)} Helm charts")
        return
    for path in charts.write(out, folders):
        typer.echo(path)
    typer.echo(f"{len(folders)} Helm charts in {out}")


@charts_app.command()
def package(
    apps: Apps = None,
    out: Annotated[Path, typer.Option(help="Folder of the Helm repository.")] = Path("dist/charts"),
    changelog: Changelog = Path("CHANGELOG.md"),
    check: Check = False,
) -> None:
    """Package the Helm charts and add them to the repository, which only ever grows."""
    from podzol.charts import build as charts
    from podzol.charts.catalogue import all_charts

    if check:
        packages = charts.check_packages(out, all_charts(apps or default_apps()), changelog)
        typer.echo(f"{out} holds the {len(packages)} packages of this version, byte for byte")
        return
    packages, added = charts.package(out, all_charts(apps or default_apps()), changelog)
    for each in packages:
        typer.echo(f"{out / each.file_name}  {'added' if each in added else 'there already'}  sha256 {each.digest}")


@charts_app.command("list")
def list_charts(apps: Apps = None) -> None:
    """List the Helm charts and their worked examples."""
    from rich.console import Console
    from rich.table import Column, Table

    from podzol.charts.catalogue import all_charts

    table = Table(Column("Helm chart", no_wrap=True), "version", "what it is", Column("examples", no_wrap=True))
    for chart in all_charts(apps or default_apps()):
        examples = "\n".join(example.name for example in chart.examples)
        table.add_row(chart.name, chart.version, chart.description, examples)
    Console().print(table)


@charts_app.command()
def lint(charts: Annotated[Path, typer.Argument(help="Folder of the chart folders.")] = Path("charts")) -> None:
    """Run `helm lint --strict` over every chart folder with its defaults and with each of its examples."""
    from rich.console import Console
    from rich.progress import track

    from podzol.charts.lint import lint_all, scenarios
    from podzol.local.toolchain import require

    cases = scenarios(charts)
    lint_all(require("helm"), track(cases, "helm lint --strict", transient=True, disable=not Console().is_terminal))
    typer.echo(f"{len(cases)} scenarios of {len({case.chart for case in cases})} Helm charts, no fault")
