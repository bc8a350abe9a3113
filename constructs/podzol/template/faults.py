"""Defines `Fault`, one thing wrong with one value, and the errors of the language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class TemplateError(TypeError):
    """The author asked for something that can't mean the same in Python and in a Helm chart."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it stands, which rule it breaks, what was got, what to do.

    `where` is the path as the user wrote it (`autoscaling.minReplicas`), or a file or flag. `got` is left out of the
    text when it is None.
    """

    where: str
    rule: str
    got: Any = None
    fix: str = ""

    def __str__(self) -> str:
        got = "" if self.got is None else f", got {self.got!r}" if isinstance(self.got, str) else f", got {self.got}"
        return f"{self.where}: {self.rule}{got}" + (f"; {self.fix}" if self.fix else "")


class ValuesError(ValueError):
    """Values that the model or a rule refuses, with every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
