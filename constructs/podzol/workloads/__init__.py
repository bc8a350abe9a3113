"""The workloads. `WORKLOADS` lists them in the order in which the documentation does."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from podzol.workloads.cpu_autoscaled_service import CpuAutoscaledService
    from podzol.workloads.cpu_batch_job import CpuBatchJob
    from podzol.workloads.dataset_volume import DatasetVolume
    from podzol.workloads.gpu_batch_job import GpuBatchJob
    from podzol.workloads.workload import Workload

    WORKLOADS: tuple[type[Workload], ...]
    """Every workload; each is a Helm chart of its own."""

__all__ = ["WORKLOADS", "CpuAutoscaledService", "CpuBatchJob", "DatasetVolume", "GpuBatchJob", "Workload"]

HOMES = {
    "CpuAutoscaledService": "cpu_autoscaled_service",
    "GpuBatchJob": "gpu_batch_job",
    "CpuBatchJob": "cpu_batch_job",
    "DatasetVolume": "dataset_volume",
    "Workload": "workload",
}
"""Where each name is defined. Imported when first asked for: who makes one workload waits for no other."""


def __getattr__(name: str) -> Any:
    if name == "WORKLOADS":
        value: Any = tuple(__getattr__(workload) for workload in HOMES if workload != "Workload")
    elif name in HOMES:
        value = getattr(importlib.import_module(f"{__name__}.{HOMES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value
