"""Defines `Asked`: a workload with all that the questions need to know of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from podzol.fit.placement import Placement
from podzol.fit.pods import Pod
from podzol.fit.workload import Workload


class Asked(NamedTuple):
    """A workload, its pod, and the pools."""

    workload: Workload
    spec: Mapping[str, Any]
    """Of its pods, after admission."""
    pod: Pod
    placements: tuple[Placement, ...]
    """One a pool."""

    @property
    def fitting(self) -> list[Placement]:
        """Those of the pools that take the pod."""
        return [each for each in self.placements if each.fits]
