"""Defines: the Job of the batch workloads, its pod template and its name. Does not define: its values
(`job_values.py`), nor the CronJob around it (`schedule.py`).

Sources, read on 2026-11-23:
- what of a Job can't change: ValidateJobSpecUpdate in
  https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/batch/validation/validation.go
- Kueue: https://kueue.sigs.k8s.io/docs/tasks/run/jobs/, the label of a queue
"""

from collections.abc import Iterator
from typing import Any

from podzol.kubernetes.checkpoint import checkpoint_env, checkpoint_mount, checkpoint_volume
from podzol.kubernetes.container import MAIN, main_container
from podzol.kubernetes.eviction import do_not_disrupt
from podzol.kubernetes.job_values import JobValues
from podzol.kubernetes.labels import labels, metadata
from podzol.kubernetes.pod import pod_template
from podzol.kubernetes.schedule import LONGEST_NAME as LONGEST_CRON_JOB_NAME
from podzol.kubernetes.schedule import cron_job
from podzol.kubernetes.service_account import service_account
from podzol.kubernetes.volumes import config_map
from podzol.template import each, named, not_, pick, present, replace, sha256_of, trim_suffix, trunc, when
from podzol.values import Values

QUEUE = "kueue.x-k8s.io/queue-name"
LONGEST_JOB_NAME = 54
"""Characters of a Job's name: 63 for a host name, less the index of an Indexed Job's pod (-99999) and some."""
HASH_LENGTH = 8
SHAPE = "2"
"""Raise it with any change to the pod template of all Jobs: then an upgrade makes a new Job instead of failing."""
CHANGES_IN_PLACE = frozenset(
    {
        "annotations",
        "backoff_limit",
        "fullname_override",
        "labels",
        "max_failed_indexes",
        "name_override",
        "parallelism",
        "queue_name",
        "schedule",
        "suspend",
        "ttl_seconds_after_finished",
    }
)
"""Values that Kubernetes lets change on a Job that exists, and those that are in its name already. The deadline isn't
among them: it stands in an annotation of the pod."""


def job_manifests(
    v: JobValues,
    release: Any,
    *,
    model: type[JobValues],
    extended: dict[str, Any] | None = None,
    node_labels: dict[str, Any] | None = None,
    tolerations: tuple[Any, ...] = (),
) -> dict[str, Any]:
    """The Job, or with a schedule the CronJob of it.

    Args:
        v: the workload's values.
        release: the release.
        model: the class of the values.
        extended: extended resources of the container, such as `{GPU: count}`.
        node_labels: labels that a node must have, besides the pool's.
        tolerations: the workload's own tolerations.
    """
    about = metadata(v, release)
    own_labels = labels(v, release, {QUEUE: v.queue_name})
    template = job_pod_template(v, release, extended, node_labels, tolerations)
    spec = named("jobSpec", job_spec(v, template), "What runs: the spec of the Job, and of the CronJob's Jobs.")
    return {
        "serviceaccount": service_account(v, release),
        "configmap": config_map(v, release),
        "job": when(
            not_(v.schedule.enabled),
            {
                "apiVersion": "batch/v1",
                "kind": "Job",
                "metadata": {**about, "name": job_name(v, release, model), "labels": own_labels},
                "spec": {"suspend": when(v.suspend, True), ...: spec},
            },
        ),
        "cronjob": cron_job(v, about, cron_job_name(release), {"metadata": {"labels": own_labels}, "spec": spec}),
    }


def job_spec(v: JobValues, template: dict[str, Any]) -> dict[str, Any]:
    """The spec of a Job, without `suspend`, which a schedule must not hand on."""
    per_index = present(v.backoff_limit_per_index)
    return {
        "parallelism": v.parallelism,
        "completions": v.completions,
        "completionMode": v.completion_mode,
        "backoffLimit": when(not_(per_index), v.backoff_limit),
        "backoffLimitPerIndex": v.backoff_limit_per_index,
        "maxFailedIndexes": v.max_failed_indexes,
        "podFailurePolicy": {
            "rules": [
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                each(v.fatal_exit_codes, fails_the_job),
            ]
        },
        "podReplacementPolicy": "Failed",
        "activeDeadlineSeconds": v.active_deadline_seconds,
        "ttlSecondsAfterFinished": v.ttl_seconds_after_finished,
        "template": template,
    }


def fails_the_job(code: Any) -> dict[str, Any]:
    """The rule of one exit code; one a code, since Kubernetes takes several in one rule only in rising order.

    The empty list says nothing, but the JSON schema of Kubernetes 1.28 demands one.
    """
    exit_codes = {"containerName": MAIN, "operator": "In", "values": [code]}
    return {"action": "FailJob", "onExitCodes": exit_codes, "onPodConditions": []}


def job_pod_template(
    v: JobValues,
    release: Any,
    extended: dict[str, Any] | None,
    node_labels: dict[str, Any] | None,
    tolerations: tuple[Any, ...],
) -> dict[str, Any]:
    """The pod template of a Job: the program once, with its checkpoints, on a machine that stays until it ends."""
    container = main_container(v, extended=extended, env=(checkpoint_env(v),), mounts=(checkpoint_mount(v),))
    return pod_template(
        v,
        release,
        container,
        node_labels=node_labels,
        tolerations=tolerations,
        volumes_of_workload=(checkpoint_volume(v, release),),
        annotations=when(v.do_not_disrupt, do_not_disrupt(v.active_deadline_seconds)),
        restartPolicy="Never",
        terminationGracePeriodSeconds=v.termination_grace_period_seconds,
    )


def job_name(v: JobValues, release: Any, model: type[JobValues]) -> Any:
    """The full name and a hash of what runs.

    A Job's pod template can't change, so another image makes another Job and `helm upgrade` replaces the old one.
    """
    what_runs = [SHAPE, release.fullname, *leaves(v, model, leave_out=CHANGES_IN_PLACE)]
    name = job_label(release, LONGEST_JOB_NAME - HASH_LENGTH - 1) + "-" + short_hash(what_runs)
    return named("jobName", name, "The Job's name: it ends in a hash of what runs, which can't change.")


def short_hash(value: Any) -> Any:
    return trunc(sha256_of(value), HASH_LENGTH)


def leaves(section: Any, model: type[Values], leave_out: frozenset[str] = frozenset()) -> Iterator[Any]:
    """The values of a section and of the sections in it; a section that may be null counts as one value."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if name in leave_out:
            continue
        if isinstance(inner, type) and issubclass(inner, Values):
            yield from leaves(getattr(section, name), inner)
        else:
            yield getattr(section, name)


def cron_job_name(release: Any) -> Any:
    """The full name, which a CronJob keeps; one that is too long is cut and told apart by a hash."""
    short = job_label(release, LONGEST_CRON_JOB_NAME)
    told_apart = job_label(release, LONGEST_CRON_JOB_NAME - HASH_LENGTH - 1) + "-" + short_hash(release.fullname)
    name = pick(short == release.fullname, short, told_apart)
    return named("cronJobName", name, "The CronJob's name, at most 52 characters.")


def job_label(release: Any, length: int) -> Any:
    """The full name as a DNS label: an Indexed Job's name becomes a host name, which holds no dots."""
    return trim_suffix(trunc(replace(release.fullname, ".", "-"), length), "-")
