"""The container's share of the machine, from cgroups v2 or v1: a program that asks the machine sees the whole node.

Source: https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max, memory.max) and
https://docs.kernel.org/scheduler/sched-bwc.html, .../cgroup-v1/memory.html (2026-11-23)
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

UNLIMITED_V1 = 1 << 60
"""cgroups v1 writes "no limit" as a number near 2^63, rounded to pages."""


@dataclass(frozen=True)
class Limits:
    """What this container may use: whole CPUs (at least 1) and memory in bytes."""

    cpus: int
    memory_bytes: int

    @classmethod
    def of_container(cls, root: Path = Path("/")) -> Limits:
        """The tightest of the machine, the CPU affinity and every cgroup from this process's own up to the root."""
        quotas, memories = [], []
        for folder in own_cgroups(root, ""):
            quotas.append(quota_v2(read(folder / "cpu.max")))
            memories.append(number(read(folder / "memory.max")))
        for folder in own_cgroups(root, "cpu"):
            quotas.append(quota_v1(read(folder / "cpu.cfs_quota_us"), read(folder / "cpu.cfs_period_us")))
        for folder in own_cgroups(root, "memory"):
            memories.append(number(read(folder / "memory.limit_in_bytes")))
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        cpus = min([float(len(os.sched_getaffinity(0))), *(quota for quota in quotas if quota)])
        return cls(
            cpus=max(1, math.floor(cpus)),
            memory_bytes=min([machine, *(memory for memory in memories if memory and memory < UNLIMITED_V1)]),
        )


def own_cgroups(root: Path, controller: str) -> list[Path]:
    """The folders of this process's cgroup and its parents; `controller` is empty for v2, else v1's name."""
    mount = root / "sys/fs/cgroup" / controller
    for entry in (read(root / "proc/self/cgroup") or "").splitlines():
        _, names, path = entry.split(":", 2)
        if controller in names.split(","):
            own = mount / path.lstrip("/")
            return [own, *(parent for parent in own.parents if parent.is_relative_to(mount))]
    return [mount]


def read(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None


def number(text: str | None) -> int | None:
    """A count; None when there is no limit (`max`) or no such file."""
    return int(text) if text and text.lstrip("-").isdigit() else None


def quota_v2(text: str | None) -> float | None:
    """CPUs of `cpu.max`, which reads `QUOTA PERIOD` or `max PERIOD`."""
    quota, _, period = (text or "max").partition(" ")
    return None if quota == "max" else int(quota) / int(period)


def quota_v1(quota: str | None, period: str | None) -> float | None:
    """CPUs of v1's quota and period; a quota of -1 is no limit."""
    allowed, every = number(quota), number(period)
    return allowed / every if allowed and every and allowed > 0 else None
