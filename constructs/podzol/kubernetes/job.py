"""Defines: the Job of the batch workloads and its pod template. Does not define: its values (`job_values.py`), its name
(`job_name.py`), nor the CronJob around it (`schedule.py`).

Source: https://kueue.sigs.k8s.io/docs/tasks/run/jobs/ (the label of a queue), read on 2026-11-23.
"""

from typing import Any

from podzol.kubernetes.checkpoint import checkpoint_env, checkpoint_mount, checkpoint_volume
from podzol.kubernetes.container import MAIN, main_container
from podzol.kubernetes.distributed import Distributed, in_job_set
from podzol.kubernetes.eviction import do_not_disrupt
from podzol.kubernetes.job_name import cron_job_name, job_name
from podzol.kubernetes.job_values import JobValues
from podzol.kubernetes.labels import labels, metadata, object_name
from podzol.kubernetes.pod import pod_template
from podzol.kubernetes.rank_environment import SUFFIX as RANKS
from podzol.kubernetes.ranks import container_name, rank_counts, rank_manifests
from podzol.kubernetes.retries import (
    capacity_label,
    out_of_memory_rule,
    supervised,
    supervisor_manifests,
    supervisor_spec,
)
from podzol.kubernetes.schedule import cron_job
from podzol.kubernetes.service_account import service_account
from podzol.kubernetes.start_together import awaiting_container
from podzol.kubernetes.volumes import config_map
from podzol.template import all_of, each, named, not_, pick, present, when

QUEUE = "kueue.x-k8s.io/queue-name"


def job_manifests(
    v: JobValues,
    release: Any,
    *,
    model: type[JobValues],
    extended: dict[str, Any] | None = None,
    node_labels: dict[str, Any] | None = None,
    tolerations: tuple[Any, ...] = (),
    env: tuple[Any, ...] = (),
    distributed: Distributed | None = None,
) -> dict[str, Any]:
    """The Job, or with a schedule the CronJob of it; with ranks what makes them one.

    Args:
        v: the workload's values.
        release: the release.
        model: the class of the values.
        extended: extended resources of the container, such as `{GPU: count}`.
        node_labels: labels that a node must have, besides the pool's.
        tolerations: the workload's own tolerations.
        env: the workload's own environment entries.
        distributed: the section `distributed` of the values, where the workload has it.
    """
    about, name = metadata(v, release), job_name(v, release, model)
    template = job_pod_template(v, release, extended, node_labels, tolerations, env, distributed)
    spec = named("jobSpec", job_spec(v, template, distributed), "What runs: the spec of a Job.")
    queued = labels(v, release, {QUEUE: v.queue_name})
    attempted = supervised(v)
    supervises = named("supervisorSpec", supervisor_spec(v, release, name), "What supervises: the spec of a run's Job.")
    run_spec = when(attempted, {...: supervises}, {...: spec})
    run_labels = labels(v, release, {QUEUE: when(not_(attempted), v.queue_name)})
    ranks: dict[str, Any] = {}
    if distributed is not None:
        ranks = rank_manifests(v, release, name, {**about, "labels": queued}, spec)
    ours = not_(in_job_set(distributed)) if distributed is not None else True
    return {
        "serviceaccount": service_account(v, release),
        "configmap": config_map(v, release),
        "job": when(
            all_of(not_(v.schedule.enabled), ours),
            {
                "apiVersion": "batch/v1",
                "kind": "Job",
                "metadata": {**about, "name": name, "labels": run_labels},
                "spec": {"suspend": when(v.suspend, True), ...: run_spec},
            },
        ),
        "cronjob": cron_job(v, about, cron_job_name(release), {"metadata": {"labels": run_labels}, "spec": run_spec}),
        **supervisor_manifests(v, release, name, {"metadata": {"labels": queued}, "spec": spec}),
        **ranks,
    }


def job_spec(v: JobValues, template: dict[str, Any], distributed: Distributed | None) -> dict[Any, Any]:
    """The spec of a Job, without `suspend`, which a schedule must not hand on."""
    how_many: Any = counts(v)
    in_set: Any = False
    if distributed is not None:
        how_many, in_set = when(distributed.enabled, rank_counts(v), how_many), in_job_set(distributed)
    return {
        ...: how_many,
        "podFailurePolicy": {
            "rules": [
                {
                    "action": pick(in_set, "FailJob", "Ignore"),
                    "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                },
                out_of_memory_rule(v),
                each(v.fatal_exit_codes, lambda code: fails_the_job(code, container_of(distributed))),
            ]
        },
        "podReplacementPolicy": "Failed",
        "activeDeadlineSeconds": v.active_deadline_seconds,
        "ttlSecondsAfterFinished": when(not_(in_set), v.ttl_seconds_after_finished),
        "template": template,
    }


def counts(v: JobValues) -> dict[str, Any]:
    """How many pods, and how many of them may fail."""
    return {
        "parallelism": v.parallelism,
        "completions": v.completions,
        "completionMode": v.completion_mode,
        "backoffLimit": when(not_(present(v.backoff_limit_per_index)), v.backoff_limit),
        "backoffLimitPerIndex": v.backoff_limit_per_index,
        "maxFailedIndexes": v.max_failed_indexes,
    }


def container_of(distributed: Distributed | None) -> Any:
    """Name of the container that does the work."""
    return MAIN if distributed is None else container_name(distributed)


def fails_the_job(code: Any, container: Any) -> dict[str, Any]:
    """The rule of one exit code; one a code, since Kubernetes takes several in one rule only in rising order.

    The empty list says nothing, but the JSON schema of Kubernetes 1.28 demands one.
    """
    exit_codes = {"containerName": container, "operator": "In", "values": [code]}
    return {"action": "FailJob", "onExitCodes": exit_codes, "onPodConditions": []}


def job_pod_template(
    v: JobValues,
    release: Any,
    extended: dict[str, Any] | None,
    node_labels: dict[str, Any] | None,
    tolerations: tuple[Any, ...],
    env: tuple[Any, ...],
    distributed: Distributed | None,
) -> dict[str, Any]:
    """The pod template of a Job: the program once, with its checkpoints, on a machine that stays until it ends."""
    container = main_container(
        v,
        name=container_of(distributed),
        extended=extended,
        env=(checkpoint_env(v), *env),
        mounts=(checkpoint_mount(v),),
    )
    return pod_template(
        v,
        release,
        container,
        initContainers=[awaiting_container(v, release)] if distributed is not None else None,
        node_labels={**capacity_label(v), **(node_labels or {})},
        tolerations=tolerations,
        volumes_of_workload=(checkpoint_volume(v, release),),
        annotations=when(v.do_not_disrupt, do_not_disrupt(v.active_deadline_seconds)),
        subdomain=when(distributed.enabled, object_name(release, RANKS)) if distributed is not None else None,
        restartPolicy="Never",
        terminationGracePeriodSeconds=v.termination_grace_period_seconds,
    )
