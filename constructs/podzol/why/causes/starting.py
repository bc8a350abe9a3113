"""A pod that is on its way: scheduled, its image being pulled, its init containers at work. Nothing is wrong yet.

Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (2026-11-23).
"""

from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.why.case import Case
from podzol.why.evidence import Object, duration, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank

LONG_SECONDS = 300.0
"""After this long a start is no longer usual."""


def causes(case: Case) -> Iterator[Finding]:
    for _, pod in case.sick:
        node = spec_of(pod).get("nodeName")
        if status_of(pod).get("phase") == "Pending" and node and not pod["metadata"].get("deletionTimestamp"):
            since = case.evidence.since(condition(pod, "PodScheduled").get("lastTransitionTime"))
            reason = f"it is starting on {node}, since {duration(since)}: {doing(case, pod)}"
            late = since > LONG_SECONDS
            todo = (
                f"see what its kubelet says: `kubectl describe pod {pod['metadata']['name']} -n {case.namespace}`"
                if late
                else "wait"
            )
            yield Finding("starting", Rank.MAYBE, (reference(pod),), reason, todo)


def doing(case: Case, pod: Object) -> str:
    """What the kubelet is at."""
    pulling = case.evidence.events(pod, "Pulling", "Pulled")
    if pulling and pulling[0].reason == "Pulling":
        return f"its image is being pulled, since {duration(case.evidence.now - pulling[0].last)}"
    for each in status_of(pod).get("initContainerStatuses") or ():
        if "running" in (each.get("state") or {}):
            return f"its init container {each['name']} is at work"
    return "its volumes are mounted and its containers made"
