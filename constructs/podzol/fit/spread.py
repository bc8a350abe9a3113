"""Asks: do topology spread constraints and pod (anti-)affinity let the first pod start, and how many on one node?

As the scheduler does it for the first pod: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/scheduler/framework/
plugins/podtopologyspread/filtering.go (2026-11-23). How further pods spread depends on what runs by then: not judged.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.fit.findings import Finding, note
from podzol.fit.offers import NodeOffer
from podzol.fit.pods import Pod
from podzol.fit.workload import Workload
from podzol.kubernetes.node_labels import HOSTNAME


def why_not(pod: Pod, node: NodeOffer) -> Iterator[str]:
    """A node without the label to spread over takes no pod."""
    for key in pod.spread_keys:
        if key not in node.labels:
            yield f"spreads over {key}, which {node.kind} has not"


def one_a_node(workload: Workload) -> bool:
    """Whether pods of the workload keep each other off a node."""
    return any(
        term.get("topologyKey") == HOSTNAME and matches(term.get("labelSelector"), workload.pod_labels)
        for term in _required(workload.pod_spec, "podAntiAffinity")
    )


def not_judged(workload: Workload) -> Iterator[Finding]:
    """What depends on pods that run by then."""
    spec = workload.pod_spec
    for constraint in spec.get("topologySpreadConstraints") or ():
        if constraint.get("whenUnsatisfiable") == "DoNotSchedule" and workload.most > 1:
            key = constraint.get("topologyKey")
            yield note("spread", f"whether {workload.most} pods spread evenly over {key} is not judged")
    if list(_required(spec, "podAffinity")):
        yield note("spread", "required pod affinity is not judged: it depends on which pods run already")
    for term in _required(spec, "podAntiAffinity"):
        if term.get("topologyKey") != HOSTNAME or not matches(term.get("labelSelector"), workload.pod_labels):
            yield note("spread", f"required pod anti-affinity over {term.get('topologyKey')} is not judged")


def matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector selects these labels; none selects nothing, an empty one everything."""
    if selector is None:
        return False
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_holds(each, labels) for each in selector.get("matchExpressions") or ())


def _holds(requirement: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, values = labels.get(requirement["key"]), requirement.get("values") or ()
    match requirement.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
    return value is None


def _required(spec: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    affinity = (spec.get("affinity") or {}).get(kind) or {}
    yield from affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or ()
