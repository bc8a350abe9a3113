"""Defines which labels a provider puts on nodes by itself, from `tables/cloud-labels.yaml`."""

import functools
from typing import Any

from podzol.clusters import tables
from podzol.clusters.machines import Machine, accelerators
from podzol.clusters.spec import ClusterSpec, Pool, Provider


@functools.cache
def rules() -> tuple[dict[str, Any], ...]:
    """Every row of the table."""
    return tuple(tables.document("cloud-labels.yaml"))


def cloud_labels(spec: ClusterSpec, pool: Pool, machine: Machine, provider: Provider) -> dict[str, str]:
    """Labels of a node that the spec doesn't write. The zone is left out: it differs from node to node."""
    gpu = accelerators().get(pool.accelerator.type, {}) if pool.accelerator else {}
    place = spec.place(spec.cloud_of(provider))
    words = {
        "pool": pool.name,
        "machine": machine.name,
        "arch": machine.arch,
        "region": place.region if place else "",
        "capacity": pool.capacity_type,
        "CAPACITY": pool.capacity_type.upper().replace("-", "_"),
        "gpus": str(pool.accelerator.count) if pool.accelerator else "0",
        "accelerator": pool.accelerator.type if pool.accelerator else "",
        "gke_accelerator": gpu.get("gke_label", ""),
        "karpenter_gpu": gpu.get("karpenter_label", ""),
    }
    facts = {
        pool.capacity_type,
        "gpu" if pool.accelerator else "no-gpu",
        "karpenter" if spec.node_autoscaler == "karpenter" else "managed",
    }
    found: dict[str, str] = {}
    for rule in rules():
        if provider in rule["provider"] and facts.issuperset(rule.get("only", "").split()):
            found |= {key: value.format_map(words) for key, value in rule["labels"].items()}
    return found
