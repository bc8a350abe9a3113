"""Defines the pools of the local cluster: a NodePool each for Karpenter's kwok provider, and the floor nodes of a pool
that has a min, for Karpenter keeps none.

Source: https://karpenter.sh/docs/concepts/nodepools/ and kwok/apis of sigs.k8s.io/karpenter v1.14.1 (2026-11-23).
"""

from typing import Any

from podzol.clusters.local.instance_types import KWOK_OVERHEAD, instance_type_name
from podzol.clusters.node_pool import karpenter_node_pool
from podzol.clusters.nodes import NodeShape, node_shapes
from podzol.clusters.spec import ClusterSpec, Pool
from podzol.kubernetes.accelerators import GPU

NODE_CLASS = "default"
CONSOLIDATE_AFTER = "30s"
"""Seconds here, a minute or ten on a cloud: one wants to see it."""


def node_class() -> dict[str, Any]:
    """The KWOKNodeClass of every pool. A registration delay would stand in for the start of a machine."""
    return {"apiVersion": "karpenter.kwok.sh/v1alpha1", "kind": "KWOKNodeClass", "metadata": {"name": NODE_CLASS}}


def node_pools(spec: ClusterSpec) -> list[dict[str, Any]]:
    """A NodePool for each pool that may grow."""
    return [node_pool(spec, pool) for pool in spec.pools if pool.max > pool.min]


def node_pool(spec: ClusterSpec, pool: Pool) -> dict[str, Any]:
    """A pool that Karpenter grows from its floor up to max."""
    shapes = node_shapes(spec, pool, "local")
    return karpenter_node_pool(
        pool,
        node_class={"group": "karpenter.kwok.sh", "kind": "KWOKNodeClass", "name": NODE_CLASS},
        instance_types=[instance_type_name(spec, shape) for shape in shapes],
        zones=shapes[0].zones,
        expire_after="Never",
        limits=_limits(shapes, pool.max - pool.min),
        consolidate_after=CONSOLIDATE_AFTER,
    )


def floor_nodes(spec: ClusterSpec) -> list[dict[str, Any]]:
    """The nodes that are always there, as kwok simulates them, spread over the pool's zones."""
    return [
        floor_node(spec, node_shapes(spec, pool, "local")[0], number)
        for pool in spec.pools
        for number in range(pool.min)
    ]


def floor_node(spec: ClusterSpec, shape: NodeShape, number: int) -> dict[str, Any]:
    """A node that Karpenter knows nothing of: it has no label of Karpenter's, so it is never removed."""
    name = f"{shape.pool}-floor-{number}"
    own = {key: value for key, value in shape.cloud_labels.items() if not key.startswith("karpenter.sh/")}
    resources = shape.allocatable.quantities()
    taints = {"spec": {"taints": [taint.model_dump() for taint in shape.taints]}} if shape.taints else {}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {
                **own,
                "node.kubernetes.io/instance-type": instance_type_name(spec, shape),
                "kubernetes.io/hostname": name,
                "topology.kubernetes.io/zone": shape.zones[number % len(shape.zones)],
                **shape.labels,
            },
        },
        **taints,
        "status": {"capacity": resources, "allocatable": resources},
    }


def _limits(shapes: list[NodeShape], nodes: int) -> dict[str, str]:
    """As much as so many nodes of the biggest machine type have, by Karpenter's count, which is of capacity."""
    offered = [shape.allocatable + KWOK_OVERHEAD for shape in shapes]
    cpu = max(each.cpu_milli for each in offered) * nodes
    gpus = max(each.gpus for each in offered) * nodes
    return {"cpu": f"{cpu}m", **({GPU: str(gpus)} if gpus else {})}
