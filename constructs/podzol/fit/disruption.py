"""Asks: can a node be emptied again? What blocks an autoscaler from removing it, or pins an expensive one?

Sources, 2026-11-23: cluster-autoscaler/FAQ.md, "What types of pods can prevent CA from removing a node?" of
https://github.com/kubernetes/autoscaler; https://karpenter.sh/docs/concepts/disruption/.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, warning
from podzol.fit.jobs import given
from podzol.fit.objects import Objects, name_of
from podzol.fit.placement import Placement
from podzol.fit.spread import matches
from podzol.fit.workload import Workload
from podzol.kubernetes.accelerators import GPU
from podzol.kubernetes.eviction import KARPENTER_DO_NOT_DISRUPT, SAFE_TO_EVICT

SAFE_VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"


def blockers(asked: Asked, objects: Objects) -> Iterator[Finding]:
    """Everything about a workload that keeps a node from going."""
    workload, scaling = asked.workload, [each for each in asked.fitting if each.pool.autoscaler != "none"]
    if workload.kind == "DaemonSet" or not scaling:
        return
    if workload.kind == "Pod" and workload.annotations.get(SAFE_TO_EVICT) != "true":
        yield warning(
            "disruption",
            "a pod without a controller is lost with its node, so an autoscaler keeps the node",
            "make it a Job or a Deployment",
        )
    yield from _pinned(workload, scaling)
    if any(each.pool.autoscaler == "cluster-autoscaler" for each in scaling):
        yield from _local_storage(workload)
    yield from _budgets(workload, objects)


def _pinned(workload: Workload, scaling: list[Placement]) -> Iterator[Finding]:
    """A pod that must not be disturbed and never ends holds its node for ever."""
    annotations = workload.annotations
    karpenter = str(annotations.get(KARPENTER_DO_NOT_DISRUPT, "")).lower() == "true"
    held = {
        "karpenter": KARPENTER_DO_NOT_DISRUPT if karpenter else "",
        "cluster-autoscaler": SAFE_TO_EVICT if annotations.get(SAFE_TO_EVICT) == "false" else "",
    }
    held["gke"] = held["cluster-autoscaler"]
    for each in scaling:
        by = held.get(each.pool.autoscaler)
        if not by:
            continue
        price = f" at {each.pool.price_usd:.2f} USD an hour" if each.pool.price_usd else ""
        if not workload.ends:
            yield warning(
                "disruption", f"{by} holds a node of {each.pool.name}{price} for ever", "leave it to work that ends"
            )
        elif _has_gpu(each) and not workload.spec.get("activeDeadlineSeconds"):
            yield warning(
                "disruption",
                f"{by} holds a node of {each.pool.name}{price}, and nothing ends a pod that hangs",
                "set activeDeadlineSeconds",
            )


def _has_gpu(placement: Placement) -> bool:
    return any(GPU in node.allocatable for node in placement.nodes)


def _local_storage(workload: Workload) -> Iterator[Finding]:
    """An emptyDir on disk, or a hostPath, keeps Cluster Autoscaler from removing the node."""
    annotations = workload.annotations
    if SAFE_TO_EVICT in annotations or workload.ends:
        return
    spared = {name.strip() for name in annotations.get(SAFE_VOLUMES, "").split(",")}
    local = [
        str(volume.get("name"))
        for volume in workload.pod_spec.get("volumes") or ()
        if ("hostPath" in volume or ("emptyDir" in volume and (volume["emptyDir"] or {}).get("medium") != "Memory"))
        and volume.get("name") not in spared
    ]
    if local:
        yield warning(
            "disruption",
            f"its local volumes ({', '.join(local)}) keep Cluster Autoscaler from removing the node",
            f'annotate the pods with {SAFE_TO_EVICT}: "true"',
        )


def _budgets(workload: Workload, objects: Objects) -> Iterator[Finding]:
    """A PodDisruptionBudget that lets no pod go, and two on one pod, which no eviction gets past."""
    budgets = [
        each
        for each in objects.within(workload.namespace, "PodDisruptionBudget")
        if matches((each.get("spec") or {}).get("selector"), workload.pod_labels)
    ]
    if len(budgets) > 1:
        names = ", ".join(name_of(each) for each in budgets)
        yield warning("disruption", f"{names} select the same pods, so none can be evicted", "keep one")
    for budget in budgets:
        spec = budget.get("spec") or {}
        if workload.pods and _may_go(spec, workload.pods) <= 0:
            yield warning(
                "disruption",
                f"the PodDisruptionBudget {name_of(budget)} lets none of {workload.pods} pods go, "
                "so their nodes can't be emptied",
                "write maxUnavailable: 1",
            )


def _may_go(spec: Mapping[str, Any], pods: int) -> int:
    """Pods that may be away at once. Percentages are rounded up, as the controller does."""
    if (away := spec.get("maxUnavailable")) is not None:
        return _share(away, pods)
    return pods - _share(given(spec.get("minAvailable"), 1), pods)


def _share(value: Any, pods: int) -> int:
    text = str(value)
    return -(-int(text[:-1]) * pods // 100) if text.endswith("%") else int(text)
