"""Defines: several pods that train as one: how they find each other, what their program is told, and which object holds
them: a plain Indexed Job, a JobSet, or a TrainJob of Kubeflow Trainer. Does not define: the pod itself (`job.py`).

All three give a pod the host name JOB-RANK in one headless Service, so the program is told the same in each.

Sources, read on 2026-11-23:
- host names of an Indexed Job: https://kubernetes.io/docs/tasks/job/job-with-pod-to-pod-communication/
- torchrun reads PET_*: https://docs.pytorch.org/docs/stable/elastic/run.html; MASTER_ADDR, WORLD_SIZE and the rest:
  https://docs.pytorch.org/docs/stable/distributed.html#environment-variable-initialization
- jax.distributed: https://docs.jax.dev/en/latest/_autosummary/jax.distributed.initialize.html; JAX_NUM_PROCESSES and
  JAX_PROCESS_ID are Trainer's words: https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/runtime/framework/plugins/jax/jax.go
- JobSet v0.12.0 and Trainer v2.3.0: the CRDs in https://github.com/kubernetes-sigs/jobset and kubeflow/trainer
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.labels import metadata, object_name, selector_labels
from podzol.kubernetes.retries import JOB_NAME_LABEL, supervised
from podzol.template import all_of, any_of, each, not_, or_else, present, rule, to_str, when
from podzol.values import Port, Values

SUFFIX = "-ranks"
NODE = "node"
"""Name of the JobSet's one group of pods; Trainer's own word."""
TRAINER_STEP = {"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"}
"""Label by which Trainer knows the pods that train."""
RANK_FIELD = "metadata.annotations['batch.kubernetes.io/job-completion-index']"
JOB_NAME = "PODZOL_JOB_NAME"


class Communication(Values):
    """What the notes reckon with; nothing else reads it. 0: unknown, and nothing is said."""

    gradient_megabytes: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    """Bytes that each step adds up over all pods, in 10^6: parameters times 4, or times 2 in bfloat16."""
    step_milliseconds: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    """Time that one pod alone takes for a step of the whole batch."""
    network_gigabits: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Network between two pods, in 10^9 bits per second."""


class Distributed(Values):
    """Several pods that train as one: a rank each, started and ended together."""

    enabled: bool = False
    """Whether they do. Then `nodes` says how many, and parallelism and completions stay 1."""
    kind: Literal["job", "jobset", "trainjob"] = "job"
    """Object that holds the pods: a plain Indexed Job; a JobSet (needs the JobSet controller); or a TrainJob with a
    TrainingRuntime of its own (needs Kubeflow Trainer)."""
    nodes: Annotated[int, Field(ge=2, le=1000)] = 2
    """Pods, each on a machine with `gpus` GPUs."""
    port: Port = 29500
    """Port on which the first pod waits for the others (MASTER_PORT)."""
    communication: Communication = Communication()
    """How large the gradients and how fast the network are, for the notes' word on whether more pods are worth it."""


def in_job_set(d: Any) -> Any:
    """Whether a JobSet holds the pods, one of ours or the one that Trainer makes."""
    return all_of(d.enabled, d.kind != "job")


def rank_counts(v: Any) -> dict[str, Any]:
    """How many pods a Job of ranks has, and how often it may fail.

    In a plain Job every rank may fail `backoffLimit` times: when one is lost the others end with an error too, and all
    are replaced. In a JobSet the first failure ends the Job, and the JobSet decides.
    """
    d = v.distributed
    in_set = d.kind != "job"
    return {
        "parallelism": d.nodes,
        "completions": d.nodes,
        "completionMode": "Indexed",
        "backoffLimit": when(in_set, 0),
        "backoffLimitPerIndex": when(not_(in_set), v.backoff_limit),
        "maxFailedIndexes": when(not_(in_set), 0),
    }


# ---------------------------------------------------------------- what a rank is told


def rank_environment(v: Any, release: Any, devices: Any) -> list[Any]:
    """The environment entries of a rank, in the order that `$(...)` needs. `devices`: processes of a torchrun."""
    d = v.distributed
    nodes, port, first = to_str(d.nodes), to_str(d.port), f"$({JOB_NAME})-0." + object_name(release, SUFFIX)
    rank = {"valueFrom": {"fieldRef": {"fieldPath": RANK_FIELD}}}
    entries: list[dict[str, Any]] = [
        {"name": JOB_NAME, "valueFrom": {"fieldRef": {"fieldPath": f"metadata.labels['{JOB_NAME_LABEL}']"}}},
        {"name": "MASTER_ADDR", "value": first},
        {"name": "MASTER_PORT", "value": port},
        {"name": "WORLD_SIZE", "value": nodes},
        {"name": "RANK", **rank},
        {"name": "PET_NNODES", "value": nodes},
        {"name": "PET_NODE_RANK", **rank},
        {"name": "PET_NPROC_PER_NODE", "value": to_str(devices)},
        {"name": "PET_MASTER_ADDR", "value": first},
        {"name": "PET_MASTER_PORT", "value": port},
        {"name": "JAX_COORDINATOR_ADDRESS", "value": first + ":" + port},
        {"name": "JAX_NUM_PROCESSES", "value": nodes},
        {"name": "JAX_PROCESS_ID", **rank},
    ]
    return [when(d.enabled, entry) for entry in entries]


NAMES = (
    *(JOB_NAME, "MASTER_ADDR", "MASTER_PORT", "WORLD_SIZE", "RANK"),
    *("PET_NNODES", "PET_NODE_RANK", "PET_NPROC_PER_NODE", "PET_MASTER_ADDR", "PET_MASTER_PORT"),
    *("JAX_COORDINATOR_ADDRESS", "JAX_NUM_PROCESSES", "JAX_PROCESS_ID"),
)
"""Variables that a rank is told, which the values must not set."""


# ---------------------------------------------------------------- the objects


def rank_manifests(v: Any, release: Any, name: Any, about: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """What distributed training has besides, or instead of, the Job.

    Args:
        v: the workload's values, with `distributed`.
        release: the release.
        name: name of the object that holds the pods, with the hash of what runs.
        about: its metadata, but for the name.
        spec: the spec of the Job in a JobSet.
    """
    d = v.distributed
    mine = {"podSelector": {"matchLabels": selector_labels(release)}}
    about = {**about, "name": name}
    runtime = {"apiGroup": "trainer.kubeflow.org", "kind": "TrainingRuntime", "name": name}
    trainer = "trainer.kubeflow.org/v1alpha1"
    template = {"spec": job_set_spec(v, release, spec, TRAINER_STEP)}
    return {
        "ranks-service": when(
            all_of(d.enabled, d.kind == "job"),
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": metadata(v, release, SUFFIX),
                "spec": {
                    "clusterIP": "None",
                    "publishNotReadyAddresses": True,
                    "selector": selector_labels(release),
                },
            },
        ),
        "ranks-networkpolicy": when(
            d.enabled,
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": metadata(v, release, SUFFIX),
                "spec": {**mine, "policyTypes": ["Ingress"], "ingress": [{"from": [mine]}]},
            },
        ),
        "jobset": when(
            all_of(d.enabled, d.kind == "jobset"),
            {
                "apiVersion": "jobset.x-k8s.io/v1alpha2",
                "kind": "JobSet",
                "metadata": about,
                "spec": {
                    "suspend": when(v.suspend, True),
                    "ttlSecondsAfterFinished": v.ttl_seconds_after_finished,
                    **job_set_spec(v, release, spec, {}),
                },
            },
        ),
        "trainingruntime": when(
            all_of(d.enabled, d.kind == "trainjob"),
            {
                "apiVersion": trainer,
                "kind": "TrainingRuntime",
                "metadata": {**metadata(v, release), "name": name},
                "spec": {"mlPolicy": {"numNodes": d.nodes}, "template": template},
            },
        ),
        "trainjob": when(
            all_of(d.enabled, d.kind == "trainjob"),
            {
                "apiVersion": trainer,
                "kind": "TrainJob",
                "metadata": about,
                "spec": {
                    "suspend": when(v.suspend, True),
                    "runtimeRef": runtime,
                    "trainer": {"numNodes": d.nodes},
                },
            },
        ),
    }


def job_set_spec(v: Any, release: Any, spec: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    """One group of pods; when one is lost all start again, and only a failure counts. Rules are tried in order."""
    about = {"metadata": {"labels": labels}} if labels else {}
    reasons = {"onJobFailureReasons": ["PodFailurePolicy"]}
    disruption = {**reasons, "onJobFailureMessagePatterns": ["has condition DisruptionTarget"]}
    return {
        "network": {
            "enableDNSHostnames": True,
            "subdomain": object_name(release, SUFFIX),
            "publishNotReadyAddresses": True,
        },
        "failurePolicy": {
            "maxRestarts": v.backoff_limit,
            "rules": [
                {"name": "machineLost", "action": "RestartJobSetAndIgnoreMaxRestarts", **disruption},
                {"name": "fatalExitCode", "action": "FailJobSet", **reasons},
                {"name": "deadline", "action": "FailJobSet", "onJobFailureReasons": ["DeadlineExceeded"]},
            ],
        },
        "replicatedJobs": [{"name": NODE, "replicas": 1, "template": {**about, "spec": spec}}],
    }


# ---------------------------------------------------------------- the rules


def distributed_rules(v: Any) -> Iterator[Any]:
    d = v.distributed
    yield rule(
        any_of(not_(d.enabled), all_of(v.parallelism == 1, or_else(v.completions, 0) == 1)),
        at=d.enabled,
        must="be false unless parallelism and completions are left at 1",
        fix="set distributed.nodes instead",
    )
    yield rule(
        any_of(not_(d.enabled), all_of(v.completion_mode == "NonIndexed", not_(present(v.backoff_limit_per_index)))),
        at=d.enabled,
        must="be false unless completionMode and backoffLimitPerIndex are left alone",
        fix="set backoffLimit: how often all may start again",
    )
    yield rule(
        any_of(not_(in_job_set(d)), not_(v.schedule.enabled)),
        at=d.kind,
        must="be job on a schedule",
        fix="turn schedule.enabled off, or take a job",
    )
    yield rule(
        any_of(not_(in_job_set(d)), not_(supervised(v))),
        at=d.kind,
        must="be job with memoryLadder or with capacity spot-then-on-demand",
        fix="take a job, or leave them out",
    )
    yield each(
        v.env,
        lambda name, value: rule(
            any_of(not_(d.enabled), all_of(*(name != taken for taken in NAMES))),
            at=name,
            must="not be one of the variables that distributed sets",
            fix="remove it",
        ),
    )
