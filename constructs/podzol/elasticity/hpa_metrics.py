"""Defines how a metric of a HorizontalPodAutoscaler is read, of each type: its name, its target, what was measured.

Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ (2026-11-23).
"""

from collections.abc import Mapping
from typing import Any

from podzol.kubernetes.quantities import cpu_milli

Object = Mapping[str, Any]


def wished(metric: Object) -> tuple[str, float | None]:
    """Name and target of a metric of an HPA: percent of the request, or the metric's own unit."""
    source = source_of(metric)
    wish = source.get("target", {})
    return name_of(metric), value_of(wish, "averageUtilization", "averageValue", "value")


def measured(metric: Object) -> tuple[str, float | None]:
    """Name and current value of a metric of an HPA."""
    return name_of(metric), value_of(
        source_of(metric).get("current", {}), "averageUtilization", "averageValue", "value"
    )


def source_of(metric: Object) -> Object:
    """The part that its type names."""
    kind = metric.get("type", "")  # empty in the status of a metric that could not be measured
    return metric.get(kind[:1].lower() + kind[1:]) or {}


def name_of(metric: Object) -> str:
    """`cpu`, or the name of the metric."""
    source = source_of(metric)
    return source.get("name") or source.get("metric", {}).get("name", "")


def value_of(values: Object, percent: str, *quantities: str) -> float | None:
    """Percent where there is one, else the first quantity that is there."""
    if percent in values:
        return float(values[percent])
    return next((cpu_milli(values[key]) / 1000 for key in quantities if key in values), None)
