"""Defines the pools of the local cluster for Karpenter's kwok provider: a NodePool each, and a KWOKNodeClass for the
time that a machine takes. Does not define a pool's floor, for Karpenter keeps none: `nodes.py` does.

Source: https://karpenter.sh/docs/concepts/nodepools/ and kwok/apis of sigs.k8s.io/karpenter v1.14.1 (2026-11-23).
"""

from typing import Any

from podzol.clusters.local.instance_types import NODES, instance_type_name
from podzol.clusters.local.nodes import joining
from podzol.clusters.local.pace import CLOUD, Pace
from podzol.clusters.node_pool import karpenter_node_pool
from podzol.clusters.nodes import node_shapes
from podzol.clusters.spec import ClusterSpec, Pool

STARTING = {"key": "podzol.dev/starting", "effect": "NoExecute"}
"""Taint of a new node until it is Ready, as the drivers of storage and network put one on a cloud's."""


def node_pools(spec: ClusterSpec, pace: Pace = CLOUD) -> list[dict[str, Any]]:
    """A KWOKNodeClass and a NodePool for each pool that may grow."""
    growing = [pool for pool in spec.pools if pool.max > pool.min]
    return [each for pool in growing for each in (node_class(spec, pool, pace), node_pool(spec, pool, pace))]


def node_class(spec: ClusterSpec, pool: Pool, pace: Pace) -> dict[str, Any]:
    """The pool's KWOKNodeClass: its delay is the start of a machine."""
    return {
        "apiVersion": "karpenter.kwok.sh/v1alpha1",
        "kind": "KWOKNodeClass",
        "metadata": {"name": pool.name},
        "spec": {"nodeRegistrationDelay": f"{pace.join(spec, pool).register}s"},
    }


def node_pool(spec: ClusterSpec, pool: Pool, pace: Pace) -> dict[str, Any]:
    """A pool that Karpenter grows from its floor up to max."""
    shapes = node_shapes(spec, pool, "local")
    return karpenter_node_pool(
        pool,
        node_class={"group": "karpenter.kwok.sh", "kind": "KWOKNodeClass", "name": pool.name},
        instance_types=[instance_type_name(spec, shape) for shape in shapes],
        zones=shapes[0].zones,
        expire_after="Never",
        limits={NODES: str(pool.max - pool.min)},
        consolidate_after=f"{pace.consolidate_after_seconds}s",
        annotations=joining(pool, pace.join(spec, pool)),
        startup_taints=[STARTING],
    )
