"""Defines how a quantity of the Kubernetes API is read.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (2026-11-23).
"""

import math
import re
from decimal import Decimal

FACTORS = {
    **{suffix: Decimal(10) ** power for suffix, power in zip("num", (-9, -6, -3), strict=True)},
    **{suffix: Decimal(10) ** power for suffix, power in zip(("", *"kMGTPE"), range(0, 21, 3), strict=True)},
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", 1)},
}


def number(quantity: str | int | float) -> Decimal:
    """A quantity as a number: 1.5 for `1500m`."""
    found = re.fullmatch(r"([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)", str(quantity))
    if not found or found[2] not in FACTORS:
        raise ValueError(f"{quantity!r} isn't a quantity")
    return Decimal(found[1]) * FACTORS[found[2]]


def cpu_milli(quantity: str | int | float) -> int:
    """CPU in thousandths of a core, rounded up as the scheduler does."""
    return math.ceil(number(quantity) * 1000)


def bytes_of(quantity: str | int | float) -> int:
    """Memory in bytes."""
    return int(number(quantity))
