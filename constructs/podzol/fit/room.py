"""Asks: do all workloads together find room, each with as many pods as it may come to have?

The pods are placed one workload after the other, the choosiest and biggest first, on pools at their maximum. A real
scheduler may do a little better or worse, so what finds no room is a warning with numbers, not an error.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from podzol.fit.amounts import Amounts, goes_into
from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, warning
from podzol.fit.gangs import one_a_node, where
from podzol.fit.offers import PoolOffer
from podzol.fit.placement import Placement
from podzol.fit.pods import Pod


@dataclass
class Nodes:
    """Nodes of a pool that have the same left."""

    count: int
    free: dict[str, int]


Room = dict[str, dict[str, list[Nodes]]]
"""What pools at their maximum have left: pool -> kind of node -> nodes."""


def _empty(pools: list[PoolOffer], asked: list[Asked]) -> Room:
    """Empty pools. Of a pool that grows by several machine types the one that most workloads fit on is counted, for it
    is not known which come."""
    liked = Counter(
        (each.pool.name, kind) for one in asked for each in one.fitting for kind in {node.kind for node in each.nodes}
    )
    room: Room = {}
    for pool in pools:
        kinds = pool.nodes
        if pool.autoscaler != "none":
            kinds = (max(pool.nodes, key=lambda node, name=pool.name: liked[name, node.kind]),)  # type: ignore[misc]
        count = 1 if pool.autoscaler == "none" else pool.max
        room[pool.name] = {kind.kind: [Nodes(count, dict(kind.free))] for kind in kinds}
    return room


def _fill(classes: list[Nodes], pods: int, asked: Amounts, at_most_one: bool) -> int:
    """Fill nodes one after the other; gives the pods that are left."""
    for nodes in list(classes):
        if not pods:
            break
        each = goes_into(asked, nodes.free)
        each = min(each, 1) if at_most_one else each
        if not each:
            continue
        full, rest = divmod(min(pods, each * nodes.count), each)
        pods -= full * each + rest
        for count, held in ((full, each), (1 if rest else 0, rest)):
            if count:
                nodes.count -= count
                classes.append(Nodes(count, _less(nodes.free, asked, held)))
        if not nodes.count:
            classes.remove(nodes)
    return pods


def _less(free: Amounts, asked: Amounts, count: int) -> dict[str, int]:
    return {name: amount - asked.get(name, 0) * count for name, amount in free.items()}


def next_to_all_else(asked: list[Asked]) -> Iterator[tuple[Asked, Finding]]:
    """The workloads that don't get all their pods when every one wants its most."""
    pools = [each.pool for each in asked[0].placements] if asked else []
    room, size = _empty(pools, asked), _size(pools)
    for one in sorted(asked, key=lambda each: (len(each.fitting), -size(each.pod))):
        workload, left = one.workload, one.workload.most
        classes = [room[each.pool.name].get(kind) for each in one.fitting for kind in _kinds(each)]
        for some in filter(None, classes):
            left = _fill(some, left, one.pod.room, one_a_node(workload, one.pod))
        if left and any(classes):
            names = ", ".join(where(each.pool) for each in one.fitting)
            found = f"{workload.most - left} of its {workload.most} find room on {names}"
            fix = "raise the pool's max, or let fewer pods run at once"
            yield one, warning("room", f"when all workloads have their most pods, {found}", fix)


def _kinds(placement: Placement) -> list[str]:
    return list(dict.fromkeys(node.kind for node in placement.nodes))


def _size(pools: list[PoolOffer]) -> Callable[[Pod], float]:
    """A measure of pods: the biggest share of any resource of the biggest node."""
    most: dict[str, int] = {}
    for pool in pools:
        for node in pool.nodes:
            for name, amount in node.free.items():
                most[name] = max(most.get(name, 0), amount)
    return lambda pod: max((amount / most[name] for name, amount in pod.room.items() if most.get(name)), default=0.0)
