"""Defines Karpenter's NodePool of a pool, the same on EKS and on the local cluster.

Does not define what differs: the class of its nodes, their lifetime and the limits. Source:
https://karpenter.sh/docs/concepts/nodepools/ (2026-11-23).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from podzol.clusters.spec import Pool
from podzol.kubernetes.node_labels import INSTANCE_TYPE, ZONE


def karpenter_node_pool(
    pool: Pool,
    *,
    node_class: Mapping[str, str],
    instance_types: Sequence[str],
    zones: Sequence[str],
    expire_after: str,
    limits: Mapping[str, str],
    consolidate_after: str,
    annotations: Mapping[str, str] | None = None,
    startup_taints: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """The NodePool.

    GPU nodes go only when empty, for a move costs a training run its progress; others are packed tighter too.
    """
    taints = {"taints": [taint.model_dump() for taint in pool.taints]} if pool.taints else {}
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": pool.name},
        "spec": {
            "template": {
                "metadata": {
                    **({"annotations": dict(annotations)} if annotations else {}),
                    "labels": pool.all_labels,
                },
                "spec": {
                    "nodeClassRef": dict(node_class),
                    **taints,
                    **({"startupTaints": [dict(taint) for taint in startup_taints]} if startup_taints else {}),
                    "requirements": [
                        _one_of(INSTANCE_TYPE, instance_types),
                        _one_of("karpenter.sh/capacity-type", [pool.capacity_type]),
                        _one_of(ZONE, zones),
                    ],
                    "expireAfter": expire_after,
                },
            },
            "limits": dict(limits),
            "disruption": {
                "consolidationPolicy": "WhenEmpty" if pool.accelerator else "WhenEmptyOrUnderutilized",
                "consolidateAfter": consolidate_after,
            },
        },
    }


def _one_of(key: str, values: Sequence[str]) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": list(values)}
