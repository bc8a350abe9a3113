"""Verbs: `podzol local fault spot-reclaim | node-dies | zone-lost | no-capacity | restart`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from podzol.cli import local
from podzol.cli.local import Name

if TYPE_CHECKING:
    from podzol.local.cluster import Cluster

commands = typer.Typer(help="Faults of an elastic cluster, each as it comes on a cloud.", no_args_is_help=True)
Node = Annotated[str, typer.Argument(metavar="NODE", help="Name of a node: `kubectl get nodes`.")]
Undo = Annotated[bool, typer.Option("--undo", help="End the fault instead.")]


def register(app: typer.Typer) -> None:
    """Add these verbs to `podzol local`."""
    local.commands.add_typer(commands, name="fault")


@commands.command("spot-reclaim")
def spot_reclaim(
    node: Node,
    notice: Annotated[
        int | None, typer.Option(metavar="SECONDS", min=0, help="Until the machine is off; else as the cloud gives.")
    ] = None,
    name: Name = "podzol",
) -> None:
    """The cloud takes a spot machine back: notice, the node is drained, the machine is off."""
    from podzol.local.faults import spot

    with on(name, f"{node} is taken back") as cluster:
        spot.reclaim(cluster, node, notice)


@commands.command("node-dies")
def node_dies(
    node: Node,
    hangs: Annotated[bool, typer.Option("--hangs", help="It stays, and the cloud doesn't notice.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Let a machine that hangs go on.")] = False,
    name: Name = "podzol",
) -> None:
    """A machine is off without notice: NotReady after the grace, taint, eviction."""
    from podzol.local.faults import machine

    with on(name, f"{node} {'is back' if undo else 'hangs' if hangs else 'is off'}") as cluster:
        if undo:
            machine.mend(cluster, node)
        else:
            machine.fail(cluster, node, gone=not hangs)


@commands.command("zone-lost")
def zone_lost(
    zone: Annotated[str, typer.Argument(metavar="ZONE", help="Such as us-east-1a.")],
    undo: Undo = False,
    name: Name = "podzol",
) -> None:
    """All machines of a zone are off, and there are no others in it."""
    from podzol.local.faults import zone as zones

    both(name, f"zone {zone}", zones.lose, zones.restore, zone, undo)


@commands.command("no-capacity")
def no_capacity(
    what: Annotated[str, typer.Argument(metavar="POOL|TYPE|ZONE", help="What the cloud has no machine of.")],
    undo: Undo = False,
    name: Name = "podzol",
) -> None:
    """The cloud has no machine left of a pool, of a type or in a zone."""
    from podzol.local.faults import capacity

    both(name, f"capacity of {what}", capacity.withdraw, capacity.restore, what, undo)


@commands.command()
def restart(
    program: Annotated[str, typer.Argument(metavar="PROGRAM", help="Such as kube-apiserver.")], name: Name = "podzol"
) -> None:
    """A program of the control plane is killed and started again."""
    from podzol.local.faults import program as programs

    with on(name, f"{program} is killed") as cluster:
        programs.restart(cluster, program)


def both(
    name: str,
    what: str,
    begin: Callable[["Cluster", str], object],
    end: Callable[["Cluster", str], object],
    about: str,
    undo: bool,
) -> None:
    """Begin a fault, or end it."""
    with on(name, f"{what} {'is back' if undo else 'is lost'}") as cluster:
        (end if undo else begin)(cluster, about)


@contextmanager
def on(name: str, what: str) -> Iterator["Cluster"]:
    """The running cluster, with a line for what happens to it."""
    from podzol.local.cluster import Cluster
    from podzol.local.steps import Steps

    cluster = Cluster(name).require_running()
    with Steps().step(what):
        yield cluster
