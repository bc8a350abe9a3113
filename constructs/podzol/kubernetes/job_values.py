"""Defines: the values of the batch workloads and the rules between them. Does not define: what is made of them
(`job.py`), nor what runs on a GPU and what on a CPU (`podzol.workloads`).

Sources, read on 2026-11-23:
- https://kubernetes.io/docs/concepts/workloads/controllers/job/
- https://kubernetes.io/docs/tasks/job/pod-failure-policy/: a disruption never counts, a fatal exit code ends the Job
- spot: 15 s for pods on GKE, https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms; 2 min on EKS
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.checkpoint import Checkpoint, checkpoint_rules
from podzol.kubernetes.pod import PodValues, pod_rules
from podzol.kubernetes.retries import Supervisor, retry_rules
from podzol.kubernetes.schedule import Schedule
from podzol.template import Form, all_of, any_of, not_, present, rule, when
from podzol.values import DnsSubdomain, Memory, Seconds

SPOT_GRACE_SECONDS = 15
"""What GKE leaves to a pod when it takes a spot machine back; EKS gives two minutes."""

DEMO_PROGRAM = """\
echo 'Training...'
sleep 60
echo 'Training complete!'
"""
"""What the batch workloads run by default, in a shell: a first test of a pool, done in a minute."""

ExitCode = Annotated[int, Field(ge=1, le=255), Form("an exit code from 1 to 255", fix="0 is success and never fatal")]


class JobValues(PodValues):
    """What the batch workloads take besides their image and machine."""

    schedule: Schedule = Schedule()
    """When it runs again and again; off by default."""
    parallelism: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Pods that run at once (parallelism)."""
    completions: Annotated[int, Field(ge=1, le=100_000)] | None = 1
    """Pods that must succeed (completions). Null: a work queue, done when one pod succeeds and the others end."""
    completion_mode: Literal["NonIndexed", "Indexed"] = "NonIndexed"
    """Whether each pod has a number, in JOB_COMPLETION_INDEX (completionMode)."""
    backoff_limit: Annotated[int, Field(ge=0, le=1000)] = 3
    """Failed pods after which the Job fails (backoffLimit). Disruptions don't count. Left out when backoffLimitPerIndex
    is set."""
    backoff_limit_per_index: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Failed pods of one index after which that index fails, while the others go on (backoffLimitPerIndex, Kubernetes
    1.29). Unset: backoffLimit counts for all."""
    max_failed_indexes: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """Failed indexes after which the Job fails (maxFailedIndexes). Unset: it goes on with the rest."""
    fatal_exit_codes: Annotated[list[ExitCode], Field(max_length=16)] = [42]
    """Exit codes that no retry can mend, such as bad input: the Job fails at once (podFailurePolicy). 42 is the code
    that Podzol's programs end with in that case."""
    memory_ladder: Annotated[list[Memory], Field(max_length=8)] = []
    """Memory of one attempt after the other, such as `[32Gi, 64Gi, 128Gi]`, instead of resources.requests.memory. The
    next rung is climbed when an attempt is killed for its memory (OOMKilled), never when its machine is lost."""
    capacity: Literal["any", "spot", "on-demand", "spot-then-on-demand"] = "any"
    """Which of the pool's machines (label podzol.dev/capacity-type). spot-then-on-demand begins on spot machines and
    takes on-demand ones after supervisor.interruptionLimit interruptions."""
    supervisor: Supervisor = Supervisor()
    """The pod that makes the attempts of memoryLadder and of spot-then-on-demand."""
    active_deadline_seconds: Annotated[Seconds, Field(ge=1)] | None = None
    """Seconds after which a run is stopped (activeDeadlineSeconds); with attempts, each of them. Unset: never."""
    ttl_seconds_after_finished: Seconds | None = None
    """Seconds after which a finished Job is deleted with its logs (ttlSecondsAfterFinished). Unset: kept; a deleted Job
    would run again at the next `helm upgrade`."""
    suspend: bool = False
    """Whether the Job waits to be resumed (suspend)."""
    queue_name: DnsSubdomain | None = None
    """Kueue's LocalQueue that admits the Job (label kueue.x-k8s.io/queue-name). Unset: it starts at once."""
    checkpoint: Checkpoint = Checkpoint()
    """A volume for checkpoints."""
    termination_grace_period_seconds: Annotated[Seconds, Field(le=3600)] = SPOT_GRACE_SECONDS
    """Seconds from SIGTERM to SIGKILL, for a last checkpoint (terminationGracePeriodSeconds). A spot machine on GKE
    leaves 15, on EKS 120."""
    do_not_disrupt: bool = True
    """Whether node autoscalers leave the pods' machine alone until they end (annotations of Karpenter and of the
    Cluster Autoscaler). A spot machine can be taken back all the same."""


def job_rules(v: JobValues) -> Iterator[Any]:
    """Rules between the values of a Job. A workload's own rules start with `yield from job_rules(v)`."""
    yield from pod_rules(v)
    yield from count_rules(v)
    yield from time_rules(v)
    yield from checkpoint_rules(v)
    yield from retry_rules(v)


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
    yield when(
        v.backoff_limit_per_index,
        lambda limit: rule(
            indexed,
            at=limit,
            must="be left unset unless completionMode is Indexed",
            fix="set completionMode to Indexed or remove it",
        ),
    )
    yield when(
        v.max_failed_indexes,
        lambda most: rule(
            present(v.backoff_limit_per_index),
            at=most,
            must="be left unset without backoffLimitPerIndex",
            fix="set backoffLimitPerIndex or remove it",
        ),
    )
    yield when(
        v.max_failed_indexes,
        lambda most: when(
            v.completions,
            lambda completions: rule(
                any_of(not_(present(v.backoff_limit_per_index)), most <= completions),
                at=most,
                must="be at most completions",
                fix="lower maxFailedIndexes",
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
    yield when(
        v.ttl_seconds_after_finished,
        lambda seconds: rule(
            not_(v.schedule.enabled),
            at=seconds,
            must="be left unset with a schedule, whose history limits decide",
            fix="set schedule.successfulJobsHistoryLimit and failedJobsHistoryLimit",
        ),
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
