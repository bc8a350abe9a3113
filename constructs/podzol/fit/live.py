"""Defines how a running cluster is read as an offer: its nodes as they are, less what runs on them."""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from podzol.clusters.storage import DEFAULT_CLASS
from podzol.faults import Failure
from podzol.fit.amounts import added, amounts_of
from podzol.fit.objects import Objects, name_of
from podzol.fit.offers import Cluster, HostPort, NodeOffer, PoolOffer, StorageOffer, Taint
from podzol.fit.pods import Pod, pod_of
from podzol.fit.workload import Workload
from podzol.kubernetes.accelerators import CAPACITY_TYPE, POOL

KEPT = ("PersistentVolume", "PersistentVolumeClaim", "ResourceQuota", "LimitRange", "StorageClass", "RuntimeClass")
"""Kinds that questions are asked about."""
KINDS = ("Node", "Pod", "CSIDriver", *KEPT)
POOL_LABELS = (POOL, "eks.amazonaws.com/nodegroup", "cloud.google.com/gke-nodepool", "karpenter.sh/nodepool")
"""Labels that name a node's pool; the first one counts."""
CAPACITY_LABELS = (
    CAPACITY_TYPE,
    "karpenter.sh/capacity-type",
    "eks.amazonaws.com/capacityType",
    "cloud.google.com/gke-provisioning",
)
"""Labels that tell a spot node, by the value `spot` in any case."""
UNSCHEDULABLE = Taint("node.kubernetes.io/unschedulable", "", "NoSchedule")


def read(kubectl: Path, kubeconfig: Path) -> list[dict[str, Any]]:
    """Every object that matters here.

    Raises:
        Failure: kubectl can't; the message is the last line of its own.
    """
    done = subprocess.run(
        [str(kubectl), "get", ",".join(KINDS), "--all-namespaces", "--output=json"],
        env=os.environ | {"KUBECONFIG": str(kubeconfig)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "it says nothing").splitlines()[-1]
        raise Failure(f"kubectl get: {last}")
    found: list[dict[str, Any]] = json.loads(done.stdout)["items"]
    return found


def cluster_of(items: Iterable[dict[str, Any]], name: str, but: Iterable[Workload] = ()) -> Cluster:
    """What a running cluster offers.

    Args:
        items: its objects.
        name: what to call it.
        but: workloads whose pods, if there are some, make room for what is asked about.
    """
    objects = Objects(items, "default")
    replaced = [(each.namespace, each.pod_labels.items()) for each in but if each.pod_labels]
    running = defaultdict(list)
    for pod in objects.all("Pod"):
        spec, phase = pod.get("spec") or {}, (pod.get("status") or {}).get("phase")
        labels = (pod["metadata"].get("labels") or {}).items()
        own = any(pod["metadata"]["namespace"] == place and wanted <= labels for place, wanted in replaced)
        if spec.get("nodeName") and phase not in ("Succeeded", "Failed") and not own:
            running[spec["nodeName"]].append(pod_of(spec))
    pools = defaultdict(list)
    for node in objects.all("Node"):
        pools[_pool_of(node["metadata"].get("labels") or {})].append(_node(node, running[name_of(node)]))
    classes = {name_of(each): each for each in objects.all("StorageClass")}
    default = [name for name, each in classes.items() if DEFAULT_CLASS.items() <= _annotations(each).items()]
    return Cluster(
        name=name,
        provider=None,
        pools=tuple(_pool(name, tuple(nodes)) for name, nodes in sorted(pools.items())),
        storage_classes={each: StorageOffer(frozenset(), zonal=False) for each in classes},
        default_storage_class=default[0] if default else "",
        drivers=frozenset(name_of(each) for each in objects.all("CSIDriver")),
        objects=tuple(objects.all(*KEPT)),
    )


def _node(node: Mapping[str, Any], pods: list[Pod]) -> NodeOffer:
    spec = node.get("spec") or {}
    taints = [Taint(each["key"], each.get("value") or "", each["effect"]) for each in spec.get("taints") or ()]
    if spec.get("unschedulable") and UNSCHEDULABLE not in taints:
        taints.append(UNSCHEDULABLE)
    ports: list[HostPort] = [port for pod in pods for port in pod.ports]
    return NodeOffer(
        kind=f"node {node['metadata']['name']}",
        labels=node["metadata"].get("labels") or {},
        taints=tuple(taints),
        allocatable=amounts_of((node.get("status") or {}).get("allocatable")),
        taken=added(pod.room for pod in pods),
        name=node["metadata"]["name"],
        ports=tuple(ports),
        takers="its pods take",
    )


def _pool(name: str, nodes: tuple[NodeOffer, ...]) -> PoolOffer:
    spot = {each.labels.get(label, "").lower() == "spot" for each in nodes for label in CAPACITY_LABELS}
    return PoolOffer(
        name=name,
        nodes=nodes,
        min=len(nodes),
        max=len(nodes),
        capacity_type="spot" if True in spot else "",
        autoscaler="none",
    )


def _pool_of(labels: Mapping[str, str]) -> str:
    return next((labels[label] for label in POOL_LABELS if label in labels), "(no pool)")


def _annotations(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    return (manifest.get("metadata") or {}).get("annotations") or {}
