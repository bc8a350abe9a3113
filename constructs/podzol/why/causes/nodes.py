"""A pod whose node is lost or not Ready, or that was put out of it: preemption, evictions, drains.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions and
https://kubernetes.io/docs/reference/labels-annotations-taints/.
"""

from collections import defaultdict
from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.fit.offers import ZONE
from podzol.why.case import TASKS, Case, ended
from podzol.why.evidence import Object, duration, labels_of, name_of, one_line, reference, spec_of
from podzol.why.findings import Finding, Rank

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


def causes(case: Case) -> Iterator[Finding]:
    yield from _lost_nodes(case)
    for part, pod in case.sick:
        if part.it["kind"] in TASKS and part.state.runs:
            continue
        found = condition(pod, "DisruptionTarget")
        leaving = pod["metadata"].get("deletionTimestamp")
        if found.get("status") == "True" and (ended(pod) or leaving):
            reason = DISRUPTIONS.get(found.get("reason", ""), f"it was disrupted ({found.get('reason')})")
            seen = (f"condition DisruptionTarget: {one_line(found.get('message') or '')}",)
            todo = "its controller makes another one"
            yield Finding("nodes", Rank.FOLLOWS, (reference(pod),), reason, todo, seen)
        elif leaving:
            yield from _leaving(case, pod)


def _lost_nodes(case: Case) -> Iterator[Finding]:
    """Nodes of the pods that don't answer; a whole zone of them in one sentence."""
    lost = {name_of(it): it for it in case.evidence.all("Node") if out_of_service(it)}
    mine: dict[str, list[Object]] = defaultdict(list)
    for _, pod in case.pods:
        if (node := spec_of(pod).get("nodeName")) in lost and not ended(pod):
            mine[str(node)].append(pod)
    yield from _missing_nodes(case)
    zones = lost_zones(case)
    for name, pods in mine.items():
        node = lost[name]
        since = duration(case.evidence.since(condition(node, "Ready").get("lastTransitionTime")))
        zone = labels_of(node).get(ZONE, "")
        whole = f"the zone {zone} is lost: none of its {zones.get(zone)} nodes answers"
        where = whole if zone in zones else f"the node {name} is lost"
        reason = f"{where}; {out_of_service(node)}, since {since}"
        todo = f"its pods move {tolerated(pods[0])}; if the machine is really gone, delete the Node"
        seen = (f"node {name}: Ready is {condition(node, 'Ready').get('status', 'Unknown')}",)
        yield Finding("nodes", Rank.SAID, tuple(map(reference, pods)), reason, todo, seen)


def _missing_nodes(case: Case) -> Iterator[Finding]:
    """Nodes of the pods that aren't there at all."""
    mine: dict[str, list[str]] = defaultdict(list)
    for _, pod in case.pods:
        node = spec_of(pod).get("nodeName")
        if node and case.evidence.knows("Node") and not ended(pod) and not case.evidence.find("Node", "", node):
            mine[node].append(reference(pod))
    for name, pods in mine.items():
        todo = "wait: the controllers end the pod and make another one"
        yield Finding("nodes", Rank.SAID, tuple(pods), f"its node {name} isn't there any more", todo)


def out_of_service(node: Object) -> str:
    """Why a node doesn't count any more; empty when it does."""
    taints = [each["key"] for each in spec_of(node).get("taints") or ()]
    told = next((words for key, words in OUT_OF_SERVICE.items() if key in taints), "")
    silent = {"Unknown": "its kubelet doesn't answer", "False": "its kubelet isn't ready"}
    return told or silent.get(condition(node, "Ready").get("status", ""), "")


def tolerated(pod: Object) -> str:
    """When a pod is evicted from a node that doesn't answer."""
    own = [each for each in spec_of(pod).get("tolerations") or () if each.get("key") in OUT_OF_SERVICE]
    seconds = [each["tolerationSeconds"] for each in own if each.get("tolerationSeconds") is not None]
    return f"after {duration(min(seconds))} (tolerationSeconds)" if seconds else "after their tolerationSeconds"


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
        force = f"kubectl delete pod {name_of(pod)} -n {case.namespace} --grace-period=0 --force"
        todo = f"if the machine is gone: `{force}`"
        yield Finding("nodes", Rank.SAID, (reference(pod),), reason, todo)
