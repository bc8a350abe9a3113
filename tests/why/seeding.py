"""What the seeds are made of: objects, and what a kubelet says of their pods.

What a kubelet would write (statuses and events of pods on a node) is written here in its words, for the nodes of the
embedded cluster are simulated; all else is said by the real scheduler and controllers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Object = dict[str, Any]
HELD = {"podzol.dev/simulated-machine": "off"}
"""Annotation that keeps the simulation off a pod: what its kubelet says, the seed says."""
SLOW = {"podzol.dev/simulated-duration": "1h"}


@dataclass(frozen=True)
class Seed:
    """One misconfiguration, in a namespace of its own."""

    name: str
    objects: list[Object]
    cause: str
    """Name of the cause that must come first."""
    reason: str
    """Its reason, as a regular expression for the whole of it."""
    todo: str = ""
    """Part of what to do."""
    asks: str = "deployment/web"
    labels: dict[str, str] = field(default_factory=dict)
    """Of the namespace."""
    status: Callable[[Object], Object] | None = None
    """What the kubelet says of each pod: from the pod, a merge patch of its status."""
    events: tuple[tuple[str, str], ...] = ()
    """What the kubelet tells about each pod: reason and message."""
    end: str = ""
    """Object that is deleted at the end, such as `namespace/NAME`."""


def container(image: str = "registry.k8s.io/pause:3.10", **more: Any) -> Object:
    return {"name": "main", "image": image, **more}


def template(*containers: Object, annotations: dict[str, str] | None = None, **spec: Any) -> Object:
    meta = {"labels": {"app": "web"}, "annotations": annotations or {}}
    selector = {"podzol.dev/pool": "cpu-pool"}
    return {
        "metadata": meta,
        "spec": {"nodeSelector": selector, "containers": list(containers) or [container()], **spec},
    }


def deployment(
    *containers: Object, replicas: int = 1, annotations: dict[str, str] | None = None, **spec: Any
) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": template(*containers, annotations=annotations, **spec),
        },
    }


def job(
    *containers: Object,
    annotations: dict[str, str] | None = None,
    labels: dict[str, str] | None = None,
    pod: Any = None,
    **spec: Any,
) -> Object:
    made = template(*containers, annotations=annotations or SLOW, **{"restartPolicy": "Never", **(pod or {})})
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "train", "labels": labels or {}},
        "spec": {**spec, "template": made},
    }


def held(*containers: Object, **spec: Any) -> Object:
    """A Deployment whose pods stay as the kubelet of the seed says."""
    return deployment(*containers, annotations=HELD, **spec)


def resource(version: str, kind: str, name: str, **more: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **more}


def claim(**spec: Any) -> Object:
    asks = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return resource("v1", "PersistentVolumeClaim", "data", spec={**asks, **spec})


def mounting(name: str = "data") -> Object:
    return {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]}


def hpa(**spec: Any) -> Object:
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
    }
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return resource(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "web",
        spec={"scaleTargetRef": target, "maxReplicas": 3, "metrics": [metric], **spec},
    )


def waiting(reason: str, message: str = "", **more: Any) -> Callable[[Object], Object]:
    """A container that waits."""

    def status(pod: Object) -> Object:
        state = {"waiting": {"reason": reason, "message": message}}
        return {"phase": "Pending", "containerStatuses": [container_status(pod, state, **more)]}

    return status


def running(ready: bool = False, phase: str = "Running", **more: Any) -> Callable[[Object], Object]:
    """A container that runs, or did."""

    def status(pod: Object) -> Object:
        kept = [each for each in pod["status"]["conditions"] if each["type"] not in ("Ready", "ContainersReady")]
        conditions = [*kept, *({"type": each, "status": str(ready)} for each in ("Ready", "ContainersReady"))]
        state = more.pop("state", {"running": {"startedAt": "2026-11-23T10:00:00Z"}})
        return {"phase": phase, "conditions": conditions, "containerStatuses": [container_status(pod, state, **more)]}

    return status


def crashed(code: int, reason: str = "Error", message: str = "", restarts: int = 3) -> Callable[[Object], Object]:
    """A container that is started again and again."""
    last = {"terminated": {"exitCode": code, "reason": reason, "message": message}}
    state = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"}}
    return running(state=state, lastState=last, restartCount=restarts)


def container_status(pod: Object, state: Object, **more: Any) -> Object:
    image = pod["spec"]["containers"][0]["image"]
    status = {"name": "main", "image": image, "imageID": "", "ready": False, "restartCount": 0}
    return {**status, "state": state, **more}
