"""Defines `CpuBatchJob`: a Job on CPUs, such as the assembly of a metagenome, on spot machines, once or on a schedule.

Does not define the pool that it runs on (`podzol.clusters`): cpu-pool is of spot machines in the bundled specs.
Source: https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms (taint of spot nodes), read on 2026-11-23.
"""

from collections.abc import Iterator
from typing import Any

from podzol.kubernetes.accelerators import CPU_POOL, SPOT_TOLERATION
from podzol.kubernetes.container import Image, Requests, Resources
from podzol.kubernetes.job import job_manifests
from podzol.kubernetes.job_notes import job_notes
from podzol.kubernetes.job_values import DEMO_PROGRAM, JobValues, job_rules
from podzol.values import DnsLabel
from podzol.workloads.workload import Workload


class CpuBatchJobValues(JobValues):
    """Values of a CpuBatchJob. The defaults say that they train, wait a minute and end, as a first test of a pool."""

    image: Image = Image(repository="docker.io/library/busybox", tag="1.37.0")
    """Container image of the program."""
    command: list[str] = ["/bin/sh", "-ec"]
    """Program to run instead of the image's entry point (command)."""
    args: list[str] = [DEMO_PROGRAM]
    """Arguments of the program (args)."""
    pool: DnsLabel | None = CPU_POOL
    """Node pool to run on (label podzol.dev/pool). Null: any node."""
    resources: Resources = Resources(requests=Requests(cpu="1", memory="1Gi"))
    """CPU, memory and disk of each pod."""


class CpuBatchJob(Workload):
    """A Job on CPUs, once or on a schedule, which a spot machine's end doesn't fail."""

    Values = CpuBatchJobValues
    keywords = ("batch", "bioinformatics", "job", "metagenomics", "spot")
    links = {"Jobs": "https://kubernetes.io/docs/concepts/workloads/controllers/job/"}

    @staticmethod
    def rules(v: CpuBatchJobValues) -> Iterator[Any]:
        yield from job_rules(v)

    @staticmethod
    def manifests(v: CpuBatchJobValues, release: Any) -> dict[str, Any]:
        return job_manifests(v, release, model=CpuBatchJobValues, tolerations=(SPOT_TOLERATION,))

    @staticmethod
    def notes(v: CpuBatchJobValues, release: Any) -> list[Any]:
        return job_notes(v, release, CpuBatchJobValues)
