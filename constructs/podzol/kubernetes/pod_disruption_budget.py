"""Defines: the PodDisruptionBudget of a Deployment. Does not define: what autoscalers may evict (`eviction.py`).
Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/, 2026-11-23.
"""

from typing import Any

from podzol.kubernetes.labels import metadata, selector_labels
from podzol.template import when
from podzol.values import IntOrPercent, Values


class PodDisruptionBudget(Values):
    """The PodDisruptionBudget. It counts from above, and at least one: then it can't hold up the drain of a node, not
    even where there is one replica."""

    enabled: bool = True
    """Whether to make one."""
    max_unavailable: IntOrPercent = 1
    """Pods that may be evicted at once (maxUnavailable): a number or a percentage, rounded up; never 0."""


def pod_disruption_budget(v: Any, release: Any) -> Any:
    """The PodDisruptionBudget, if it is wanted. A pod that isn't ready never holds up a drain."""
    return when(
        v.pod_disruption_budget.enabled,
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": metadata(v, release),
            "spec": {
                "maxUnavailable": v.pod_disruption_budget.max_unavailable,
                "selector": {"matchLabels": selector_labels(release)},
                "unhealthyPodEvictionPolicy": "AlwaysAllow",
            },
        },
    )
