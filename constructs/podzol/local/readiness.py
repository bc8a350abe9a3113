"""Defines what a Kubernetes object has come to, in a few words: `Deployment 2/2 ready`, `claim bound 1Gi`."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

Object = dict[str, Any]


def state_of(thing: Object) -> str:
    """What the object has come to; empty for a kind that comes to nothing, such as a ConfigMap."""
    describe = KINDS.get(thing["kind"])
    return describe(thing.get("spec", {}), thing.get("status", {})) if describe else ""


def summary(things: Iterable[Object]) -> str:
    """What all of them have come to; what several have come to alike is counted."""
    states = Counter(filter(None, map(state_of, things)))
    return "; ".join(f"{count} times {state}" if count > 1 else state for state, count in states.items())


def deployment(spec: Object, status: Object) -> str:
    return f"Deployment {status.get('readyReplicas', 0)}/{spec.get('replicas', 1)} ready"


def job(spec: Object, status: Object) -> str:
    met = {condition["type"] for condition in status.get("conditions", []) if condition["status"] == "True"}
    if "Complete" in met:
        pods = status.get("succeeded", 0)
        return f"Job complete, {pods} pod{'s' if pods != 1 else ''}"
    return "Job failed" if "Failed" in met else "Job suspended" if spec.get("suspend") else "Job running"


def cron_job(spec: Object, status: Object) -> str:
    return f"CronJob {spec['schedule']}" + (" suspended" if spec.get("suspend") else "")


def claim(spec: Object, status: Object) -> str:
    size = status.get("capacity", {}).get("storage", "")
    return f"claim {status.get('phase', 'Pending').lower()} {size}".rstrip()


def autoscaler(spec: Object, status: Object) -> str:
    return f"HPA {spec.get('minReplicas', 1)} to {spec['maxReplicas']}"


KINDS: dict[str, Callable[[Object, Object], str]] = {
    "Deployment": deployment,
    "Job": job,
    "CronJob": cron_job,
    "PersistentVolumeClaim": claim,
    "HorizontalPodAutoscaler": autoscaler,
}
