"""Defines manifests and a cluster with round numbers, for tests that hold one answer each."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from podzol.fit import Cluster, NodeOffer, PoolOffer, Verdict, check
from podzol.fit.offers import NEW_NODE, StorageOffer, Taint
from podzol.kubernetes.accelerators import CPU_POOL, GPU, GPU_POOL, GPU_TOLERATION, POOL
from podzol.kubernetes.node_labels import HOSTNAME

GIB = 2**30
LABELS = {"app": "x"}

CPU_NODE = NodeOffer(
    kind="an e2-standard-4",
    labels={POOL: CPU_POOL, HOSTNAME: NEW_NODE},
    taints=(),
    allocatable={"cpu": 3920, "memory": 12 * GIB, "ephemeral-storage": 40 * GIB, "pods": 110},
    taken={"cpu": 200, "memory": GIB, "pods": 10},
    zones=("zone-a", "zone-b"),
)
GPU_NODE = NodeOffer(
    kind="a g2-standard-8",
    labels={POOL: GPU_POOL, HOSTNAME: NEW_NODE},
    taints=(Taint(GPU, "present", "NoSchedule"),),
    allocatable={"cpu": 7910, "memory": 26 * GIB, "ephemeral-storage": 40 * GIB, "pods": 110, GPU: 1},
    taken={"cpu": 500, "memory": GIB, "pods": 11},
    zones=("zone-a",),
)
CPUS = PoolOffer(CPU_POOL, (CPU_NODE,), min=1, max=4, capacity_type="spot", autoscaler="gke", price_usd=0.08)
GPUS = PoolOffer(GPU_POOL, (GPU_NODE,), min=0, max=2, capacity_type="on-demand", autoscaler="gke", price_usd=0.85)
CLUSTER = Cluster(
    name="soil",
    provider="gke",
    pools=(CPUS, GPUS),
    storage_classes={"standard-rwo": StorageOffer(frozenset({"ReadWriteOnce"}), zonal=True)},
    default_storage_class="standard-rwo",
    drivers=frozenset({"gcsfuse.csi.storage.gke.io"}),
)


def with_pools(*pools: PoolOffer, **changes: Any) -> Cluster:
    """The cluster with other pools."""
    return replace(CLUSTER, pools=pools, **changes)


def container(cpu: str = "1", memory: str = "1Gi", **more: Any) -> dict[str, Any]:
    return {"name": "main", "resources": {"requests": {"cpu": cpu, "memory": memory}}, **more}


def pod_spec(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"containers": list(containers or [container()]), **more}


def template(spec: dict[str, Any], annotations: dict[str, str] | None = None) -> dict[str, Any]:
    return {"metadata": {"labels": LABELS, "annotations": annotations or {}}, "spec": spec}


def deployment(
    spec: dict[str, Any] | None = None, replicas: int = 1, annotations: dict[str, str] | None = None
) -> dict[str, Any]:
    return {
        "kind": "Deployment",
        "metadata": {"name": "api"},
        "spec": {"replicas": replicas, "template": template(spec or pod_spec(), annotations)},
    }


def job(spec: dict[str, Any] | None = None, annotations: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind": "Job",
        "metadata": {"name": "train"},
        "spec": {"template": template(spec or pod_spec(), annotations), **more},
    }


def gpu_spec(**more: Any) -> dict[str, Any]:
    main = {"name": "main", "resources": {"limits": {"cpu": "6", "memory": "20Gi", GPU: "1"}}}
    return pod_spec(main, tolerations=[GPU_TOLERATION], **more)


def other(kind: str, spec: dict[str, Any], name: str = "x") -> dict[str, Any]:
    """Any object in the same namespace."""
    return {"kind": kind, "metadata": {"name": name}, "spec": spec}


def verdict(*manifests: dict[str, Any], cluster: Cluster = CLUSTER) -> Verdict:
    """Of the one workload among the manifests."""
    (only,) = check(manifests, cluster).verdicts
    return only


def said(*manifests: dict[str, Any], cluster: Cluster = CLUSTER) -> list[str]:
    """Every finding, with its severity."""
    return [f"{each.severity}: {each}" for each in verdict(*manifests, cluster=cluster).findings]


def refusals(*manifests: dict[str, Any], cluster: Cluster = CLUSTER) -> dict[str, tuple[str, ...]]:
    """Pool -> why it doesn't take the workload."""
    placements: Iterable[Any] = verdict(*manifests, cluster=cluster).placements
    return {each.pool.name: each.reasons for each in placements}
