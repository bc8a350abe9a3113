"""Defines: the HorizontalPodAutoscaler of a Deployment and its values. Does not define: the metrics server, which a
cluster must have, nor scaling to zero (Kubernetes 1.37 has it for external and object metrics only).
Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/, 2026-11-23: defaults of "Default
Behavior"; with `ContainerResource`, stable since 1.30 and on by default since 1.27, injected sidecars don't count.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.container import MAIN
from podzol.kubernetes.labels import metadata
from podzol.template import any_of, each, not_, present, rule, spread, when
from podzol.values import Percent, Values


class ScalingPolicy(Values):
    """How far one step may go."""

    type: Literal["Pods", "Percent"]
    """What `value` counts: pods, or per cent of the replicas there are."""
    value: Annotated[int, Field(ge=1, le=10_000)]
    """Size of the step."""
    period_seconds: Annotated[int, Field(ge=1, le=1800)]
    """Seconds in which the step may be taken once (periodSeconds); Kubernetes takes at most 1800."""


class ScalingRules(Values):
    """How the number of replicas may move in one direction."""

    stabilization_window_seconds: Annotated[int, Field(ge=0, le=3600)]
    """Seconds to look back: the most cautious wish in them counts (stabilizationWindowSeconds); at most 3600."""
    select_policy: Literal["Max", "Min", "Disabled"] = "Max"
    """Which policy counts when there are several; Disabled forbids the direction (selectPolicy)."""
    policies: Annotated[list[ScalingPolicy], Field(min_length=1)]
    """How far one step may go."""


class Autoscaling(Values):
    """The HorizontalPodAutoscaler."""

    enabled: bool = True
    """Whether to scale by load. The Deployment then has no `replicas`: the autoscaler owns the number."""
    min_replicas: Annotated[int, Field(ge=1, le=1000)] = 1
    """Fewest replicas (minReplicas)."""
    max_replicas: Annotated[int, Field(ge=1, le=1000)] = 10
    """Most replicas (maxReplicas)."""
    target_cpu_percent: Percent | None = 50
    """CPU use to hold on average, in per cent of the CPU request (averageUtilization). Null: CPU doesn't count."""
    target_memory_percent: Percent | None = None
    """Memory use to hold on average, in per cent of the memory request. Unset: memory doesn't count."""
    metrics: list[dict[str, Any]] = []
    """Further metrics, such as requests a second, as Kubernetes spells them (metrics); they need a metrics adapter."""
    scale_up: ScalingRules = ScalingRules(
        stabilization_window_seconds=0,
        policies=[
            ScalingPolicy(type="Percent", value=100, period_seconds=15),
            ScalingPolicy(type="Pods", value=4, period_seconds=15),
        ],
    )
    """How fast replicas are added; the defaults are Kubernetes' own."""
    scale_down: ScalingRules = ScalingRules(
        stabilization_window_seconds=300,
        policies=[ScalingPolicy(type="Percent", value=100, period_seconds=15)],
    )
    """How fast replicas are removed; the defaults are Kubernetes' own."""


def autoscaling_rules(autoscaling: Autoscaling) -> Iterator[Any]:
    """Rules between the values of autoscaling."""
    yield rule(
        autoscaling.min_replicas <= autoscaling.max_replicas,
        at=autoscaling.min_replicas,
        must="be at most autoscaling.maxReplicas",
        fix="lower minReplicas or raise maxReplicas",
    )
    yield rule(
        any_of(
            not_(autoscaling.enabled),
            present(autoscaling.target_cpu_percent),
            present(autoscaling.target_memory_percent),
            autoscaling.metrics,
        ),
        at=autoscaling.enabled,
        must="have a metric to scale on",
        fix="set targetCpuPercent, targetMemoryPercent or metrics, or turn autoscaling off",
    )


def horizontal_pod_autoscaler(v: Any, release: Any) -> Any:
    """The HorizontalPodAutoscaler of the Deployment, if autoscaling is on. `v` has `autoscaling`."""
    autoscaling = v.autoscaling
    return when(
        autoscaling.enabled,
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": metadata(v, release),
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": release.fullname},
                "minReplicas": autoscaling.min_replicas,
                "maxReplicas": autoscaling.max_replicas,
                "metrics": [
                    utilization("cpu", autoscaling.target_cpu_percent),
                    utilization("memory", autoscaling.target_memory_percent),
                    spread(autoscaling.metrics),
                ],
                "behavior": {
                    "scaleUp": scaling_rules(autoscaling.scale_up),
                    "scaleDown": scaling_rules(autoscaling.scale_down),
                },
            },
        },
    )


def utilization(resource: str, percent: Any) -> Any:
    """A metric: mean use of the main container in per cent of its request; nothing if `percent` is null."""
    return when(
        percent,
        lambda target: {
            "type": "ContainerResource",
            "containerResource": {
                "name": resource,
                "container": MAIN,
                "target": {"type": "Utilization", "averageUtilization": target},
            },
        },
    )


def scaling_rules(rules: ScalingRules) -> dict[str, Any]:
    """One direction of `behavior`."""
    return {
        "stabilizationWindowSeconds": rules.stabilization_window_seconds,
        "selectPolicy": rules.select_policy,
        "policies": [
            each(
                rules.policies,
                lambda policy: {"type": policy.type, "value": policy.value, "periodSeconds": policy.period_seconds},
            )
        ],
    }
