"""Defines what a node offers to pods: the formulas of EKS (AL2023) and of GKE (Container-Optimized OS), from machine to
`.status.allocatable`. Does not define what DaemonSets take of that (`system_pods.py`).

Amounts are bytes and thousandths of a core. Sources are rows of `tables/sources.csv`, named at each function.
"""

from podzol.clusters.machines import Machine
from podzol.clusters.resources import GIB, MIB, Resources

CPU_LADDER = ((1000, 0.06), (1000, 0.01), (2000, 0.005), (None, 0.0025))
"""Share of the first core, the second, the next two and the rest: EKS (eks-nodeadm) and GKE (gke-node-sizes) alike."""
EVICTION_MEMORY = 100 * MIB
"""Memory below which the kubelet evicts: `memory.available`. The same on EKS (eks-nodeadm) and GKE (gke-node-sizes)."""
EVICTION_DISK = 0.10
"""Share of the disk below which the kubelet evicts: `nodefs.available`. The same on EKS and GKE."""

EKS_VM_OVERHEAD = 0.075
"""Share of an EC2 machine's memory that the node never shows; Karpenter's cautious figure (karpenter-vm-overhead)."""
EKS_RESERVED_MEMORY, EKS_RESERVED_MEMORY_A_POD = 255 * MIB, 11 * MIB
EKS_RESERVED_DISK = 1 * GIB
"""eks-nodeadm."""

GKE_MEMORY_LADDER = ((4 * GIB, 0.25), (4 * GIB, 0.20), (8 * GIB, 0.10), (112 * GIB, 0.06), (None, 0.02))
"""gke-node-sizes."""
GKE_STREAMING_LADDER = ((4 * GIB, 0.10), (4 * GIB, 0.08), (8 * GIB, 0.04), (112 * GIB, 0.024), (None, 0.008))
"""Memory that image streaming takes as well (gke-image-streaming)."""
GKE_SHARED_CORE = {"e2-micro": 1060, "e2-small": 1060, "e2-medium": 1060}
"""CPU reserved on shared-core machines: more than half of their two cores (gke-node-sizes)."""


def ladder(amount: int, steps: tuple[tuple[int | None, float], ...]) -> float:
    """Sum of a share of each step of an amount, as the clouds publish their reserves."""
    taken, left = 0.0, amount
    for width, share in steps:
        part = left if width is None else min(left, width)
        taken += part * share
        left -= part
    return taken


def eks_node(machine: Machine, disk_gib: int) -> tuple[Resources, Resources]:
    """Capacity and allocatable of an EKS node on AL2023 (eks-nodeadm, karpenter-vm-overhead)."""
    cpu = machine.vcpu * 1000
    memory = int(machine.memory_gib * GIB * (1 - EKS_VM_OVERHEAD))
    disk = disk_gib * GIB
    reserved_memory = EKS_RESERVED_MEMORY + EKS_RESERVED_MEMORY_A_POD * machine.max_pods
    capacity = Resources(cpu, memory, disk, machine.max_pods)
    allocatable = Resources(
        cpu - int(ladder(cpu, CPU_LADDER)),
        memory - reserved_memory - EVICTION_MEMORY,
        int(disk * (1 - EVICTION_DISK)) - EKS_RESERVED_DISK,
        machine.max_pods,
    )
    return capacity, allocatable


def gke_node(machine: Machine, disk_gib: int, image_streaming: bool) -> tuple[Resources, Resources]:
    """Capacity and allocatable of a node of a GKE pool (gke-node-sizes, gke-kernel-reserved, gke-image-streaming)."""
    cpu = machine.vcpu * 1000
    physical = int(machine.memory_gib * GIB)
    memory = physical - cos_kernel_memory(physical, machine.arch)
    disk = disk_gib * GIB - cos_disk(disk_gib * GIB, machine.arch)
    streaming = ladder(physical, GKE_STREAMING_LADDER) if image_streaming else 0
    capacity = Resources(cpu, memory, disk, machine.max_pods)
    allocatable = Resources(
        cpu - GKE_SHARED_CORE.get(machine.name, int(ladder(cpu, CPU_LADDER))),
        memory - int(gke_reserved_memory(physical) + streaming) - EVICTION_MEMORY,
        int(disk * (1 - EVICTION_DISK)) - gke_reserved_disk(disk_gib * GIB),
        machine.max_pods,
    )
    return capacity, allocatable


def gke_reserved_memory(physical: int) -> float:
    """Memory that GKE reserves for the kubelet and the system (gke-node-sizes)."""
    return 255 * MIB if physical < GIB else ladder(physical, GKE_MEMORY_LADDER)


def gke_reserved_disk(disk: int) -> int:
    """Boot disk that GKE reserves: the least of half, 6 GiB and 35 %, and 100 GiB (gke-node-sizes)."""
    return int(min(0.5 * disk, 6 * GIB + 0.35 * disk, 100 * GIB))


def cos_kernel_memory(physical: int, arch: str) -> int:
    """Memory that the kernel of Container-Optimized OS keeps (gke-kernel-reserved)."""
    kept = physical // 64 + 16 * MIB
    if physical > 3 * GIB:
        kept += 64 * MIB
    if physical <= 8 * GIB:
        kept += 8 * MIB
    kept += int(min(0.00175 * physical, 248 * MIB))
    return round(kept * 0.9971) if arch == "arm64" else kept


def cos_disk(disk: int, arch: str) -> int:
    """Boot disk that Container-Optimized OS keeps for itself (gke-kernel-reserved)."""
    kept = int(0.015635 * disk) + int(4.148 * GIB) + int(min(100 * MIB, 0.001 * disk))
    return kept + 64 * MIB if arch == "arm64" else kept
