"""Verbs: `podzol local up | down | status | kubeconfig | url`."""

from pathlib import Path
from typing import Annotated

import typer

Name = Annotated[str, typer.Option("--name", help="Which cluster, when there are several.")]

commands = typer.Typer(help="A Kubernetes control plane on this machine, with simulated nodes.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verbs of this group to the command."""
    app.add_typer(commands, name="local")


@commands.command()
def up(
    name: Name = "podzol",
    nodes: Annotated[
        list[str] | None,
        typer.Option(
            "--nodes", metavar="N | POOL=N", help="Simulated nodes, of cpu-pool or of the named pool; repeatable."
        ),
    ] = None,
    spec: Annotated[
        str | None,
        typer.Option("--spec", help="A cluster spec (bundled name or file): its pools, grown by the real Karpenter."),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="With --spec: nodes come and go in seconds.")] = False,
    node_join: Annotated[
        int | None,
        typer.Option(
            "--node-join",
            metavar="SECONDS",
            min=0,
            help="With --spec: how long a new node takes; else as on the cloud.",
        ),
    ] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Pods on cpu-pool really run, as processes of this machine; no sandbox.")
    ] = False,
    run_nodes: Annotated[
        list[str] | None,
        typer.Option("--run-nodes", metavar="N | POOL=N", help="With --run: on so many nodes of a pool; repeatable."),
    ] = None,
    images: Annotated[
        Path | None, typer.Option("--images", help="With --run: a YAML file of further images and their programs.")
    ] = None,
    runtime: Annotated[
        str | None,
        typer.Option(
            "--runtime", help="A runtime of kwokctl that has a container engine, such as kind: passed through."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Of the API server; a free one by default.")
    ] = None,
) -> None:
    """Start a cluster: real API server, controllers and scheduler; simulated nodes."""
    from podzol.local.cluster import Cluster
    from podzol.local.engine import pass_through
    from podzol.local.layout import layout
    from podzol.local.lifecycle import up as start
    from podzol.local.running import NOTICE, asked, check_on
    from podzol.local.steps import Steps

    steps = Steps()
    cluster = Cluster(name)
    if runtime:
        return pass_through(name, runtime, steps)
    pools = layout(nodes or [], spec, fast, node_join)
    started = start(cluster, pools, steps, port, asked(run, run_nodes or [], images, pools))
    if run:
        check_on(cluster)
        steps.console.print(NOTICE)
    if started:
        steps.console.print(f"cluster {name} is up after {steps.seconds:.1f} s. To use it:")
    else:
        end = f"podzol local down{cluster.option}"
        steps.console.print(f"cluster {name} was there, and is up; `{end}` ends it. To use it:", soft_wrap=True)
    steps.console.print(f'  eval "$(podzol local kubeconfig --export{cluster.option})"')


@commands.command()
def down(name: Name = "podzol") -> None:
    """End a cluster and remove its files."""
    from podzol.local.cluster import Cluster
    from podzol.local.lifecycle import down as end
    from podzol.local.steps import Steps

    steps = Steps()
    if not end(Cluster(name), steps):
        steps.console.print(f"there is no cluster {name}")


@commands.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Say which clusters there are, and what is on them."""
    import json

    from podzol.local.cluster import all_clusters
    from podzol.local.status import show, summary

    summaries = [summary(cluster) for cluster in all_clusters()]
    if as_json:
        typer.echo(json.dumps(summaries, indent=2))
    else:
        show(summaries)


@commands.command()
def kubeconfig(
    name: Name = "podzol",
    export: Annotated[
        bool, typer.Option("--export", help="As shell commands, with helm and kubectl on PATH too.")
    ] = False,
) -> None:
    """Print the path of the kubeconfig: export KUBECONFIG="$(podzol local kubeconfig)"."""
    from shlex import quote

    from podzol.local.cluster import Cluster
    from podzol.local.toolchain.cache import bin_folder

    path = str(Cluster(name).require_running().kubeconfig)
    if export:
        typer.echo(f"export KUBECONFIG={quote(path)}")
        typer.echo(f"export PATH={quote(str(bin_folder()))}:$PATH")
    else:
        typer.echo(path)


@commands.command()
def url(
    service: Annotated[str, typer.Argument(help="Name of a Service.")],
    namespace: Annotated[str, typer.Option("--namespace", "-n")] = "default",
    port: Annotated[
        str | None, typer.Option("--port", help="Name or number of one of its ports; else the first.")
    ] = None,
    name: Name = "podzol",
) -> None:
    """Print where on this machine a Service is reached, on a cluster started with --run."""
    from podzol.local.cluster import Cluster
    from podzol.local.services import address_of

    typer.echo(f"http://{address_of(Cluster(name).require_running(), namespace, service, port)}")
