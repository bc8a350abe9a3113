"""Defines the two errors that reach a person. Does not define how they are printed: `podzol.cli` does."""

from collections.abc import Iterable

from podzol.template.faults import Fault

__all__ = ["Failure", "Fault", "UserError"]


class UserError(Exception):
    """What the user gave can't be used. Carries every fault found, not the first one. Exit code 2."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Failure(Exception):
    """Something went wrong that the user's input isn't to blame for: a tool, a disk, a cluster. Exit code 1."""

    exit_code = 1
