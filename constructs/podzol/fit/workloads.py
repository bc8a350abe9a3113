"""Defines `Workload`: a pod template with how many pods of it there may be at once, read from a plain manifest.

Does not define what a pod asks for: `pods.py` does.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podzol.faults import Fault
from podzol.fit.objects import Objects, name_of
from podzol.fit.reading import reading
from podzol.kubernetes.container import MAIN
from podzol.kubernetes.quantities import nano
from podzol.kubernetes.retries import MEMORY_LADDER

GANG_LABELS = ("kueue.x-k8s.io/queue-name", "pod-group.scheduling.sigs.k8s.io/name", "scheduling.k8s.io/group-name")
"""Labels of a workload, or of its pods, that is admitted as a whole. Sources: Kueue's, and
https://github.com/kubernetes-sigs/scheduler-plugins (2026-11-23)."""
SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
KINDS = (*SCALED, "DaemonSet", "Job", "CronJob", "JobSet", "Pod")


@dataclass(frozen=True)
class Workload:
    """Pods of one kind."""

    kind: str
    name: str
    namespace: str
    labels: Mapping[str, str]
    template: Mapping[str, Any]
    """`metadata` and `spec` of its pods."""
    pods: int
    """Pods that it starts with; of a DaemonSet one a node, so 0 here."""
    most: int
    """Pods that it may come to have at once."""
    gang: bool
    """Whether its pods can only work together."""
    spec: Mapping[str, Any]
    """Of the object that makes the pods: of a CronJob, its Job's."""
    hpa: Mapping[str, Any] | None = None
    """Spec of the HorizontalPodAutoscaler that scales it."""
    claims: tuple[dict[str, Any], ...] = ()
    """Claim templates of a StatefulSet."""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def pod_spec(self) -> Mapping[str, Any]:
        return self.template.get("spec") or {}

    @property
    def annotations(self) -> Mapping[str, str]:
        """Of its pods."""
        return (self.template.get("metadata") or {}).get("annotations") or {}

    @property
    def pod_labels(self) -> Mapping[str, str]:
        return (self.template.get("metadata") or {}).get("labels") or {}

    @property
    def ends(self) -> bool:
        """Whether its pods end by themselves."""
        return self.kind in ("Job", "CronJob", "JobSet") or (
            self.kind == "Pod" and self.pod_spec.get("restartPolicy") in ("Never", "OnFailure")
        )


def workloads(objects: Objects, faults: list[Fault]) -> list[Workload]:
    """Every workload among the objects, in the order of the kinds. What can't be read goes to the faults."""
    scalers: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for scaler in objects.all("HorizontalPodAutoscaler"):
        with reading(f"HorizontalPodAutoscaler/{name_of(scaler)}", faults):
            scalers[_target(objects, scaler)] = scaler.get("spec") or {}
    found: list[Workload] = []
    for manifest in objects.all(*KINDS):
        with reading(f"{manifest['kind']}/{name_of(manifest)}", faults):
            found.extend(_of(manifest, objects, scalers))
    return found


def _target(objects: Objects, scaler: dict[str, Any]) -> tuple[str, str, str]:
    target = (scaler.get("spec") or {}).get("scaleTargetRef") or {}
    return objects.namespace_of(scaler), str(target.get("kind")), str(target.get("name"))


def _of(
    manifest: dict[str, Any], objects: Objects, scalers: Mapping[tuple[str, str, str], Mapping[str, Any]]
) -> Iterator[Workload]:
    kind, namespace, name = str(manifest["kind"]), objects.namespace_of(manifest), name_of(manifest)
    metadata, spec = manifest.get("metadata") or {}, manifest.get("spec") or {}
    hpa = scalers.get((namespace, kind, name))
    made: dict[str, Any] = {"kind": kind, "namespace": namespace, "labels": metadata.get("labels") or {}}
    match kind:
        case "Pod":
            if not metadata.get("ownerReferences"):
                yield Workload(**made, name=name, template=manifest, pods=1, most=1, gang=False, spec=spec)
        case "CronJob":
            rungs = str((metadata.get("annotations") or {}).get(MEMORY_LADDER, ""))
            yield _job(made, name, _with_most((spec.get("jobTemplate") or {}).get("spec") or {}, rungs))
        case "Job":
            yield _job(made, name, spec)
        case "JobSet":
            for part in spec.get("replicatedJobs") or ():
                job = _job(made, f"{name}/{part.get('name')}", (part.get("template") or {}).get("spec") or {})
                count = job.pods * int(part.get("replicas", 1))
                yield Workload(**{**vars(job), "pods": count, "most": count, "gang": True})
        case _:
            replicas = 0 if kind == "DaemonSet" else int(_or(spec.get("replicas"), 1))
            if hpa:
                replicas = int(_or(hpa.get("minReplicas"), 1))
            yield Workload(
                **made,
                name=name,
                template=spec.get("template") or {},
                pods=replicas,
                most=max(replicas, int((hpa or {}).get("maxReplicas") or 0)),
                gang=False,
                spec=spec,
                hpa=hpa,
                claims=tuple(spec.get("volumeClaimTemplates") or ()),
            )


def _with_most(job: Mapping[str, Any], rungs: str) -> Mapping[str, Any]:
    """The Job of the attempt that asks for most memory."""
    if not rungs:
        return job
    most = max(rungs.split(","), key=nano)
    found = copy.deepcopy(dict(job))
    for container in found["template"]["spec"]["containers"]:
        if container["name"] == MAIN:
            for side in container.get("resources", {}).values():
                side["memory"] = most
    return found


def _job(made: dict[str, Any], name: str, spec: Mapping[str, Any]) -> Workload:
    """A Job runs `parallelism` pods at once, but never more than there are completions left."""
    completions = spec.get("completions")
    pods = min(int(_or(spec.get("parallelism"), 1)), int(completions) if completions is not None else 10**9)
    template = spec.get("template") or {}
    labels = {**made["labels"], **((template.get("metadata") or {}).get("labels") or {})}
    pod_spec = template.get("spec") or {}
    gang = pods > 1 and (any(label in labels for label in GANG_LABELS) or bool(pod_spec.get("subdomain")))
    return Workload(**made, name=name, template=template, pods=pods, most=pods, gang=gang, spec=spec)


def _or(value: Any, default: int) -> Any:
    return default if value is None else value
