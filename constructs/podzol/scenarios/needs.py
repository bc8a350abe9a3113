"""Defines `Need`: what a scenario needs of a cluster spec, so that one that lacks it is refused before anything starts.

A need gives a fault for each thing that is amiss with a spec, and none where all is well.
"""

from collections.abc import Callable, Iterator

from podzol.clusters.nodes import node_shapes
from podzol.clusters.spec import ClusterSpec, Pool
from podzol.faults import Fault

Need = Callable[[ClusterSpec], Iterator[Fault]]
Look = Callable[[ClusterSpec, Pool, str], Iterator[Fault]]
"""Takes a pool that is there, and its path in the spec."""


def of_pool(name: str, look: Look) -> Need:
    """A need of one pool, which has to be there."""

    def faults(spec: ClusterSpec) -> Iterator[Fault]:
        pool = next((each for each in spec.pools if each.name == name), None)
        if pool is None:
            there = ", ".join(each.name for each in spec.pools)
            yield Fault(f"{spec.name}.pools", f"must have {name}", there, "take a spec that has it, such as soil")
        else:
            yield from look(spec, pool, f"{spec.name}.pools.{name}")

    return faults


def grows(name: str, by: int = 1) -> Need:
    """The pool may have so many nodes more than it always has."""

    def look(spec: ClusterSpec, pool: Pool, path: str) -> Iterator[Fault]:
        if pool.max < pool.min + by:
            yield Fault(f"{path}.max", f"must be at least {pool.min + by}, min + {by}", pool.max, "raise max")

    return of_pool(name, look)


def always(name: str, nodes: int) -> Need:
    """The pool always has so many nodes."""

    def look(spec: ClusterSpec, pool: Pool, path: str) -> Iterator[Fault]:
        if pool.min < nodes:
            yield Fault(f"{path}.min", f"must be at least {nodes}", pool.min, "raise min")

    return of_pool(name, look)


def always_room(name: str, cpu_milli: int, pods: int) -> Need:
    """The nodes that the pool always has hold so many pods of so much CPU."""

    def look(spec: ClusterSpec, pool: Pool, path: str) -> Iterator[Fault]:
        if (room := pool.min * (machine_milli(spec, name) // cpu_milli)) < pods:
            rule = f"must be nodes with room for {pods} pods of {cpu_milli}m CPU"
            yield Fault(f"{path}.min", rule, f"room for {room}", "raise min, or take larger machines")

    return of_pool(name, look)


def gpus(name: str) -> Need:
    """The pool's nodes have GPUs."""

    def look(spec: ClusterSpec, pool: Pool, path: str) -> Iterator[Fault]:
        if pool.accelerator is None:
            yield Fault(f"{path}.accelerator", "must be set", fix="say which GPUs its nodes have")

    return of_pool(name, look)


def spot(name: str) -> Need:
    """The cloud may take the pool's machines back."""

    def look(spec: ClusterSpec, pool: Pool, path: str) -> Iterator[Fault]:
        if pool.capacity_type != "spot":
            yield Fault(
                f"{path}.capacityType", "must be spot", pool.capacity_type, "take another spec, or make it spot"
            )

    return of_pool(name, look)


def zones(name: str, count: int) -> Need:
    """The pool has so many zones."""

    def look(spec: ClusterSpec, pool: Pool, path: str) -> Iterator[Fault]:
        if len(there := spec.zones_of(pool, spec.cloud_of("local"))) < count:
            yield Fault(f"{path}.zones", f"must be at least {count}", ", ".join(there), "add one")

    return of_pool(name, look)


def machine_milli(spec: ClusterSpec, name: str) -> int:
    """CPU that pods can have of the smallest machine of a pool that the spec has."""
    pool = next(each for each in spec.pools if each.name == name)
    return min(shape.allocatable.cpu_milli for shape in node_shapes(spec, pool, "local"))
