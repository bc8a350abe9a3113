"""The workloads. `WORKLOADS` lists them in the order in which the documentation does."""

from podzol.workloads.cpu_autoscaled_service import CpuAutoscaledService
from podzol.workloads.cpu_batch_job import CpuBatchJob
from podzol.workloads.dataset_volume import DatasetVolume
from podzol.workloads.gpu_batch_job import GpuBatchJob
from podzol.workloads.workload import Workload

WORKLOADS: tuple[type[Workload], ...] = (CpuAutoscaledService, GpuBatchJob, CpuBatchJob, DatasetVolume)
"""Every workload; each is a Helm chart of its own."""

__all__ = ["WORKLOADS", "CpuAutoscaledService", "CpuBatchJob", "DatasetVolume", "GpuBatchJob", "Workload"]
