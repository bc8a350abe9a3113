"""Defines `Pool`, a number of equal simulated nodes, and the Node objects it stands for.

The labels, the taint and the resource of a GPU are those that every cluster of Podzol has, so what is scheduled
here is scheduled on a cloud. Does not define machines and prices: `podzol.clusters` does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from podzol.clusters.local.nodes import simulated_node
from podzol.faults import Fault, UserError
from podzol.kubernetes.accelerators import ACCELERATOR, CAPACITY_TYPE, CPU_POOL, GPU, GPU_POOL, GPU_TAINT, POOL
from podzol.kubernetes.node_labels import ARCH, INSTANCE_TYPE, OS, REGION, ZONE

ZONES = ("local-a", "local-b", "local-c")
"""The nodes of a pool take turns in them."""
LOCAL_REGION = "local"
PODS_PER_NODE = 110
"""The kubelet's default. Source: https://kubernetes.io/docs/setup/best-practices/cluster-large/ (2026-11-23)."""
DISK_GIB = 500
MOST_NODES = 2000
"""Of one pool; seen to stay responsive on two cores."""


@dataclass(frozen=True)
class Pool:
    """`count` nodes of `cpu` cores, `memory_gib` GiB and `gpus` GPUs of the type `accelerator`."""

    name: str
    count: int
    cpu: int
    memory_gib: int
    gpus: int = 0
    accelerator: str = ""
    capacity_type: str = "on-demand"

    def nodes(self) -> list[dict[str, Any]]:
        """Its Node objects."""
        return [self.node(index) for index in range(self.count)]

    def node(self, index: int) -> dict[str, Any]:
        """The Node object of one of its nodes."""
        labels = {
            ARCH: "amd64",
            OS: "linux",
            REGION: LOCAL_REGION,
            ZONE: ZONES[index % len(ZONES)],
            INSTANCE_TYPE: f"simulated-{self.cpu}cpu-{self.memory_gib}gib",
            POOL: self.name,
            CAPACITY_TYPE: self.capacity_type,
        }
        resources = {"cpu": str(self.cpu), "memory": f"{self.memory_gib}Gi", "pods": str(PODS_PER_NODE)}
        resources["ephemeral-storage"] = f"{DISK_GIB}Gi"
        if self.gpus:
            labels[ACCELERATOR] = self.accelerator
            resources[GPU] = str(self.gpus)
        return simulated_node(f"{self.name}-{index}", labels, [GPU_TAINT] if self.gpus else [], resources)


DEFAULT_POOLS = (
    Pool(CPU_POOL, count=2, cpu=32, memory_gib=128, capacity_type="spot"),  # as m7i.8xlarge and n2-standard-32
    Pool(GPU_POOL, count=1, cpu=48, memory_gib=192, gpus=4, accelerator="nvidia-l4"),  # as g6.12xlarge, g2-standard-48
)
"""A cluster without wishes: big enough for every example of our charts."""


def sized(wishes: list[str]) -> tuple[Pool, ...]:
    """The default pools with the numbers of nodes of `--nodes`: `3` (of the cpu-pool) or `gpu-pool=2`.

    Raises:
        UserError: every wish that isn't one.
    """
    counts = numbers("--nodes", wishes, [pool.name for pool in DEFAULT_POOLS], MOST_NODES)
    return tuple(Pool(**{**vars(pool), "count": counts.get(pool.name, pool.count)}) for pool in DEFAULT_POOLS)


def numbers(option: str, wishes: Iterable[str], pools: Collection[str], most: int | None = None) -> dict[str, int]:
    """What an option says of pools, by name: `3` (of the cpu-pool) or `gpu-pool=2`, the last one counts.

    Raises:
        UserError: every wish that isn't one.
    """
    rule = "must be a number, or POOL=NUMBER" if most is None else f"must be a number from 0 to {most}, or POOL=NUMBER"
    found: dict[str, int] = {}
    faults = []
    for wish in wishes:
        name, _, number = wish.rpartition("=")
        name = name or CPU_POOL
        if name not in pools:
            faults.append(Fault(option, f"must name one of {', '.join(pools)}", name))
        elif not number.isdecimal() or (most is not None and int(number) > most):
            faults.append(Fault(option, rule, wish))
        else:
            found[name] = int(number)
    if faults:
        raise UserError(faults)
    return found
