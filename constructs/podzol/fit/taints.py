"""Asks: does the pod tolerate every taint that keeps pods off the node?

As the scheduler does it: https://github.com/kubernetes/api/blob/v0.37.2/core/v1/toleration.go (2026-11-23). The
operators Lt and Gt are alpha there and off, so they tolerate nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.fit.offers import NodeOffer, Taint
from podzol.fit.pods import Pod

EVERY_DAEMON: tuple[Mapping[str, Any], ...] = tuple(
    {"key": f"node.kubernetes.io/{condition}", "operator": "Exists"}
    for condition in ("not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")
)
"""Tolerations that a DaemonSet's pods get. Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
#taints-and-tolerations (2026-11-23)."""


def why_not(pod: Pod, node: NodeOffer) -> Iterator[str]:
    """A reason for each taint that the pod doesn't tolerate."""
    for taint in node.taints:
        if keeps_off(taint, pod):
            yield f"does not tolerate {taint}"


def keeps_off(taint: Taint, pod: Pod) -> bool:
    """Whether the taint keeps the pod from starting here. PreferNoSchedule never does; a pod that names its node isn't
    scheduled, and only NoExecute puts it off."""
    if taint.effect == "PreferNoSchedule" or (pod.node_name and taint.effect != "NoExecute"):
        return False
    return not any(tolerates(each, taint) for each in pod.tolerations)


def tolerates(toleration: Mapping[str, Any], taint: Taint) -> bool:
    """Whether a toleration covers a taint. How long (tolerationSeconds) is no matter when a pod is scheduled."""
    effect, key = toleration.get("effect"), toleration.get("key")
    if (effect and effect != taint.effect) or (key and key != taint.key):
        return False
    operator = toleration.get("operator") or "Equal"
    return operator == "Exists" or (operator == "Equal" and (toleration.get("value") or "") == taint.value)
