"""Defines how numbers, times and amounts are said to people."""

from collections.abc import Iterable

LEAST_USD = 0.001
"""Less isn't told in figures."""


def several(number: float, noun: str) -> str:
    """`one pod`, `3 pods`, `no pods`."""
    if number == 1:
        return f"one {noun}"
    return f"{'no' if number == 0 else f'{number:g}'} {noun}s"


def duration(seconds: float) -> str:
    """`12 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    if whole < 2 * 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    return f"{whole // 3600} h" + (f" {whole % 3600 // 60} min" if whole % 3600 // 60 else "")


def number(value: float) -> str:
    """At most three digits that say something: `0.25`, `12.5`, `240`, `12,400`."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def money(usd: float) -> str:
    """`$1.25`, `$0.0021`, `$0`."""
    if usd < LEAST_USD:
        return f"less than ${LEAST_USD}" if usd else "$0"
    return f"${usd:,.2f}" if usd >= 0.1 else f"${usd:.2g}"


def listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *front, last = parts
    return f"{', '.join(front)} and {last}" if front else last


def upper(text: str) -> str:
    """With a capital at its start, unless it starts with a name such as `m7i.large`."""
    return text[:1].upper() + text[1:]


def asks(amounts: dict[str, int]) -> str:
    """What a pod asks for: its GPUs, which are scarce, else its CPU and memory."""
    if gpus := amounts.get("gpus", 0):
        return several(gpus, "GPU")
    parts = []
    if cpu := amounts.get("cpu_milli", 0):
        parts.append(several(cpu / 1000, "CPU"))
    if memory := amounts.get("memory_bytes", 0):
        parts.append(f"{number(memory / 2**30)} GiB of memory")
    return listed(parts) if parts else "nothing in particular"
