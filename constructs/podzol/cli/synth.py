"""Verbs: `podzol synth`."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.command()(synth)


def synth(
    apps: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[APP]...", help="Python files that define a Platform; else apps/*/application.py."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the manifests.")] = Path("dist/manifests"),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a file would change.")] = False,
) -> None:
    """Write the manifests of platforms as YAML: the bytes of `cdk8s synth`, without Node."""
    from podzol.faults import Fault, UserError
    from podzol.synth import files
    from podzol.workloads.platform import platforms_in

    apps = apps or sorted(Path("apps").glob("*/application.py"))
    if not apps:
        fix = "name one, or a Python file elsewhere"
        raise UserError([Fault("apps", "must hold an application, apps/*/application.py", fix=fix)])
    manifests = files.manifest_files(platform for app in apps for platform in platforms_in(app))
    if check:
        files.check(out, manifests)
        typer.echo(f"{out} is what the platforms make: {len(manifests)} files")
        return
    for path in files.write(out, manifests):
        typer.echo(path)
