"""The workloads. `WORKLOADS` lists them in the order in which the documentation does."""

from podzol.workloads.cpu_autoscaled_service import CpuAutoscaledService
from podzol.workloads.workload import Workload

WORKLOADS: tuple[type[Workload], ...] = (CpuAutoscaledService,)
"""Every workload; each is a Helm chart of its own."""

__all__ = ["WORKLOADS", "CpuAutoscaledService", "Workload"]
