"""Asks: do all workloads together find room, each with as many pods as it may come to have?

The pods are placed one workload after the other, the choosiest and biggest first, on pools at their maximum. A real
scheduler may do a little better or worse, so what finds no room is a warning with numbers, not an error.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

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


@dataclass
class Room:
    """What the pools of a cluster, all at their maximum, have left."""

    pools: dict[str, dict[str, list[Nodes]]] = field(default_factory=dict)
    """Pool -> kind of node -> nodes."""

    @classmethod
    def of(cls, pools: tuple[PoolOffer, ...]) -> "Room":
        """Empty pools. Of a pool with several machine types one is counted, for it is not known which come."""
        room = cls()
        for pool in pools:
            kinds = pool.nodes if pool.autoscaler == "none" else pool.nodes[:1]
            count = 1 if pool.autoscaler == "none" else pool.max
            room.pools[pool.name] = {kind.kind: [Nodes(count, dict(kind.free))] for kind in kinds}
        return room

    def put(self, pods: int, pod: Pod, at_most_one: bool, placements: list[Placement]) -> int:
        """Place pods where they fit; gives how many found no room."""
        for placement in placements:
            taking = {node.kind for node in placement.nodes}
            for kind, classes in self.pools[placement.pool.name].items():
                if kind in taking or placement.pool.autoscaler != "none":
                    pods = _fill(classes, pods, pod.room, at_most_one)
                if not pods:
                    return 0
        return pods


def _fill(classes: list[Nodes], pods: int, asked: Amounts, at_most_one: bool) -> int:
    """Fill nodes one after the other; gives the pods that are left."""
    for nodes in list(classes):
        each = _fit(nodes.free, asked)
        each = min(each, 1) if at_most_one else each
        if not each or not pods:
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


def next_to_all_else(
    asked: list[tuple[Workload, Pod, tuple[Placement, ...]]], pools: tuple[PoolOffer, ...]
) -> Iterator[tuple[Workload, Finding]]:
    """The workloads that don't get all their pods when every one wants its most."""
    room, size = Room.of(pools), _size(pools)
    placed = [(one, pod, [each for each in where if each.fits]) for one, pod, where in asked]
    placed.sort(key=lambda each: (len(each[2]), -size(each[1])))
    for workload, pod, where in placed:
        if not where or not workload.most:
            continue
        left = room.put(workload.most, pod, bool(pod.ports) or spread.one_a_node(workload), where)
        if left:
            names = ", ".join(f"{each.pool.name} ({each.pool.max} nodes)" for each in where)
            yield (
                workload,
                warning(
                    "room",
                    f"when all workloads have their most pods, {workload.most - left} of its {workload.most} "
                    f"find room on {names}",
                    "raise the pool's max, or let fewer pods run at once",
                ),
            )


def _size(pools: tuple[PoolOffer, ...]) -> Callable[[Pod], float]:
    """A measure of pods: the biggest share of any resource of the biggest node."""
    most: dict[str, int] = {}
    for pool in pools:
        for node in pool.nodes:
            for name, amount in node.free.items():
                most[name] = max(most.get(name, 0), amount)
    return lambda pod: max((amount / most[name] for name, amount in pod.room.items() if most.get(name)), default=0.0)
