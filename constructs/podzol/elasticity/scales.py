"""Defines `Scale`: the replicas of a workload over time, wanted and ready, and the metrics that its HPA looks at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from podzol.elasticity.lives import Life, Step, counted
from podzol.elasticity.states import scaled_by

MOST = 6
"""Workloads that are shown one by one; a cluster may have hundreds."""


@dataclass(frozen=True)
class Metric:
    """A metric of an HPA beside its target, in percent of the request or the metric's own unit."""

    name: str
    target: float
    current: list[Step]


@dataclass(frozen=True)
class Scale:
    """Replicas of a workload over time."""

    namespace: str
    name: str
    wanted: list[Step]
    ready: list[Step]
    least: int | None
    """Of its HPA; None when it has none."""
    most: int | None
    metrics: list[Metric]

    @property
    def peak(self) -> float:
        """The most replicas that were ready."""
        return max(value for _, value in self.ready)


def scales(deployments: Iterable[Life], scalers: Iterable[Life], start: float) -> Iterator[Scale]:
    """Every workload with an HPA, and every Deployment whose scale changed."""
    by_target = {scaled_by(scaler): scaler for scaler in scalers}
    for deployment in deployments:
        scaler = by_target.get((deployment.namespace, deployment.name))
        ready, wanted = (_replicas(deployment, field, start) for field in ("ready", "wanted"))
        if scaler or len({value for _, value in wanted}) > 2:
            bounds = (scaler.last.get("min"), scaler.last.get("max")) if scaler else (None, None)
            metrics = _metrics(scaler) if scaler else []
            yield Scale(deployment.namespace, deployment.name, wanted, ready, *bounds, metrics)


def busiest(scales: Sequence[Scale]) -> list[Scale]:
    """Those that are shown one by one: of many, the ones that changed most often."""
    chosen = sorted(scales, key=lambda scale: -len(scale.wanted))[:MOST]
    return [scale for scale in scales if scale in chosen]


def _replicas(deployment: Life, field: str, start: float) -> list[Step]:
    found = counted([deployment], lambda life, state: {field: state.get(field, 0)}, start)
    return found.get(field, [(start, 0.0)])


def _metrics(scaler: Life) -> list[Metric]:
    """Those that were ever measured."""
    found: dict[str, Metric] = {}
    for at, state in scaler.states:
        for each in state.get("metrics", []):
            if each["target"] is not None and each["current"] is not None:
                metric = found.setdefault(each["name"], Metric(each["name"], each["target"], []))
                metric.current.append((at, each["current"]))
    return list(found.values())
