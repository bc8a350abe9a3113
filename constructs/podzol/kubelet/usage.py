"""Defines what the containers use: CPU and memory of a process and all that it has started, read from /proc.

Source: proc_pid_stat(5) (2026-11-23). Memory is what is resident; pages that processes share are counted once where
that matters (see `proportional`).
"""

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """What a container has used and uses."""

    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Line:
    """One process."""

    parent: int
    cpu_seconds: float
    """With what its ended children took."""
    memory_bytes: int


def processes() -> dict[int, Line]:
    """All processes of this machine."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (line := process(int(name))):
            found[int(name)] = line
    return found


def process(pid: int) -> Line | None:
    """One process; None when it has gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    words = text[text.rindex(")") + 2 :].split()
    ticks = sum(map(int, words[11:15]))
    return Line(int(words[1]), ticks / TICK, int(words[21]) * PAGE)


def tree(pid: int, every: dict[int, Line]) -> list[int]:
    """A process and all that it has started."""
    children: dict[int, list[int]] = {}
    for each, line in every.items():
        children.setdefault(line.parent, []).append(each)
    found, left = [], [pid]
    while left:
        now = left.pop()
        found.append(now)
        left += children.get(now, [])
    return found


def used(pid: int, every: dict[int, Line]) -> Usage:
    """What a process and its descendants use."""
    lines = [every[each] for each in tree(pid, every) if each in every]
    return Usage(sum(line.cpu_seconds for line in lines), sum(line.memory_bytes for line in lines))


def proportional(pids: list[int]) -> int:
    """Bytes of memory with shared pages divided among those who share them; dearer to find out."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total
