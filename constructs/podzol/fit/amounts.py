"""Defines amounts of resources: in whole numbers, as the scheduler counts, and in words for people.

CPU is counted in thousandths of a core, all else in units (bytes, GPUs, pods). Containers are added up exactly and
rounded up once, as the scheduler does: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/resource and
pkg/scheduler/framework/types.go (2026-11-23).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from podzol.kubernetes.quantities import NANO, nano

Amounts = Mapping[str, int]
"""Resource name -> amount: CPU in thousandths of a core, all else in units."""


def amounts(nanos: Mapping[str, int]) -> dict[str, int]:
    """Billionths, rounded up to what the scheduler counts in."""
    return {name: -(-amount // (10**6 if name == "cpu" else NANO)) for name, amount in nanos.items()}


def amounts_of(quantities: Mapping[str, Any] | None) -> dict[str, int]:
    """Amounts of a map of quantities, such as a node's `status.allocatable`."""
    return amounts({name: nano(quantity) for name, quantity in (quantities or {}).items()})


def added(parts: Iterable[Amounts]) -> dict[str, int]:
    """The sum, resource by resource."""
    total: dict[str, int] = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total.get(name, 0) + amount
    return total


def times(part: Amounts, count: int) -> dict[str, int]:
    """So many of it."""
    return {name: amount * count for name, amount in part.items()}


def goes_into(part: Amounts, whole: Amounts) -> int:
    """How many times a part, which is of something, goes into what there is; 0 where it doesn't."""
    return max(0, min(whole.get(name, 0) // amount for name, amount in part.items() if amount > 0))


WORDS = {"cpu": "CPU", "memory": "GiB memory", "ephemeral-storage": "GiB disk", "pods": "pods"}


def number(name: str, amount: int) -> str:
    """An amount as a person writes it: `3.92`, `12.5`. Two amounts that differ may look alike: see `compared`."""
    return _written(_scaled(name, amount), 2)


def compared(name: str, *amounts: int) -> list[str]:
    """Amounts with as many digits as are needed to tell different ones apart."""
    scaled = [_scaled(name, amount) for amount in amounts]
    for digits in (2, 4, 6, 9):
        texts = [_written(each, digits) for each in scaled]
        if len(set(texts)) == len(set(amounts)):
            break
    return texts


def words(name: str) -> str:
    """What the numbers of a resource count."""
    return WORDS.get(name, name)


def _scaled(name: str, amount: int) -> float:
    if name == "cpu":
        return amount / 1000
    return amount / 1024**3 if name in ("memory", "ephemeral-storage") or name.startswith("hugepages-") else amount


def _written(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
