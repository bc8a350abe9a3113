"""Defines `Resources`: amounts of CPU, memory, disk, pods and GPUs, as nodes offer and pods ask for them."""

from dataclasses import dataclass, fields
from typing import Self

from podzol.kubernetes.accelerators import GPU

MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True)
class Resources:
    """Amounts of one node, or of one pod."""

    cpu_milli: int = 0
    """Thousandths of a core."""
    memory_bytes: int = 0
    ephemeral_bytes: int = 0
    """Disk for images, logs and emptyDir volumes."""
    pods: int = 0
    gpus: int = 0

    def __add__(self, other: Self) -> "Resources":
        return Resources(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def __sub__(self, other: Self) -> "Resources":
        return Resources(*(getattr(self, each.name) - getattr(other, each.name) for each in fields(self)))

    def quantities(self) -> dict[str, str]:
        """As Kubernetes writes them, GPUs only where there are some."""
        gpus = {GPU: str(self.gpus)} if self.gpus else {}
        return {
            "cpu": f"{self.cpu_milli}m",
            "memory": f"{self.memory_bytes // MIB}Mi",
            "ephemeral-storage": f"{self.ephemeral_bytes // MIB}Mi",
            "pods": str(self.pods),
            **gpus,
        }
