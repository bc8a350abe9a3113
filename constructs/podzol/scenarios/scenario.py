"""Defines `Scenario`: a story that is played on a cluster, and what it claims."""

from collections.abc import Callable
from dataclasses import dataclass

from podzol.scenarios.claims import Claim
from podzol.scenarios.needs import Need
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage


@dataclass(frozen=True)
class Scenario:
    """One file of this folder defines one."""

    name: str
    story: str
    """What happens, for the list and the report: the docstring of its file."""
    play: Callable[[Stage], None]
    """Plays it; raises `NotSeen` where something that the next step needs doesn't happen."""
    claims: Callable[[Settings], list[Claim]]
    """What is true of the recording when all goes well."""
    needs: tuple[Need, ...]
    """What the spec must have, or it isn't played."""

    @property
    def title(self) -> str:
        """The first sentence of its story."""
        return self.story.partition("\n")[0].rstrip(".")
