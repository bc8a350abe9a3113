"""Defines the two errors that reach a person. Does not define how they are printed: `podzol.cli` does."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from podzol.template.faults import Fault

Source = TypeVar("Source")
Found = TypeVar("Found")

__all__ = ["Failure", "Fault", "UserError", "each_of"]


class UserError(Exception):
    """What the user gave can't be used. Carries every fault found, not the first one. Exit code 2."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Failure(Exception):
    """Something went wrong that the user's input isn't to blame for: a tool, a disk, a cluster. Exit code 1."""

    exit_code = 1


def each_of(read: Callable[[Source], Found], sources: Iterable[Source]) -> list[Found]:
    """What `read` makes of each source. Raises UserError with the faults of all."""
    found: list[Found] = []
    faults: list[Fault] = []
    for source in sources:
        try:
            found.append(read(source))
        except UserError as error:
            faults += error.faults
    if faults:
        raise UserError(faults)
    return found
