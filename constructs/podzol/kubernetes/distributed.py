"""Defines: the values of several pods that train as one, and the rules between them. Does not define: the objects that
hold the pods (`ranks.py`), nor what their program is told (`rank_environment.py`).
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.rank_environment import NAMES
from podzol.kubernetes.retries import supervised
from podzol.kubernetes.start_together import StartTogether
from podzol.template import all_of, any_of, each, not_, or_else, present, rule, when
from podzol.values import Port, Values


class Communication(Values):
    """What the notes reckon with; no pod reads it, but a Job's name holds it. 0: unknown, and nothing is said."""

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
    start_together: StartTogether = StartTogether()
    """Whether no program starts until all pods have a machine."""
    communication: Communication = Communication()
    """How large the gradients and how fast the network are, for the notes' word on whether more pods are worth it."""


def in_job_set(d: Any) -> Any:
    """Whether a JobSet holds the pods, one of ours or the one that Trainer makes."""
    return all_of(d.enabled, d.kind != "job")


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
        any_of(d.enabled, not_(d.start_together.enabled)),
        at=d.start_together.enabled,
        must="be false without distributed.enabled",
        fix="set distributed.enabled, or remove it",
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
    yield when(
        v.ttl_seconds_after_finished,
        lambda seconds: rule(
            any_of(not_(d.enabled), d.kind != "trainjob"),
            at=seconds,
            must="be left unset with distributed.kind trainjob, which is kept until it is deleted",
            fix="remove it, or take a jobset",
        ),
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
