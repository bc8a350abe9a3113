"""Defines `NodeShape`: what one node of a pool is on one provider. EKS, GKE, the local cluster, the fit check and the
prices all read pools through it, so that they agree.

Does not define what is generated from it (`eks/`, `gke/`, `local/`).
"""

from dataclasses import dataclass, replace

from podzol.clusters import allocatable, system_pods
from podzol.clusters.cloud_labels import cloud_labels
from podzol.clusters.machines import Machine, machines
from podzol.clusters.resources import Resources
from podzol.clusters.spec import CapacityType, ClusterSpec, Pool, Provider, Taint


@dataclass(frozen=True)
class NodeShape:
    """One node of a pool on one machine type."""

    pool: str
    machine: Machine
    capacity_type: CapacityType
    zones: tuple[str, ...]
    labels: dict[str, str]
    """Labels that the spec puts on the node."""
    cloud_labels: dict[str, str]
    """Labels that the provider puts on the node by itself."""
    taints: tuple[Taint, ...]
    capacity: Resources
    allocatable: Resources
    """What the scheduler divides among pods."""
    daemonsets: Resources
    """What DaemonSets take of that."""
    price_usd: float | None
    """Price an hour; None when no source that can be cited has one."""

    @property
    def free(self) -> Resources:
        """What is left for workloads on an empty node."""
        return self.allocatable - self.daemonsets


def node_shapes(spec: ClusterSpec, pool: Pool, provider: Provider) -> list[NodeShape]:
    """The shapes of a pool's nodes, one a machine type, in the spec's order."""
    cloud = spec.cloud_of(provider)
    return [_shape(spec, pool, provider, machines(cloud)[name]) for name in pool.machines.of(cloud)]


def _shape(spec: ClusterSpec, pool: Pool, provider: Provider, machine: Machine) -> NodeShape:
    cloud = spec.cloud_of(provider)
    gpus = pool.accelerator.count if pool.accelerator else 0
    if cloud == "eks":
        capacity, offered = allocatable.eks_node(machine, pool.disk_gib)
    else:
        capacity, offered = allocatable.gke_node(machine, pool.disk_gib, "image-streaming" in spec.addons)
    capacity, offered = replace(capacity, gpus=gpus), replace(offered, gpus=gpus)
    daemonsets = system_pods.on_node(cloud, spec.addons, gpu=gpus > 0)
    if provider == "local":  # no DaemonSet runs there: the node offers what they would leave
        offered, daemonsets = offered - daemonsets, Resources()
    return NodeShape(
        pool=pool.name,
        machine=machine,
        capacity_type=pool.capacity_type,
        zones=tuple(spec.zones_of(pool, cloud)),
        labels=pool.all_labels,
        cloud_labels=cloud_labels(spec, pool, machine, provider),
        taints=tuple(pool.taints),
        capacity=capacity,
        allocatable=offered,
        daemonsets=daemonsets,
        price_usd=machine.price_usd(pool.capacity_type, pool.accelerator),
    )
