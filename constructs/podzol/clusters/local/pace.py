"""Defines `Pace`: how long a machine of the local cluster takes to join, as on the cloud it imitates or faster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podzol.clusters import tables
from podzol.clusters.spec import ClusterSpec, Pool


@dataclass(frozen=True)
class Join:
    """How a new machine becomes a node. Seconds."""

    register: int
    """From the autoscaler's request until the Node object is there: a machine is found and starts."""
    ready: int
    """From then until it is Ready: network and storage drivers are there."""
    gpu: int = 0
    """From then until the device plugin offers its GPUs: they are not there before."""


@dataclass(frozen=True)
class Pace:
    """How fast machines come and go."""

    fast: bool = False
    """In seconds, to see a scenario or to test one."""
    join_seconds: int | None = None
    """Until a node is Ready, for every pool; None: as the table says."""

    def join(self, spec: ClusterSpec, pool: Pool) -> Join:
        """How a machine of a pool joins."""
        rows = self._rows(spec)
        join = Join(**rows["gpu" if pool.accelerator else "cpu"])
        if self.join_seconds is None:
            return join
        ready = min(join.ready, self.join_seconds // 2)
        return Join(self.join_seconds - ready, ready, join.gpu)

    @property
    def consolidate_after_seconds(self) -> int:
        """How long a node must be of no use before it goes: a minute or ten on a cloud, where one doesn't watch."""
        return 10 if self.fast else 30

    def _rows(self, spec: ClusterSpec) -> Mapping[str, Any]:
        found: Mapping[str, Any] = tables.document("pace.yaml")["fast" if self.fast else spec.cloud_of("local")]
        return found


CLOUD = Pace()
"""As the cloud."""
