"""Defines `Cluster`, `PoolOffer` and `NodeOffer`: what a cluster offers to pods, whether it is a spec or runs already.

Does not define how one is read: `planned.py` reads a ClusterSpec, `live.py` the nodes of a running cluster.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from podzol.clusters import Provider
from podzol.fit.amounts import Amounts
from podzol.kubernetes.node_labels import ZONE

NEW_NODE = "(a new node)"
"""Name of a node that doesn't exist yet: no selector can name it, for it isn't a valid label value."""

Autoscaler = Literal["cluster-autoscaler", "gke", "karpenter", "none"]
"""Who adds nodes. `gke` is Google's own Cluster Autoscaler; `none`: the nodes are what they are."""


class Taint(NamedTuple):
    """A taint of a node."""

    key: str
    value: str
    effect: str

    def __str__(self) -> str:
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"


class HostPort(NamedTuple):
    """A port of a node that a pod takes."""

    ip: str
    protocol: str
    port: int

    def conflicts(self, other: "HostPort") -> bool:
        """Whether both can't be on one node. Source: kube-scheduler framework, HostPortInfo.CheckConflict."""
        same = (self.protocol, self.port) == (other.protocol, other.port)
        return same and (self.ip == other.ip or "0.0.0.0" in (self.ip, other.ip))


@dataclass(frozen=True)
class NodeOffer:
    """What one node offers: a node that a pool would make, or one that exists."""

    kind: str
    """What it is called in reasons: `an e2-standard-4`, or `node gpu-1`."""
    labels: Mapping[str, str]
    taints: tuple[Taint, ...]
    allocatable: Amounts
    taken: Amounts
    """What DaemonSets and the pods that are there take of it."""
    zones: tuple[str, ...] = ()
    """Zones that a new node may be in; empty for a node that exists, whose zone is a label."""
    name: str = NEW_NODE
    ports: tuple[HostPort, ...] = ()
    """Host ports that are taken."""
    takers: str = "DaemonSets take"
    """Who takes, in reasons."""

    @cached_property
    def free(self) -> dict[str, int]:
        """What is left for workloads."""
        taken = self.taken
        return {name: amount - taken.get(name, 0) for name, amount in self.allocatable.items()}

    @cached_property
    def by_zone(self) -> tuple["NodeOffer", ...]:
        """The same node in each zone that it may be in."""
        return tuple(
            NodeOffer(**{**self._fields, "labels": {**self.labels, ZONE: zone}, "zones": (zone,)})
            for zone in self.zones
        ) or (self,)

    def with_taken(self, more: Amounts) -> "NodeOffer":
        """The same node with further pods on it."""
        taken = {name: self.taken.get(name, 0) + more.get(name, 0) for name in {*self.taken, *more}}
        return NodeOffer(**{**self._fields, "taken": taken})

    @property
    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class PoolOffer:
    """A number of nodes of one kind, or of some kinds that differ in their machine."""

    name: str
    nodes: tuple[NodeOffer, ...]
    """The kinds of node that it may have; of a cluster that runs, every node."""
    min: int
    max: int
    capacity_type: Literal["spot", "on-demand", ""]
    """Empty: not known."""
    autoscaler: Autoscaler
    price_usd: float | None = None
    """An hour of the dearest node; None when it isn't known."""
    known_labels: frozenset[str] = frozenset()
    """Label keys that the autoscaler knows of a pool without nodes."""


@dataclass(frozen=True)
class Cluster:
    """What a cluster offers."""

    name: str
    provider: Provider | None
    """None: a cluster that runs, wherever it is."""
    pools: tuple[PoolOffer, ...]
    storage_classes: Mapping[str, "StorageOffer"]
    default_storage_class: str
    drivers: frozenset[str]
    """CSI drivers."""
    objects: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    """Objects that are there already: quotas, limit ranges, claims, volumes."""


@dataclass(frozen=True)
class StorageOffer:
    """What claims on a storage class get."""

    access_modes: frozenset[str]
    """Empty: not known."""
    zonal: bool
    """Whether a volume can be used in one zone only."""
