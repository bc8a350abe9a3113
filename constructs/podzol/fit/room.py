"""Asks: do all workloads together find room, each with as many pods as it may come to have?

The pods are placed one workload after the other, the choosiest and biggest first, on pools at their maximum. A real
scheduler may do a little better or worse, so what finds no room is a warning with numbers, not an error.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from podzol.fit import spread
from podzol.fit.findings import Finding, warning
from podzol.fit.offers import PoolOffer
from podzol.fit.placement import Placement
from podzol.fit.pods import Pod
from podzol.fit.quantities import Amounts
from podzol.fit.workloads import Workload


@dataclass
class Nodes:
    """Nodes of a pool that have the same left."""

    count: int
    free: dict[str, int]


Room = dict[str, dict[str, list[Nodes]]]
"""What pools at their maximum have left: pool -> kind of node -> nodes."""


def _empty(pools: tuple[PoolOffer, ...], placed: "list[Placed]") -> Room:
    """Empty pools. Of a pool that grows by several machine types the one that most workloads fit on is counted, for it
    is not known which come."""
    liked = Counter(
        (each.pool.name, kind) for one in placed for each in one.where for kind in {node.kind for node in each.nodes}
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
        each = _fit(nodes.free, asked)
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


def _fit(free: Mapping[str, int], asked: Amounts) -> int:
    return max(0, min(free.get(name, 0) // amount for name, amount in asked.items() if amount > 0))


def _less(free: Mapping[str, int], asked: Amounts, count: int) -> dict[str, int]:
    return {name: amount - asked.get(name, 0) * count for name, amount in free.items()}


class Placed(NamedTuple):
    """A workload and the pools that take it."""

    workload: Workload
    pod: Pod
    where: list[Placement]


def next_to_all_else(
    asked: list[tuple[Workload, Pod, tuple[Placement, ...]]], pools: tuple[PoolOffer, ...]
) -> Iterator[tuple[Workload, Finding]]:
    """The workloads that don't get all their pods when every one wants its most."""
    placed = [Placed(one, pod, [each for each in where if each.fits]) for one, pod, where in asked]
    room, size = _empty(pools, placed), _size(pools)
    for workload, pod, where in sorted(placed, key=lambda each: (len(each.where), -size(each.pod))):
        classes = [
            room[each.pool.name][kind] for each in where for kind in _kinds(each) if kind in room[each.pool.name]
        ]
        left, at_most_one = workload.most, bool(pod.ports) or spread.one_a_node(workload)
        for some in classes:
            left = _fill(some, left, pod.room, at_most_one)
        if left and classes:
            names = ", ".join(f"{each.pool.name} ({each.pool.max} nodes)" for each in where)
            found = f"{workload.most - left} of its {workload.most} find room on {names}"
            yield (
                workload,
                warning(
                    "room",
                    f"when all workloads have their most pods, {found}",
                    "raise the pool's max, or let fewer pods run at once",
                ),
            )


def _kinds(placement: Placement) -> list[str]:
    return list(dict.fromkeys(node.kind for node in placement.nodes))


def _size(pools: tuple[PoolOffer, ...]) -> Callable[[Pod], float]:
    """A measure of pods: the biggest share of any resource of the biggest node."""
    most: dict[str, int] = {}
    for pool in pools:
        for node in pool.nodes:
            for name, amount in node.free.items():
                most[name] = max(most.get(name, 0), amount)
    return lambda pod: max((amount / most[name] for name, amount in pod.room.items() if most.get(name)), default=0.0)
