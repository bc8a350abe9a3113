"""A pod whose node is lost, not Ready, or taken back: spot machines, zones, preemption, evictions, drains.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions,
https://kubernetes.io/docs/reference/labels-annotations-taints/, https://karpenter.sh/docs/concepts/disruption/.
"""

from collections import defaultdict
from collections.abc import Iterator

from podzol.elasticity.kinds import SPOT_LABELS, condition
from podzol.fit.offers import ZONE
from podzol.why.case import Case, ended
from podzol.why.evidence import Event, Object, duration, labels_of, name_of, one_line, reference, spec_of
from podzol.why.findings import Finding, Rank

RECLAIMED = (
    "SpotInterrupted",
    "SpotInterruption",
    "SpotRebalanceRecommendation",
    "InstanceTerminating",
    "PreemptScheduled",
    "TerminateScheduled",
    "Preempted",
)
"""Reasons of events about a node that the cloud takes back."""
OUT_OF_SERVICE = {
    "node.kubernetes.io/unreachable": "its kubelet doesn't answer",
    "node.kubernetes.io/not-ready": "its kubelet isn't ready",
    "node.kubernetes.io/out-of-service": "it is out of service",
}
DISRUPTIONS = {
    "PreemptionByScheduler": "it was put out for a pod of higher priority",
    "DeletionByTaintManager": "its node was given up: the node's taint wasn't tolerated any longer",
    "DeletionByPodGC": "its node is gone",
    "EvictionByEvictionAPI": "it was evicted, as when a node is drained",
    "TerminationByKubelet": "its kubelet ended it: the node was short of something, or shut down",
}
RECENT_SECONDS = 900.0


def causes(case: Case) -> Iterator[Finding]:
    yield from _lost_nodes(case)
    for part, pod in case.sick:
        if part.it["kind"] in ("Job", "CronJob", "JobSet") and part.state.runs:
            continue
        found = condition(pod, "DisruptionTarget")
        if found.get("status") == "True" and (
            ended(pod) or pod["metadata"].get("deletionTimestamp") or not case.evidence.knows("Node")
        ):
            reason = DISRUPTIONS.get(found.get("reason", ""), f"it was disrupted ({found.get('reason')})")
            seen = (f"condition DisruptionTarget: {one_line(found.get('message') or '')}",)
            todo = "its controller makes another one, which isn't counted as a failure"
            yield Finding("nodes", Rank.FOLLOWS, (reference(pod),), reason, todo, seen)
        elif pod["metadata"].get("deletionTimestamp"):
            yield from _leaving(case, pod)
    yield from _taken_back(case)


def _lost_nodes(case: Case) -> Iterator[Finding]:
    """Nodes of the pods that don't answer; a whole zone of them in one sentence."""
    lost = {name_of(it): it for it in case.evidence.all("Node") if out_of_service(it)}
    mine: dict[str, list[str]] = defaultdict(list)
    for _, pod in case.pods:
        if (node := spec_of(pod).get("nodeName")) in lost and not ended(pod):
            mine[str(node)].append(reference(pod))
    zones = lost_zones(case)
    for name, pods in mine.items():
        node = lost[name]
        since = duration(case.evidence.since(condition(node, "Ready").get("lastTransitionTime")))
        zone = labels_of(node).get(ZONE, "")
        where = (
            f"the zone {zone} is lost: none of its {zones[zone]} nodes answers"
            if zone in zones
            else f"the node {name} is lost"
        )
        reason = f"{where}; {out_of_service(node)}, since {since}"
        todo = "its pods move after tolerationSeconds (300 s); if the machine is really gone, delete the Node"
        seen = (f"node {name}: Ready is {condition(node, 'Ready').get('status', 'Unknown')}",)
        yield Finding("nodes", Rank.SAID, tuple(pods), reason, todo, seen)


def out_of_service(node: Object) -> str:
    """Why a node doesn't count any more; empty when it does."""
    taints = [each["key"] for each in spec_of(node).get("taints") or ()]
    told = next((words for key, words in OUT_OF_SERVICE.items() if key in taints), "")
    ready = condition(node, "Ready").get("status")
    return told or (
        ""
        if ready in ("True", None)
        else "its kubelet doesn't answer"
        if ready == "Unknown"
        else "its kubelet isn't ready"
    )


def lost_zones(case: Case) -> dict[str, int]:
    """Zones of which no node is left that answers, with how many there were: at least two."""
    zones: dict[str, list[Object]] = defaultdict(list)
    for node in case.evidence.all("Node"):
        if zone := labels_of(node).get(ZONE):
            zones[zone].append(node)
    return {zone: len(nodes) for zone, nodes in zones.items() if len(nodes) > 1 and all(map(out_of_service, nodes))}


def _leaving(case: Case, pod: Object) -> Iterator[Finding]:
    """A pod that was deleted and is still there."""
    late = case.evidence.since(pod["metadata"]["deletionTimestamp"])
    if late < 30:
        return
    if held := pod["metadata"].get("finalizers"):
        reason = f"it was to be deleted {duration(late)} ago, and its finalizers keep it: {', '.join(held)}"
        yield Finding("nodes", Rank.SAID, (reference(pod),), reason, "see that the controller of the finalizer runs")
    else:
        reason = f"it was to be gone {duration(late)} ago, and its kubelet hasn't said that it is"
        todo = (
            f"if the machine is gone: `kubectl delete pod {name_of(pod)} -n {case.namespace} --grace-period=0 --force`"
        )
        yield Finding("nodes", Rank.SAID, (reference(pod),), reason, todo)


def _taken_back(case: Case) -> Iterator[Finding]:
    """Spot machines that the cloud took back a moment ago, under pods of ours or while ours wait."""
    waits = any(part.waiting for part in case.parts)
    names = {str(spec_of(pod).get("nodeName")) for _, pod in case.pods}
    told: list[tuple[str, Event]] = [
        each for kind in ("Node", "NodeClaim") for each in case.evidence.events_of(kind, *RECLAIMED)
    ]
    for name, event in sorted(told, key=lambda each: -each[1].last):
        node = case.evidence.find("Node", "", name)
        spot = (
            "the spot node"
            if node is None or any(labels_of(node).get(k) == v for k, v in SPOT_LABELS.items())
            else "the node"
        )
        if case.evidence.now - event.last < RECENT_SECONDS and (name in names or waits):
            stops = any(not part.state.runs for part in case.parts)
            reason = f"the cloud has taken back {spot} {name}, {duration(case.evidence.now - event.last)} ago"
            todo = "wait for the node that takes its place; a Job goes on from its checkpoint" if stops else ""
            yield Finding(
                "nodes",
                Rank.FOLLOWS if stops else Rank.ASIDE,
                (f"Node/{name}",),
                reason,
                todo,
                (case.evidence.told(event),),
            )
            return
