"""Asks: do all pods that a workload may have at once find room, on otherwise empty pools at their maximum?

Does not ask whether they do next to all else: `room.py` does.
"""

from collections.abc import Iterator

from podzol.fit import spread
from podzol.fit.amounts import goes_into
from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, error, warning
from podzol.fit.offers import NodeOffer, PoolOffer
from podzol.fit.placement import Placement
from podzol.fit.pods import Pod
from podzol.fit.workload import Workload


def as_a_whole(asked: Asked) -> Iterator[Finding]:
    """Whether the pods fit together: what can't wait for each other is an error, what can is a warning."""
    workload, fitting = asked.workload, asked.fitting
    if workload.most <= 1 or workload.kind == "DaemonSet":
        return
    together = sum(pods_in(workload, asked.pod, each) for each in fitting)
    pools = ", ".join(where(each.pool) for each in fitting)
    if not fitting or workload.most <= together:
        return
    say = f"{together} of them fit on {pools}"
    if workload.hpa and workload.pods <= together:
        yield error(
            "gangs", f"its HPA may make {workload.most} pods; {say}", "lower maxReplicas or raise the pool's max"
        )
    elif workload.kind in ("Job", "CronJob") and not workload.gang:
        yield warning(
            "gangs", f"runs {workload.most} pods at once; {say}, the rest wait", "lower parallelism to what fits"
        )
    else:
        needs = "needs all of its" if workload.gang else "has"
        yield error("gangs", f"{needs} {workload.most} pods at once; {say}", "ask for fewer or raise the pool's max")


def pods_in(workload: Workload, pod: Pod, placement: Placement) -> int:
    """Pods of the workload that an empty pool holds at its maximum, on the kind of node that takes most."""
    each_node = [pods_a_node(workload, pod, node) for node in placement.nodes]
    if placement.pool.autoscaler == "none":
        return sum(each_node)
    return max(each_node, default=0) * placement.pool.max


def pods_a_node(workload: Workload, pod: Pod, node: NodeOffer) -> int:
    """How many pods of the workload one node holds."""
    fit = goes_into(pod.room, node.free)
    return min(fit, 1) if one_a_node(workload, pod) else fit


def one_a_node(workload: Workload, pod: Pod) -> bool:
    """Whether no two pods of the workload can be on one node: for their host ports, or since they keep apart."""
    return bool(pod.ports) or spread.one_a_node(workload)


def where(pool: PoolOffer) -> str:
    """A pool in reasons, with the nodes that it may have."""
    return f"{pool.name} ({pool.max} nodes)"
