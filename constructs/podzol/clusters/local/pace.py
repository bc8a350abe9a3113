"""Defines `Pace`: how long a machine of the local cluster takes to come and go, as on the cloud it imitates or faster.

The figures and their sources are in `tables/pace.yaml`.
"""

import functools
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
class Heartbeat:
    """How a node that is off is noticed. Seconds."""

    lease: int
    """How long a kubelet's lease lasts; it renews it four times as often."""
    grace: int
    """Without a renewal until the node is NotReady: --node-monitor-grace-period of the controller manager."""
    period: int
    """How often the controller manager looks: --node-monitor-period."""
    toleration: int
    """How long pods stay on a node that isn't Ready: --default-unreachable-toleration-seconds of the API server."""


@dataclass(frozen=True)
class Pace:
    """How fast machines come and go."""

    fast: bool = False
    """In seconds, to see a scenario or to test one."""
    join_seconds: int | None = None
    """Until a node is Ready, for every pool; None: as the table says."""

    def join(self, spec: ClusterSpec, pool: Pool) -> Join:
        """How a machine of a pool joins."""
        join = Join(**self._of_cloud("join", spec)["gpu" if pool.accelerator else "cpu"])
        if self.join_seconds is None:
            return join
        ready = min(join.ready, self.join_seconds // 2)
        return Join(self.join_seconds - ready, ready, join.gpu)

    def notice_seconds(self, spec: ClusterSpec) -> int:
        """From telling that a spot machine is taken back until it is off."""
        return int(self._of_cloud("notice", spec))

    @property
    def heartbeat(self) -> Heartbeat:
        """How a node that is off is noticed."""
        return Heartbeat(**_table()["heartbeat"][self._name])

    @property
    def consolidate_after_seconds(self) -> int:
        """How long a node must be of no use before it goes."""
        return int(_table()["consolidate_after"][self._name])

    @property
    def _name(self) -> str:
        return "fast" if self.fast else "cloud"

    def _of_cloud(self, section: str, spec: ClusterSpec) -> Any:
        return _table()[section]["fast" if self.fast else spec.cloud_of("local")]


CLOUD = Pace()
"""As the cloud."""


@functools.cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = tables.document("pace.yaml")
    return found
