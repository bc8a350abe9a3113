"""Defines how a ClusterSpec is read as a cluster's offer: the nodes that its pools would have on one provider."""

from typing import Any

from podzol.clusters import ClusterSpec, NodeShape, Pool, Provider, Resources, node_shapes
from podzol.clusters.local.instance_types import instance_type_name
from podzol.clusters.storage import csi_drivers, table
from podzol.clusters.system_pool import karpenter_makes_nodes, nodes_at_least, pools_of
from podzol.fit.offers import NEW_NODE, Autoscaler, Cluster, NodeOffer, PoolOffer, StorageOffer, Taint
from podzol.kubernetes.accelerators import GPU
from podzol.kubernetes.node_labels import ARCH, HOSTNAME, INSTANCE_TYPE, OS, REGION, ZONE

TAGGED_BY_ITSELF = frozenset({ARCH, OS, INSTANCE_TYPE, REGION, ZONE, HOSTNAME})
"""Labels that Cluster Autoscaler on AWS gives to the node that it imagines for an empty group; others it reads from the
group's tags. Source: buildNodeFromTemplate in cluster-autoscaler/cloudprovider/aws/aws_manager.go (2026-11-23)."""


def cluster_of(spec: ClusterSpec, provider: Provider) -> Cluster:
    """What the spec's cluster would offer on a provider that the spec describes."""
    return Cluster(
        name=spec.name,
        provider=provider,
        pools=tuple(_pool(spec, pool, provider) for pool in pools_of(spec, provider)),
        storage_classes=_storage(provider),
        default_storage_class=table()["providers"][provider]["default"],
        drivers=_drivers(spec, provider),
    )


def _pool(spec: ClusterSpec, pool: Pool, provider: Provider) -> PoolOffer:
    shapes = node_shapes(spec, pool, provider)
    prices = [shape.price_usd for shape in shapes if shape.price_usd is not None]
    tagged = frozenset(pool.all_labels) | TAGGED_BY_ITSELF
    return PoolOffer(
        name=pool.name,
        nodes=tuple(_node(spec, shape, provider) for shape in shapes),
        min=nodes_at_least(spec, pool, provider),
        max=pool.max,
        capacity_type=pool.capacity_type,
        autoscaler=_autoscaler(spec, provider),
        price_usd=max(prices, default=None),
        known_labels=tagged,
    )


def _autoscaler(spec: ClusterSpec, provider: Provider) -> Autoscaler:
    if provider == "local" or karpenter_makes_nodes(spec, provider):
        return "karpenter"
    return "gke" if provider == "gke" else "cluster-autoscaler"


def _node(spec: ClusterSpec, shape: NodeShape, provider: Provider) -> NodeOffer:
    # Locally a machine that two pools have is two instance types.
    local = {INSTANCE_TYPE: instance_type_name(spec, shape)} if provider == "local" else {}
    return NodeOffer(
        kind=with_article(shape.machine.name),
        labels={**shape.cloud_labels, **local, **shape.labels, HOSTNAME: NEW_NODE},
        taints=tuple(Taint(each.key, each.value, each.effect) for each in shape.taints),
        allocatable=_amounts(shape.allocatable),
        taken=_amounts(shape.daemonsets),
        zones=shape.zones,
    )


def _amounts(resources: Resources) -> dict[str, int]:
    found = {
        "cpu": resources.cpu_milli,
        "memory": resources.memory_bytes,
        "ephemeral-storage": resources.ephemeral_bytes,
        "pods": resources.pods,
        GPU: resources.gpus,
    }
    return {name: amount for name, amount in found.items() if amount}


def _storage(provider: Provider) -> dict[str, StorageOffer]:
    """What the provider brings itself, and what every cluster of a spec has."""
    behind: dict[str, Any] = table()["providers"][provider]
    classes = {**behind["own"], **dict.fromkeys(table()["classes"], behind["accessModes"])}
    return {name: StorageOffer(frozenset(modes), behind["zonal"]) for name, modes in classes.items()}


def _drivers(spec: ClusterSpec, provider: Provider) -> frozenset[str]:
    """The local cluster has the driver objects of every cloud of the spec."""
    here = {entry["name"] for entry in table()["csiDrivers"] if provider in ("local", entry["cloud"])}
    return frozenset(each["metadata"]["name"] for each in csi_drivers(spec)) & here


def with_article(machine: str) -> str:
    """`an e2-standard-4`, `a g6.2xlarge`: by how the first letter is said."""
    return f"{'an' if machine[0] in 'aefhilmnorsx' else 'a'} {machine}"
