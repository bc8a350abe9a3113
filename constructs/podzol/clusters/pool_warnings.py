"""Defines what is doubtful about a pool: allowed, but seldom meant. Each rule is one function of `WARNINGS`."""

from collections.abc import Callable, Iterator

from podzol.clusters.pool_refusals import known
from podzol.clusters.spec import ClusterSpec, Pool
from podzol.clusters.storage import table
from podzol.faults import Fault


def warned(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """Everything that works but is seldom meant."""
    for rule in WARNINGS:
        yield from rule(spec, pool, where)


def spot_gpus(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    if pool.accelerator and pool.capacity_type == "spot":
        yield Fault(
            f"{where}.capacityType",
            "a GPU on spot can be taken away while it trains: a Job that can't checkpoint loses its work",
            pool.capacity_type,
            "use on-demand, or only Jobs with checkpoints",
        )


def idle_gpus(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    if pool.accelerator and pool.min > 0:
        yield Fault(f"{where}.min", "GPU machines are paid for while they idle", pool.min, "set 0; a Job brings one up")


def one_spot_type(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    if "eks" in spec.clouds and pool.capacity_type == "spot" and len(pool.machines.eks) == 1:
        yield Fault(
            f"{where}.machines.eks",
            "one spot type runs dry sooner than several of a size",
            pool.machines.eks[0],
            "add some",
        )


def no_room_to_grow(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    if pool.min == pool.max:
        yield Fault(f"{where}.max", "is min, so the pool never grows or shrinks", pool.max, "raise max or lower min")


def no_minimum(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    if pool.min and spec.node_autoscaler == "karpenter" and "eks" in spec.clouds:
        yield Fault(f"{where}.min", "Karpenter keeps no minimum, so it counts as 0 on EKS", pool.min, "set 0")


def disks_of_their_own(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    classes = " or ".join(table()["classes"])
    for machine in known(pool, "gke") if "gke" in spec.clouds else []:
        if machine.boot_disk.startswith("hyperdisk"):
            yield Fault(
                f"{where}.machines.gke",
                f"takes Hyperdisk only, so claims of the class {classes} can't be mounted there",
                machine.name,
                "use a bucket, or a storage class of type hyperdisk-balanced",
            )


WARNINGS: tuple[Callable[[ClusterSpec, Pool, str], Iterator[Fault]], ...] = (
    no_minimum,
    disks_of_their_own,
    spot_gpus,
    idle_gpus,
    one_spot_type,
    no_room_to_grow,
)
