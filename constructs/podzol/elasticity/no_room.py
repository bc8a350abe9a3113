"""Defines `reasons`: why the scheduler finds no node for a pod, in words that need no knowledge of Kubernetes.

What it says is a count of nodes for each reason, such as `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had
untolerated taint(s). preemption: ...`. Source: pkg/scheduler/framework/plugins of Kubernetes v1.37.2 (2026-11-23).
"""

import re

from podzol.elasticity.words import listed, several

OTHERS = "is kept for other work"
"""Not told of beside another reason: a cluster has many such nodes."""
NODES = (
    (r"Insufficient cpu", "has too little CPU free"),
    (r"Insufficient memory", "has too little memory free"),
    (r"Insufficient \S*gpu", "has no GPU free"),
    (r"Insufficient pods|Too many pods", "has as many pods as it may have"),
    (r"node\(s\) didn't match Pod's node affinity/selector", OTHERS),
    (r"node\(s\) had untolerated taint.*", OTHERS),
    (r"node\(s\) were unschedulable", "is closed to new pods"),
    (r"node\(s\) didn't match pod topology spread constraints.*", "has its share of such pods already"),
    (r"node\(s\) didn't (match pod anti-affinity|satisfy existing pods).*", "has pods that it must keep away from"),
    (r"node\(s\) had volume node affinity conflict.*", "is not where its data is"),
)
"""A reason -> what is so of each node that it is about."""
UNBOUND = "pod has unbound immediate PersistentVolumeClaims"
PODS = (
    (r"no nodes available.*", "there is no node"),
    (rf"{UNBOUND}.*", "its volume is not there yet"),
)
"""Reasons that are about no node."""
OF_VOLUME = re.compile(rf"{UNBOUND}|persistentvolumeclaim \"")
"""What the scheduler says before it looks at any node: a claim is bound a moment after it is made."""
NOT_MEANT = "no node is meant for it"


def is_of_volume(message: str) -> bool:
    """Whether a pod waits for its volume: no node was asked whether it has room."""
    return OF_VOLUME.search(message) is not None


def reasons(message: str) -> str:
    """The scheduler's reasons, without what preemption could do; one that isn't known, as it is.

    Args:
        message: of a pod's condition PodScheduled, or of an event FailedScheduling.
    """
    front = message.partition(". ")[0].rstrip(".")
    said = front.partition(": ")[2] or front
    counts: dict[str, int] = {}
    unknown: list[str] = []
    for reason in said.split(", "):
        count, words = _known(reason)
        if count:
            counts[words] = counts.get(words, 0) + count
        else:
            unknown.append(words)
    if counts.pop(OTHERS, 0) and not counts and not unknown:
        return NOT_MEANT
    return listed([*(_of_nodes(count, words) for words, count in counts.items()), *unknown])


def _known(reason: str) -> tuple[int, str]:
    """How many nodes a reason is about, and its words; 0 when it is about none, or isn't known."""
    count, _, rest = reason.partition(" ")
    for pattern, words in NODES:
        if count.isdigit() and re.fullmatch(pattern, rest):
            return int(count), words
    return 0, next((words for pattern, words in PODS if re.fullmatch(pattern, reason)), reason)


def _of_nodes(count: int, words: str) -> str:
    if count == 1:
        return f"one node {words}"
    verb, _, rest = words.partition(" ")
    return f"{several(count, 'node')} {'have' if verb == 'has' else 'are'} {rest}"
