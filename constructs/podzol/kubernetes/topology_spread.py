"""Defines: how the pods of one release spread over zones and hosts. Does not define: affinity, which is passed through.
Source: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/, 2026-11-23; matchLabelKeys
is on by default since 1.27, and keeps the pods of an old and a new version from being counted together.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.labels import selector_labels
from podzol.kubernetes.node_labels import HOSTNAME, ZONE
from podzol.template import when
from podzol.values import Values


class TopologySpread(Values):
    """Spread of the pods over zones and hosts."""

    enabled: bool = True
    """Whether to ask for it."""
    zones: Literal["ScheduleAnyway", "DoNotSchedule"] = "ScheduleAnyway"
    """What happens to a pod that would make zones uneven (whenUnsatisfiable): it runs all the same, or waits."""
    hosts: Literal["ScheduleAnyway", "DoNotSchedule"] = "ScheduleAnyway"
    """The same for hosts. DoNotSchedule makes a node autoscaler add a node for each replica too many."""
    max_skew: Annotated[int, Field(ge=1, le=1000)] = 1
    """By how many pods two zones or hosts may differ (maxSkew)."""


def topology_spread_constraints(spread: TopologySpread, release: Any) -> Any:
    """A pod's `topologySpreadConstraints`, if they are wanted."""
    return when(
        spread.enabled,
        [constraint(ZONE, spread.zones, spread, release), constraint(HOSTNAME, spread.hosts, spread, release)],
    )


def constraint(topology_key: str, when_unsatisfiable: Any, spread: TopologySpread, release: Any) -> dict[str, Any]:
    return {
        "topologyKey": topology_key,
        "maxSkew": spread.max_skew,
        "whenUnsatisfiable": when_unsatisfiable,
        "labelSelector": {"matchLabels": selector_labels(release)},
        "matchLabelKeys": ["pod-template-hash"],
    }
