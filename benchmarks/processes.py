"""Defines what processes take: CPU time and memory, as the kernel counts."""

import os
from pathlib import Path

from podzol.local.processes import ids_under

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process. Source: proc(5), /proc/pid/stat, fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mib(folder: Path) -> dict[str, float]:
    """Resident memory of each program of a cluster, and of all. Source: proc(5), /proc/pid/statm, field 2."""
    found = {
        name: int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES / 2**20
        for name, pid in ids_under(folder).items()
    }
    return found | {"all": sum(found.values())}
