"""Defines `answer`: what the ready pods of a service make of the load offered to it. Pure.

The load is shared evenly, as kube-proxy picks an endpoint at random for each connection
(https://kubernetes.io/docs/reference/networking/virtual-ips/, 2026-11-23). What is more than a pod can do isn't handed
to another one: it is unserved. Nothing is retried and nothing is stored from one moment to the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from podzol.local.load.queue import PATIENCE_SECONDS, response_seconds


@dataclass(frozen=True)
class Answer:
    """A moment of a service; rates are requests a second."""

    offered: float
    served: float
    cpu_cores: dict[str, float]
    """Pod -> CPU it uses."""
    utilisation: float
    """CPU used by all pods, of the CPU that they may use: 0 to 1; 1 where nobody is there to serve."""
    latency_seconds: float | None
    """Mean response time of what is served; None when nothing is."""

    @property
    def unserved(self) -> float:
        """What nobody could do."""
        return self.offered - self.served


def answer(
    offered: float, cost_core_seconds: float, capacities: Mapping[str, float], patience: float = PATIENCE_SECONDS
) -> Answer:
    """What the pods make of it.

    Args:
        offered: requests a second.
        cost_core_seconds: CPU that a request takes, above 0.
        capacities: pod that requests are sent to -> cores that it may use; 0 of a pod that doesn't answer.
    """
    if not capacities:
        return Answer(offered, 0.0, {}, float(offered > 0), None)
    share = offered / len(capacities)
    served = {pod: min(share, cores / cost_core_seconds) for pod, cores in capacities.items()}
    may_use = sum(capacities.values())
    cpu = {pod: min(rate * cost_core_seconds, capacities[pod]) for pod, rate in served.items()}
    total = min(sum(served.values()), offered)
    spent = sum(
        rate * response_seconds(share, cost_core_seconds, capacities[pod], patience)
        for pod, rate in served.items()
        if rate
    )
    return Answer(
        offered,
        total,
        cpu,
        utilisation=sum(cpu.values()) / may_use if may_use else float(offered > 0),
        latency_seconds=spent / sum(served.values()) if total else None,
    )
