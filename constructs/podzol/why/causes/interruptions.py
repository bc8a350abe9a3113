"""Machines under our pods that the cloud took back, or that failed, a moment ago: spot, a node, a whole zone.

Sources, 2026-11-23: https://karpenter.sh/docs/concepts/disruption/#interruption, the events of
https://github.com/aws/aws-node-termination-handler, and of the node controllers of Kubernetes v1.37.2.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from podzol.kubernetes.node_labels import ZONE
from podzol.why.case import Case, Part, born
from podzol.why.causes.nodes import out_of_service
from podzol.why.evidence import Event, Object, duration, labels_of, name_of, one_line, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

TAKEN_BACK = (
    "SpotInterrupted", "SpotInterruption", "InstanceTerminating", "PreemptScheduled",
    "TerminateScheduled",
)  # fmt: skip
"""Reasons of events about a node that the cloud takes back: Karpenter's, AWS's Node Termination Handler's, GKE's."""
FAILED = ("NodeNotReady", "MachineFailed", "DeletingNode")
"""Reasons of events about a node that is lost."""
NODES = "nodes"
"""The cause is told as that of `nodes.py`: what became of a machine is one thing to whoever asks."""
ZONE_LOST = "ZoneLost"
NOTICED_SECONDS = 120.0
"""How long the controllers take at most to see that a machine is silent: a minute, and as much again under load."""
ASSIGNED = re.compile(r"Successfully assigned \S+ to (?P<node>\S+)")
RECENT_SECONDS = 900.0
"""How long what happened to a machine can be the reason."""
STARTING = ("ContainerCreating", "PodInitializing")
"""What a container waits for that is on its way."""
SAME_SECONDS = 2.0
"""What is no further apart happened at one time: timestamps are whole seconds."""


def causes(case: Case) -> Iterator[Finding]:
    """Nodes of our pods that the cloud took back or that failed a moment ago, whether they are still listed or not."""
    for part in case.parts:
        yield from _preempted(case, part)
        mine = nodes_of(case, part)
        told = {name: event for name, event in _losses(case).items() if name in mine}
        for zone, event in _recent(case, "Zone", ZONE_LOST)[:1]:
            lost = {node for node in mine if is_lost(case, node) and went_with(case, node, zone, event, told)}
            others = [told[node] for node in told if node not in lost]
            if lost and felt(case, part, lost, event, _after(event, others)):
                reason = f"the zone {zone} that it was in is lost, {_ago(case, event)} ago: {one_line(event.message)}"
                yield _told(case, part, reason, event, stops=True)
        for name, event in told.items():
            if event.reason in TAKEN_BACK:
                reason = (
                    f"the cloud takes back the spot node {name} that it was on: notice came {_ago(case, event)} ago"
                )
            elif case.evidence.find("Node", "", name) is None:
                reason = f"the node {name} that it was on is gone: it failed {_ago(case, event)} ago"
            else:
                continue  # it is there: whether it answers is seen above
            stops = felt(case, part, {name}, event, _after(event, told.values()))
            yield _told(case, part, reason, event, stops)


def _losses(case: Case) -> dict[str, Event]:
    """Nodes that the cloud took back or that failed, by what is told of each: a machine that is taken back fails when
    its notice is over, and was taken back all the same."""
    failed, taken_back = (reversed(_recent(case, "Node", *reasons)) for reasons in (FAILED, TAKEN_BACK))
    return dict(failed) | dict(taken_back)


def _after(event: Event, others: Iterable[Event]) -> list[Event]:
    return [other for other in others if other.last > event.last + SAME_SECONDS]


def went_with(case: Case, node: str, zone: str, event: Event, told: Mapping[str, Event]) -> bool:
    """Whether a node that is lost was lost with its zone. Which zone it was in isn't known of one that is gone: those
    that were seen to fail soon after it were."""
    if there := case.evidence.find("Node", "", node):
        return labels_of(there).get(ZONE) == zone
    own = told.get(node)
    return own is None or (own.reason in FAILED and -SAME_SECONDS <= own.last - event.last <= NOTICED_SECONDS)


def _told(case: Case, part: Part, reason: str, event: Event, stops: bool) -> Finding:
    rank = Rank.SAID if stops else Rank.ASIDE
    todo = "wait for the nodes that take its place: its pods are made anew" if stops else ""
    return Finding(NODES, rank, (part.name,), reason, todo, (case.evidence.told(event),))


def felt(case: Case, part: Part, nodes: set[str], event: Event, later: Collection[Event] = ()) -> bool:
    """Whether a workload lacks still what it lost with these nodes: a pod that doesn't run was on one of them, or was
    made after it, and before a later loss, to take the place of one that was; or it isn't made yet."""
    if part.state.runs:
        return False
    return not part.sick or any(
        spec_of(pod).get("nodeName") in nodes
        or (takes_a_place(case, part, pod, event) and not any(takes_a_place(case, part, pod, it) for it in later))
        for pod in part.sick
    )


def takes_a_place(case: Case, part: Part, pod: Object, event: Event) -> bool:
    """Whether a pod was made because another was lost then, and is on its way: no trouble or loss of its own, and not
    because more were wanted."""
    node, made_at = spec_of(pod).get("nodeName"), born(pod)
    grown = any(
        "Scaled up" in told.message and abs(told.last - made_at) <= SAME_SECONDS
        for told in case.evidence.events(part.it, "ScalingReplicaSet")
    )
    own = in_trouble(pod) or (node and is_lost(case, node))
    return made_at >= event.last - SAME_SECONDS and not grown and not own


def in_trouble(pod: Object) -> bool:
    """Whether a container of a pod has ended, or waits for something else than its start."""
    for each in status_of(pod).get("containerStatuses") or ():
        state = each.get("state") or {}
        waits_for = (state.get("waiting") or {}).get("reason", "ContainerCreating")
        if each.get("restartCount") or "terminated" in state or waits_for not in STARTING:
            return True
    return False


def _preempted(case: Case, part: Part) -> Iterator[Finding]:
    """Pods of ours that the scheduler put out for others, and that find no other place."""
    makers = tuple(f"{name_of(maker)}-" for maker in part.makers)
    for name, event in _recent(case, "Pod", "Preempted"):
        if name.startswith(makers) and part.waiting:
            reason = f"a pod of it was put out for one of higher priority, {_ago(case, event)} ago"
            todo = change(case, part, "priorityClassName", "to a higher class", "give it a higher PriorityClass")
            yield Finding(NODES, Rank.SAID, (part.name,), reason, f"{todo}, or add nodes", (case.evidence.told(event),))
            return


def nodes_of(case: Case, part: Part) -> set[str]:
    """Nodes that the workload's pods are on, or were: of pods that are gone, the scheduler's events still say it."""
    names = {str(name) for pod in part.pods if (name := spec_of(pod).get("nodeName"))}
    makers = tuple(f"{name_of(maker)}-" for maker in part.makers)
    for pod, event in case.evidence.events_of("Pod", "Scheduled"):
        if pod.startswith(makers) and (found := ASSIGNED.search(event.message)):
            names.add(found["node"])
    return names


def is_lost(case: Case, name: str) -> bool:
    """Whether a node is gone, or doesn't answer."""
    node = case.evidence.find("Node", "", name)
    return case.evidence.knows("Node") and (node is None or bool(out_of_service(node)))


def _recent(case: Case, kind: str, *reasons: str) -> list[tuple[str, Event]]:
    """Events of the last minutes about objects of a kind, newest first."""
    told = [
        each for each in case.evidence.events_of(kind, *reasons) if case.evidence.now - each[1].last < RECENT_SECONDS
    ]
    return sorted(told, key=lambda each: -each[1].last)


def _ago(case: Case, event: Event) -> str:
    return duration(case.evidence.now - event.last)
