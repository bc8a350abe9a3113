"""Defines `workloads`: every workload among plain manifests. Jobs and what is made of them are read in `jobs.py`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from podzol.faults import Fault
from podzol.fit import jobs
from podzol.fit.objects import Objects, name_of
from podzol.fit.reading import reading
from podzol.fit.workload import BATCH, Workload

SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
KINDS = (*SCALED, "DaemonSet", *BATCH, "Pod")

Scalers = Mapping[tuple[str, str, str], Mapping[str, Any]]
"""Specs of HorizontalPodAutoscalers by namespace, kind and name of what they scale."""


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


def _of(manifest: dict[str, Any], objects: Objects, scalers: Scalers) -> Iterable[Workload]:
    match manifest["kind"]:
        case "Pod":
            return _pod(manifest, objects)
        case "CronJob":
            return jobs.of_cron_job(manifest, objects)
        case "Job":
            return jobs.of_job(manifest, objects)
        case "JobSet":
            return jobs.of_job_set(manifest, objects)
        case "TrainJob":
            return jobs.of_train_job(manifest, objects)
    return _scaled(manifest, objects, scalers)


def _pod(manifest: dict[str, Any], objects: Objects) -> Iterator[Workload]:
    """A pod that nothing else makes."""
    if not manifest["metadata"].get("ownerReferences"):
        spec = manifest.get("spec") or {}
        yield Workload(**jobs.named(manifest, objects), template=manifest, pods=1, most=1, gang=False, spec=spec)


def _scaled(manifest: dict[str, Any], objects: Objects, scalers: Scalers) -> Iterator[Workload]:
    """A Deployment and its like, and a DaemonSet."""
    named, spec = jobs.named(manifest, objects), manifest.get("spec") or {}
    hpa = scalers.get((named["namespace"], named["kind"], named["name"]))
    replicas = 0 if named["kind"] == "DaemonSet" else int(jobs.given(spec.get("replicas"), 1))
    if hpa:
        replicas = int(jobs.given(hpa.get("minReplicas"), 1))
    yield Workload(
        **named,
        template=spec.get("template") or {},
        pods=replicas,
        most=max(replicas, int((hpa or {}).get("maxReplicas") or 0)),
        gang=False,
        spec=spec,
        hpa=hpa,
        claims=tuple(spec.get("volumeClaimTemplates") or ()),
    )
