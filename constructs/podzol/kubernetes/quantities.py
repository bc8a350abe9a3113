"""Defines how a quantity of Kubernetes is read: `500m`, `16Gi`, `1e3`, exactly, and rounded up once.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/resource/quantity.go (2026-11-23).
"""

import functools
import re

NANO = 10**9
LARGEST = (2**63 - 1) * NANO
"""Of what is more, Kubernetes takes this."""
FORM = re.compile(r"([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)(m|n|u|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]{1,3})?")
SUFFIXES = {
    "n": (1, NANO),
    "u": (1, 10**6),
    "m": (1, 1000),
    "": (1, 1),
    **{letter: (1000**power, 1) for power, letter in enumerate("kMGTPE", start=1)},
    **{f"{letter}i": (1024**power, 1) for power, letter in enumerate("KMGTPE", start=1)},
}
"""Suffix -> factor and divisor."""


class NotAQuantity(ValueError):
    """The text is no quantity of Kubernetes."""


@functools.lru_cache(maxsize=16384)
def nano(quantity: str | int | float) -> int:
    """Billionths of a unit, rounded up: the finest that Kubernetes knows.

    Raises:
        NotAQuantity: it is none, or below 0.
    """
    found = FORM.fullmatch(str(quantity))
    if isinstance(quantity, bool) or not found or found[1] == "-":
        raise NotAQuantity(quantity)
    whole, _, part = found[2].partition(".")
    suffix = found[3] or ""
    factor, divisor = SUFFIXES.get(suffix) or _exponent(suffix)
    return min(LARGEST, -(-int((whole or "0") + part) * factor * NANO // (divisor * 10 ** len(part))))


def _exponent(suffix: str) -> tuple[int, int]:
    power = int(suffix[1:])
    return (10**power, 1) if power >= 0 else (1, 10**-power)


def cpu_milli(quantity: str | int | float) -> int:
    """CPU in thousandths of a core, rounded up as the scheduler does.

    Raises:
        NotAQuantity: it is none, or below 0.
    """
    return -(-nano(quantity) // 10**6)


def bytes_of(quantity: str | int | float) -> int:
    """Memory or disk in bytes, rounded up.

    Raises:
        NotAQuantity: it is none, or below 0.
    """
    return -(-nano(quantity) // NANO)
