"""Defines what is recorded of each kind of object: where it is watched, and the few fields that are kept.

Only what the timeline, the narrative and the report read is kept; environment, annotations, images' arguments and
secrets never are. Sources, read on 2026-11-23: the API reference at https://kubernetes.io/docs/reference/kubernetes-api/
and https://karpenter.sh/docs/concepts/nodeclaims/.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from podzol.elasticity.hpa_metrics import measured, wished
from podzol.elasticity.requests import asked, resources
from podzol.kubernetes.accelerators import ACCELERATOR, CAPACITY_TYPE, POOL
from podzol.kubernetes.labels import INSTANCE, NAME

Object = Mapping[str, Any]
Fields = dict[str, Any]

POOL_LABELS = (POOL, "karpenter.sh/nodepool", "cloud.google.com/gke-nodepool", "eks.amazonaws.com/nodegroup")
"""Labels that say which pool a node is of, the first one that is there counts: Podzol's, Karpenter's, GKE's, EKS's."""
SPOT_LABELS = {
    CAPACITY_TYPE: "spot",
    "karpenter.sh/capacity-type": "spot",
    "eks.amazonaws.com/capacityType": "SPOT",
    "cloud.google.com/gke-spot": "true",
}
"""Label -> its value on a spot node: Podzol's, the only one on the nodes of a local pool's floor, Karpenter's, EKS's,
GKE's. Sources: https://karpenter.sh/docs/reference/labels, the EKS user guide on managed node groups,
https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms (2026-11-23)."""

ACCELERATOR_LABELS = (ACCELERATOR, "cloud.google.com/gke-accelerator", "karpenter.k8s.aws/instance-gpu-name")
"""Labels that say which GPUs a node has: Podzol's, GKE's, Karpenter's."""

PATIENCE_SECONDS = 300
"""An HPA follows the highest wish of so long when it scales down, unless it says otherwise.
Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#stabilization-window (2026-11-23)."""


@dataclass(frozen=True)
class Kind:
    """A kind that is watched."""

    name: str
    path: str
    """Of the whole cluster's list; `namespaces/NAME/` goes before the last word for one namespace."""
    fields: Callable[[Object], Fields]
    namespaced: bool = True
    expires: bool = False
    """Objects of it go by themselves, so that they are gone means nothing."""


def node(it: Object) -> Fields:
    """A node: its pool and machine, what it offers, whether it takes pods."""
    labels = it["metadata"].get("labels", {})
    ready = condition(it, "Ready")
    spec = it.get("spec", {})
    return {
        "created": it["metadata"].get("creationTimestamp"),
        "pool": next((labels[label] for label in POOL_LABELS if label in labels), ""),
        "machine": labels.get("node.kubernetes.io/instance-type", ""),
        "accelerator": next((labels[label] for label in ACCELERATOR_LABELS if label in labels), ""),
        "zone": labels.get("topology.kubernetes.io/zone", ""),
        "spot": any(labels.get(label) == value for label, value in SPOT_LABELS.items()),
        "offers": resources(it.get("status", {}).get("allocatable", {})),
        "ready": ready.get("status") == "True",
        "ready_since": ready.get("lastTransitionTime"),
        "cordoned": bool(spec.get("unschedulable")),
        "taints": sorted(taint["key"] for taint in spec.get("taints", [])),
        "leaving": it["metadata"].get("deletionTimestamp"),
    }


def pod(it: Object) -> Fields:
    """A pod: whose it is, what it asks for, where it is and how far."""
    spec, status = it.get("spec", {}), it.get("status", {})
    labels = it["metadata"].get("labels", {})
    scheduled = condition(it, "PodScheduled")
    states = [each.get("state", {}) for each in status.get("containerStatuses", [])]
    waiting = [state["waiting"].get("reason", "") for state in states if "waiting" in state]
    ended = [state["terminated"] for state in states if "terminated" in state]
    return {
        "created": it["metadata"].get("creationTimestamp"),
        "owner": owner(it),
        "app": labels.get(NAME, ""),
        "release": labels.get(INSTANCE, ""),
        "asks": asked(spec),
        "node": spec.get("nodeName", ""),
        "phase": status.get("phase", "Pending"),
        "ready": condition(it, "Ready").get("status") == "True",
        "scheduled_at": scheduled.get("lastTransitionTime") if scheduled.get("status") == "True" else None,
        "unschedulable": scheduled.get("message", "") if scheduled.get("status") == "False" else "",
        "started": status.get("startTime"),
        "waiting": sorted(filter(None, waiting)),
        "exit_codes": [each.get("exitCode", 0) for each in ended],
        "finished": max((each["finishedAt"] for each in ended if each.get("finishedAt")), default=None),
        "reason": status.get("reason", ""),
        "disrupted": condition(it, "DisruptionTarget").get("reason", ""),
        "leaving": it["metadata"].get("deletionTimestamp"),
    }


def horizontal_pod_autoscaler(it: Object) -> Fields:
    """An HPA: its bounds, what it wants and has, each metric beside its target."""
    spec, status = it.get("spec", {}), it.get("status", {})
    target = spec.get("scaleTargetRef", {})
    current = [measured(metric) for metric in status.get("currentMetrics") or []]
    return {
        "target": f"{target.get('kind', '')}/{target.get('name', '')}",
        "min": spec.get("minReplicas", 1),
        "max": spec.get("maxReplicas"),
        "had": status.get("currentReplicas", 0),
        "wanted": status.get("desiredReplicas", 0),
        "metrics": [
            {"name": name, "target": wish, "current": dict(current).get(name)}
            for name, wish in (wished(metric) for metric in spec.get("metrics") or [])
        ],
        "limited": condition(it, "ScalingLimited").get("reason", "")
        if condition(it, "ScalingLimited").get("status") == "True"
        else "",
        "inactive": condition(it, "ScalingActive").get("message", "")
        if condition(it, "ScalingActive").get("status") == "False"
        else "",
        "patience": spec.get("behavior", {}).get("scaleDown", {}).get("stabilizationWindowSeconds", PATIENCE_SECONDS),
    }


def deployment(it: Object) -> Fields:
    """A Deployment's scale."""
    status = it.get("status", {})
    return {
        "wanted": it.get("spec", {}).get("replicas", 1),
        "had": status.get("replicas", 0),
        "ready": status.get("readyReplicas", 0),
    }


def job(it: Object) -> Fields:
    """A Job: how much it has to do and how far it is."""
    spec, status = it.get("spec", {}), it.get("status", {})
    return {
        "created": it["metadata"].get("creationTimestamp"),
        "owner": owner(it),
        "asks": asked(spec.get("template", {}).get("spec", {})),
        "parallelism": spec.get("parallelism", 1),
        "completions": spec.get("completions"),
        "suspended": bool(spec.get("suspend")),
        "active": status.get("active", 0),
        "succeeded": status.get("succeeded", 0),
        "failed": status.get("failed", 0),
        "complete": condition(it, "Complete").get("status") == "True",
        "failure": condition(it, "Failed").get("message", "")
        if condition(it, "Failed").get("status") == "True"
        else "",
        "started": status.get("startTime"),
        "finished": status.get("completionTime"),
    }


def claim(it: Object) -> Fields:
    """A PersistentVolumeClaim: how big, of which class, bound or not."""
    spec, status = it.get("spec", {}), it.get("status", {})
    return {
        "phase": status.get("phase", ""),
        "class": spec.get("storageClassName", ""),
        "asks": spec.get("resources", {}).get("requests", {}).get("storage", ""),
        "volume": spec.get("volumeName", ""),
    }


def event(it: Object) -> Fields:
    """An event: about what, why, in whose words."""
    about = it.get("involvedObject", {})
    return {
        "about": about.get("kind", ""),
        "about_name": about.get("name", ""),
        "about_namespace": about.get("namespace", ""),
        "type": it.get("type", "Normal"),
        "reason": it.get("reason", ""),
        "message": it.get("message", ""),
        "count": (it.get("series") or {}).get("count") or it.get("count") or 1,
        "from": it.get("reportingComponent") or it.get("source", {}).get("component", ""),
        "last": it.get("lastTimestamp")
        or (it.get("series") or {}).get("lastObservedTime")
        or it.get("eventTime")
        or it["metadata"].get("creationTimestamp"),
    }


def node_claim(it: Object) -> Fields:
    """Karpenter's order for a machine: of which pool and type, and whether the machine has come."""
    labels = it["metadata"].get("labels", {})
    return {
        "created": it["metadata"].get("creationTimestamp"),
        "pool": next((labels[label] for label in POOL_LABELS if label in labels), ""),
        "machine": labels.get("node.kubernetes.io/instance-type", ""),
        "node": it.get("status", {}).get("nodeName", ""),
        "launched": condition(it, "Launched").get("status") == "True",
        "ready": condition(it, "Ready").get("status") == "True",
        "leaving": it["metadata"].get("deletionTimestamp"),
    }


KINDS = (
    Kind("Node", "api/v1/nodes", node, namespaced=False),
    Kind("Pod", "api/v1/pods", pod),
    Kind("Event", "api/v1/events", event, expires=True),
    Kind("PersistentVolumeClaim", "api/v1/persistentvolumeclaims", claim),
    Kind("Deployment", "apis/apps/v1/deployments", deployment),
    Kind("Job", "apis/batch/v1/jobs", job),
    Kind("HorizontalPodAutoscaler", "apis/autoscaling/v2/horizontalpodautoscalers", horizontal_pod_autoscaler),
    Kind("NodeClaim", "apis/karpenter.sh/v1/nodeclaims", node_claim, namespaced=False),
)
"""Everything that is watched. A kind that the cluster doesn't know (yet) is asked for again from time to time."""


def condition(it: Object, kind: str) -> Mapping[str, Any]:
    """A condition of the status; empty when there is none of that type."""
    return next((each for each in it.get("status", {}).get("conditions") or [] if each["type"] == kind), {})


def owner(it: Object) -> str:
    """`Kind/name` of the controller that made it. A ReplicaSet's Deployment is what people know: its name without the
    hash that the Deployment controller adds."""
    for each in it["metadata"].get("ownerReferences", []):
        if each.get("controller"):
            if each["kind"] == "ReplicaSet":
                return f"Deployment/{each['name'].rpartition('-')[0]}"
            return f"{each['kind']}/{each['name']}"
    return ""
