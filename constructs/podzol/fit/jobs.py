"""Defines how Jobs are read as workloads, and what makes Jobs: CronJobs, JobSets, and TrainJobs of Kubeflow Trainer.

A JobSet's pods are all there at once. A TrainJob says how many nodes; what one is stands in its runtime.
Sources, 2026-11-23: https://jobset.sigs.k8s.io/docs/concepts/ and newRuntimeInfo, mergeRuntimePatches in
https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/runtime/core/trainingruntime.go
"""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from podzol.faults import Fault, UserError
from podzol.fit.objects import Objects, name_of
from podzol.fit.workload import Workload
from podzol.kubernetes.container import MAIN
from podzol.kubernetes.job import QUEUE
from podzol.kubernetes.quantities import nano
from podzol.kubernetes.ranks import NODE, TRAINER_STEP
from podzol.kubernetes.retries import MEMORY_LADDER

GANG_LABELS = (QUEUE, "pod-group.scheduling.sigs.k8s.io/name", "scheduling.k8s.io/group-name")
"""Labels of a workload, or of its pods, that is admitted as a whole. Sources: `QUEUE`'s own, and
https://github.com/kubernetes-sigs/scheduler-plugins (2026-11-23)."""
PATCHED = ("affinity", "terminationGracePeriodSeconds", "tolerations")
"""What a TrainJob's runtimePatches replace in a pod's spec, as far as it matters here; to nodeSelector they add."""

Json = dict[str, Any]


def named(manifest: Json, objects: Objects) -> dict[str, Any]:
    """Kind, name, namespace and labels of a workload."""
    return {
        "kind": str(manifest["kind"]),
        "name": name_of(manifest),
        "namespace": objects.namespace_of(manifest),
        "labels": (manifest.get("metadata") or {}).get("labels") or {},
    }


def given(value: Any, default: Any) -> Any:
    """A value that may be null, or left out."""
    return default if value is None else value


def of_job(manifest: Json, objects: Objects) -> Iterator[Workload]:
    yield _job(named(manifest, objects), manifest.get("spec") or {})


def of_cron_job(manifest: Json, objects: Objects) -> Iterator[Workload]:
    """The Job of a CronJob; of one that holds the attempts of a memory ladder, the Job that asks for most."""
    rungs = str(((manifest.get("metadata") or {}).get("annotations") or {}).get(MEMORY_LADDER, ""))
    job = ((manifest.get("spec") or {}).get("jobTemplate") or {}).get("spec") or {}
    yield _job(named(manifest, objects), _with_most(job, rungs))


def of_job_set(manifest: Json, objects: Objects) -> Iterator[Workload]:
    """Each group of pods of a JobSet; they run at once."""
    yield from _parts(named(manifest, objects), manifest.get("spec") or {})


def of_train_job(manifest: Json, objects: Objects) -> Iterator[Workload]:
    """Each group of pods of the JobSet that Trainer makes of the runtime.

    Raises:
        UserError: the runtime isn't among the objects.
    """
    about, spec = named(manifest, objects), manifest.get("spec") or {}
    runtime = _runtime(spec.get("runtimeRef") or {}, about, objects).get("spec") or {}
    nodes = given((spec.get("trainer") or {}).get("numNodes"), (runtime.get("mlPolicy") or {}).get("numNodes"))
    job_set = copy.deepcopy((runtime.get("template") or {}).get("spec") or {})
    for part in job_set.get("replicatedJobs") or ():
        job = part["template"]["spec"]
        pod = job["template"]["spec"]
        if TRAINER_STEP.items() <= ((part["template"].get("metadata") or {}).get("labels") or {}).items():
            _size(job, pod, nodes, (spec.get("trainer") or {}).get("resourcesPerNode") or {})
        for patch in _patches(spec, part["name"]):
            selector = {**(pod.get("nodeSelector") or {}), **(patch.get("nodeSelector") or {})}
            pod |= {key: patch[key] for key in PATCHED if key in patch} | {"nodeSelector": selector}
    yield from _parts(about, job_set)


def _size(job: Json, pod: Json, nodes: int | None, per_node: Json) -> None:
    """Give the pods that train their number, and what each asks for."""
    if nodes is not None:
        job["parallelism"] = job["completions"] = nodes
    for container in pod["containers"]:
        if container["name"] == NODE:
            resources = container.setdefault("resources", {})
            for side in ("requests", "limits"):
                resources[side] = {**(resources.get(side) or {}), **(per_node.get(side) or {})}


def _runtime(reference: Json, about: Json, objects: Objects) -> Json:
    kind, name = str(reference.get("kind") or "ClusterTrainingRuntime"), str(reference.get("name"))
    namespace = "" if kind == "ClusterTrainingRuntime" else about["namespace"]
    if runtime := objects.find(kind, namespace, name):
        return runtime
    where, rule = f"TrainJob/{about['name']}", "must come with its runtime, which says what a node is"
    raise UserError([Fault(where, rule, f"{kind}/{name}", "add the runtime's manifest to what you ask about")])


def _patches(spec: Json, part: str) -> Iterator[Json]:
    """What runtimePatches change in the pods of a part, in their order."""
    for patch in spec.get("runtimePatches") or ():
        template = (patch.get("trainingRuntimeSpec") or {}).get("template") or {}
        for job in (template.get("spec") or {}).get("replicatedJobs") or ():
            if job.get("name") == part:
                pod = ((job.get("template") or {}).get("spec") or {}).get("template") or {}
                yield pod.get("spec") or {}


def _parts(about: dict[str, Any], job_set: Json) -> Iterator[Workload]:
    policy = job_set.get("failurePolicy") or {}
    actions = [str(rule.get("action")) for rule in policy.get("rules") or ()]
    restarts = bool(policy.get("maxRestarts")) or any(action.endswith("IgnoreMaxRestarts") for action in actions)
    for part in job_set.get("replicatedJobs") or ():
        spec = (part.get("template") or {}).get("spec") or {}
        job = _job({**about, "name": f"{about['name']}/{part.get('name')}"}, spec)
        count = job.pods * int(given(part.get("replicas"), 1))
        yield replace(job, pods=count, most=count, gang=True, restarts=restarts)


def _job(about: dict[str, Any], spec: Json) -> Workload:
    """A Job runs `parallelism` pods at once, but never more than there are completions left."""
    parallelism = int(given(spec.get("parallelism"), 1))
    pods = min(parallelism, int(given(spec.get("completions"), parallelism)))
    template = spec.get("template") or {}
    labels = {**about["labels"], **((template.get("metadata") or {}).get("labels") or {})}
    pod_spec = template.get("spec") or {}
    gang = pods > 1 and (any(label in labels for label in GANG_LABELS) or bool(pod_spec.get("subdomain")))
    return Workload(**about, template=template, pods=pods, most=pods, gang=gang, spec=spec)


def _with_most(job: Json, rungs: str) -> Json:
    """The Job of the attempt that asks for most memory."""
    if not rungs:
        return job
    most = max(rungs.split(","), key=nano)
    found = copy.deepcopy(job)
    for container in found["template"]["spec"]["containers"]:
        if container["name"] == MAIN:
            for side in container.get("resources", {}).values():
                side["memory"] = most
    return found
