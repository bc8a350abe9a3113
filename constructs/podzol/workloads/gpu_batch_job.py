"""Defines `GpuBatchJob`: a Job whose pods each hold whole GPUs, such as a training run, once or on a schedule.

Does not define how several pods train as one (`kubernetes/ranks.py`), nor the pool (`podzol.clusters`).
Source: https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/ (a GPU's request equals its limit, only whole
ones); the guardrails follow https://github.com/NVIDIA/aicr/issues/860 (memory request equals limit, a CPU request, a
cap on GPUs per container); both read on 2026-11-23.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from podzol.kubernetes.accelerators import ACCELERATOR, GPU, GPU_POOL, GPU_TOLERATION, SPOT_TOLERATION
from podzol.kubernetes.container import Image, Requests, Resources
from podzol.kubernetes.distributed import Distributed, distributed_rules, in_job_set
from podzol.kubernetes.job import job_manifests
from podzol.kubernetes.job_name import job_name
from podzol.kubernetes.job_notes import job_notes
from podzol.kubernetes.job_values import DEMO_PROGRAM, JobValues, job_rules
from podzol.kubernetes.rank_environment import rank_environment
from podzol.kubernetes.rank_notes import rank_notes, set_notes
from podzol.kubernetes.retries import changes_capacity
from podzol.template import Form, any_of, bytes_of, rule, when
from podzol.values import DnsLabel, LabelValue, Memory
from podzol.workloads.workload import Workload

MOST_GPUS = 16
"""GPUs of the largest machines that clouds rent whole (a2-megagpu-16g); most have 8. Source:
https://cloud.google.com/compute/docs/gpus, 2026-11-23."""

GpuCount = Annotated[
    int,
    Field(ge=1, le=MOST_GPUS),
    Form(
        f"a whole number of GPUs from 1 to {MOST_GPUS}",
        fix="a part of a GPU is the matter of its pool, more GPUs that of several pods (distributed.nodes)",
    ),
]


class GpuBatchJobValues(JobValues):
    """Values of a GpuBatchJob. The defaults show the GPU, wait a minute and end, as a first test of a GPU pool."""

    image: Image = Image(repository="nvcr.io/nvidia/cuda", tag="12.8.1-base-ubuntu24.04")
    """Container image of the program."""
    command: list[str] = ["/bin/sh", "-ec"]
    """Program to run instead of the image's entry point (command)."""
    args: list[str] = ["nvidia-smi\n" + DEMO_PROGRAM]
    """Arguments of the program (args)."""
    gpus: GpuCount = 1
    """GPUs of each pod (nvidia.com/gpu, request and limit): whole ones, at most as many as one machine has."""
    accelerator: Annotated[LabelValue, Field(min_length=1)] | None = None
    """GPU type, such as nvidia-l4: the label podzol.dev/accelerator of a node. Unset: any type in the pool."""
    pool: DnsLabel | None = GPU_POOL
    """Node pool to run on (label podzol.dev/pool). Null: any node with GPUs."""
    resources: Resources = Resources(requests=Requests(cpu="2", memory="8Gi"))
    """CPU, memory and disk of each pod, besides its GPUs."""
    distributed: Distributed = Distributed()
    """Several pods that train as one."""
    shared_memory: Memory | None = "1Gi"
    """Size of /dev/shm, through which data loaders hand on batches; it counts as memory of the pod. Null: 64Mi."""


class GpuBatchJob(Workload):
    """A Job on GPUs, once or on a schedule, which goes on from its checkpoint when its machine is taken away."""

    Values = GpuBatchJobValues
    keywords = ("batch", "gpu", "job", "machine-learning", "training")
    links = {"Jobs": "https://kubernetes.io/docs/concepts/workloads/controllers/job/"}

    @staticmethod
    def rules(v: GpuBatchJobValues) -> Iterator[Any]:
        yield from job_rules(v)
        yield from distributed_rules(v)
        yield when(
            v.resources.limits.memory,
            lambda limit: rule(  # one below it is refused for every pod
                bytes_of(limit) <= bytes_of(v.resources.requests.memory),
                at=limit,
                must="equal resources.requests.memory on a GPU machine",
                fix="leave it unset",
            ),
        )

    @staticmethod
    def manifests(v: GpuBatchJobValues, release: Any) -> dict[str, Any]:
        return job_manifests(
            v,
            release,
            model=GpuBatchJobValues,
            extended={GPU: v.gpus},
            node_labels={ACCELERATOR: v.accelerator},
            tolerations=(GPU_TOLERATION, when(any_of(v.capacity == "spot", changes_capacity(v)), SPOT_TOLERATION)),
            env=tuple(rank_environment(v, release, v.gpus)),
            distributed=v.distributed,
        )

    @staticmethod
    def notes(v: GpuBatchJobValues, release: Any) -> list[Any]:
        of_set = set_notes(v, release, job_name(v, release, GpuBatchJobValues))
        return [
            when(in_job_set(v.distributed), of_set, job_notes(v, release, GpuBatchJobValues)),
            rank_notes(v),
        ]
