"""Defines: a Job and, on a schedule, the CronJob of it: the values that the batch workloads share, their rules and
their manifests. Does not define: what runs on a GPU and what on a CPU (`podzol.workloads`).

Sources, read on 2026-11-23:
- https://kubernetes.io/docs/concepts/workloads/controllers/job/ and .../cron-jobs/; what of a Job can't change:
  ValidateJobSpecUpdate in https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/batch/validation/validation.go
- https://kubernetes.io/docs/tasks/job/pod-failure-policy/: a disruption never counts, a fatal exit code ends the Job
- Kueue: https://kueue.sigs.k8s.io/docs/tasks/run/jobs/, the label of a queue
- spot: 15 s for pods on GKE, https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms; 2 min on EKS
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.container import MAIN, main_container
from podzol.kubernetes.eviction import do_not_disrupt
from podzol.kubernetes.labels import metadata
from podzol.kubernetes.pod import PodValues, pod_rules, pod_template
from podzol.kubernetes.volumes import claim_name
from podzol.template import (
    Form,
    all_of,
    any_of,
    each,
    not_,
    pick,
    present,
    replace,
    rule,
    sha256_of,
    trim_suffix,
    trunc,
    when,
)
from podzol.values import Cron, DnsLabel, DnsSubdomain, MountPath, RelativePath, Seconds, TimeZone, Values

QUEUE = "kueue.x-k8s.io/queue-name"
CHECKPOINT_DIR = "PODZOL_CHECKPOINT_DIR"
"""Environment variable that tells a program where its checkpoints live."""
SPOT_GRACE_SECONDS = 15
"""What GKE leaves to a pod when it takes a spot machine back; EKS gives two minutes."""

LONGEST_CRON_JOB_NAME = 52  # the controller appends 11 characters to make a Job's name of at most 63
LONGEST_JOB_NAME = 54  # leaves room for the index of an Indexed Job's host name: -99999
HASH_LENGTH = 8

ExitCode = Annotated[int, Field(ge=1, le=255), Form("an exit code from 1 to 255", fix="0 is success and never fatal")]


class Schedule(Values):
    """When the Job runs again and again, as a CronJob."""

    enabled: bool = False
    """Whether it runs on a schedule instead of once."""
    cron: Cron = "0 5 * * *"
    """Minute, hour, day of the month, month, weekday (schedule)."""
    time_zone: TimeZone = "Etc/UTC"
    """Time zone of the schedule (timeZone)."""
    concurrency_policy: Literal["Forbid", "Allow", "Replace"] = "Forbid"
    """What happens if the run before still runs (concurrencyPolicy): Forbid skips, Replace stops the old one."""
    starting_deadline_seconds: Seconds = Field(3600, ge=10)
    """Seconds after its time at which a missed run is given up (startingDeadlineSeconds). At least 10, as the
    controller looks every 10 s."""
    successful_jobs_history_limit: int = Field(3, ge=0, le=100)
    """Finished runs that are kept, with their logs (successfulJobsHistoryLimit)."""
    failed_jobs_history_limit: int = Field(3, ge=0, le=100)
    """Failed runs that are kept, with their logs (failedJobsHistoryLimit)."""
    suspend: bool = False
    """Whether the schedule is paused; a run that has started goes on (CronJob suspend)."""


class Checkpoint(Values):
    """A volume for checkpoints: a pod that starts again goes on from there."""

    enabled: bool = False
    """Whether it is mounted, and its path given to the program in PODZOL_CHECKPOINT_DIR."""
    claim: DnsSubdomain | None = None
    """Name of a PersistentVolumeClaim in the namespace (claimName)."""
    dataset: DnsLabel | None = None
    """Alias of a DatasetVolume in the same release, instead of claim."""
    path: MountPath = "/checkpoints"
    """Where the container sees it (mountPath)."""
    sub_path: RelativePath | None = None
    """Folder of the volume to mount instead of its root (subPath)."""


class JobValues(PodValues):
    """What the batch workloads take besides their image and machine."""

    schedule: Schedule = Schedule()
    """When it runs again and again; off by default."""
    parallelism: int = Field(1, ge=1, le=10_000)
    """Pods that run at once (parallelism)."""
    completions: int | None = Field(1, ge=1, le=100_000)
    """Pods that must succeed (completions). Null: a work queue, done when one pod succeeds and the others end."""
    completion_mode: Literal["NonIndexed", "Indexed"] = "NonIndexed"
    """Whether each pod has a number, in JOB_COMPLETION_INDEX (completionMode)."""
    backoff_limit: int = Field(3, ge=0, le=1000)
    """Failed pods after which the Job fails (backoffLimit). Disruptions don't count. With backoffLimitPerIndex set it is
    left out."""
    backoff_limit_per_index: int | None = Field(None, ge=0, le=1000)
    """Failed pods of one index after which that index fails, while the others go on (backoffLimitPerIndex, Kubernetes
    1.29). Unset: backoffLimit counts for all."""
    max_failed_indexes: int | None = Field(None, ge=0, le=100_000)
    """Failed indexes after which the Job fails (maxFailedIndexes). Unset: it goes on with the rest."""
    fatal_exit_codes: list[ExitCode] = Field([42], max_length=16)
    """Exit codes that no retry can mend, such as bad input: the Job fails at once (podFailurePolicy). 42 is the code that
    Podzol's programs end with in that case."""
    active_deadline_seconds: Seconds | None = Field(None, ge=1)
    """Seconds after which a run is stopped (activeDeadlineSeconds). Unset: never."""
    ttl_seconds_after_finished: Seconds | None = None
    """Seconds after which a finished Job is deleted with its logs (ttlSecondsAfterFinished). Unset: kept; a deleted Job
    would run again at the next `helm upgrade`."""
    suspend: bool = False
    """Whether the Job waits to be resumed (suspend)."""
    queue_name: DnsSubdomain | None = None
    """Kueue's LocalQueue that admits the Job (label kueue.x-k8s.io/queue-name). Unset: it starts at once."""
    checkpoint: Checkpoint = Checkpoint()
    """A volume for checkpoints."""
    termination_grace_period_seconds: Seconds = Field(SPOT_GRACE_SECONDS, le=3600)
    """Seconds from SIGTERM to SIGKILL, for a last checkpoint (terminationGracePeriodSeconds). A spot machine on GKE
    leaves 15, on EKS 120."""
    do_not_disrupt: bool = True
    """Whether node autoscalers leave the pods' machine alone until they end (annotations of Karpenter and of the Cluster
    Autoscaler). A spot machine can be taken back all the same."""


def job_rules(v: JobValues) -> Iterator[Any]:
    """Rules between the values of a Job. A workload's own rules start with `yield from job_rules(v)`."""
    yield from pod_rules(v)
    yield from count_rules(v)
    yield from time_rules(v)
    yield from checkpoint_rules(v)


def count_rules(v: JobValues) -> Iterator[Any]:
    indexed = v.completion_mode == "Indexed"
    yield when(
        v.completions,
        lambda completions: rule(
            v.parallelism <= completions,
            at=v.parallelism,
            must="be at most completions",
            fix="lower parallelism, raise completions or set completions to null",
        ),
    )
    yield rule(
        any_of(not_(indexed), present(v.completions)),
        at=v.completions,
        must="be given for completionMode Indexed",
        fix="write how many indexes there are",
    )
    yield rule(
        any_of(indexed, not_(present(v.backoff_limit_per_index))),
        at=v.backoff_limit_per_index,
        must="be left unset unless completionMode is Indexed",
        fix="set completionMode to Indexed or remove it",
    )
    yield rule(
        any_of(present(v.backoff_limit_per_index), not_(present(v.max_failed_indexes))),
        at=v.max_failed_indexes,
        must="be left unset without backoffLimitPerIndex",
        fix="set backoffLimitPerIndex or remove it",
    )
    yield when(
        v.max_failed_indexes,
        lambda most: when(
            v.completions,
            lambda completions: rule(
                most <= completions, at=v.max_failed_indexes, must="be at most completions", fix="lower maxFailedIndexes"
            ),
        ),
    )


def time_rules(v: JobValues) -> Iterator[Any]:
    yield rule(
        not_(all_of(v.suspend, v.schedule.enabled)),
        at=v.suspend,
        must="be false with a schedule, whose every run would wait for ever",
        fix="set schedule.suspend to pause the schedule",
    )
    yield rule(
        any_of(v.schedule.enabled, not_(v.schedule.suspend)),
        at=v.schedule.suspend,
        must="be false without schedule.enabled",
        fix="set suspend to hold a Job back",
    )
    yield rule(
        not_(all_of(v.schedule.enabled, present(v.ttl_seconds_after_finished))),
        at=v.ttl_seconds_after_finished,
        must="be left unset with a schedule, whose history limits decide",
        fix="set schedule.successfulJobsHistoryLimit and failedJobsHistoryLimit",
    )
    yield when(
        v.active_deadline_seconds,
        lambda deadline: rule(
            v.termination_grace_period_seconds < deadline,
            at=v.termination_grace_period_seconds,
            must="be less than activeDeadlineSeconds",
            fix="lower it or raise activeDeadlineSeconds",
        ),
    )


def checkpoint_rules(v: JobValues) -> Iterator[Any]:
    enabled, claim, dataset = v.checkpoint.enabled, v.checkpoint.claim, v.checkpoint.dataset
    yield rule(
        any_of(not_(enabled), present(claim), present(dataset)),
        at=claim,
        must="be given for checkpoints, or checkpoint.dataset",
        fix="write the name of a PersistentVolumeClaim",
    )
    yield rule(
        not_(all_of(present(claim), present(dataset))),
        at=dataset,
        must="be left unset when checkpoint.claim is set",
        fix="name the volume one way",
    )
    yield rule(
        any_of(enabled, not_(any_of(present(claim), present(dataset)))),
        at=enabled,
        must="be true when a volume for checkpoints is named",
        fix="set it to true or remove the name",
    )
    for mounts in (v.datasets, v.scratch):
        yield each(
            mounts,
            lambda mount: rule(
                any_of(not_(enabled), mount.path != v.checkpoint.path),
                at=mount.path,
                must="not be checkpoint.path",
                fix="choose another path",
            ),
        )
    yield each(
        v.env,
        lambda name, value: rule(
            name != CHECKPOINT_DIR, at=v.env, must=f"not set {CHECKPOINT_DIR}", fix="set checkpoint.path"
        ),
    )
