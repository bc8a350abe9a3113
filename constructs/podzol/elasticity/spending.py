"""Defines what the nodes of a recording cost, from the list prices of `podzol.clusters`.

A node costs from when it was ordered until it is gone, the part inside the recording. Disks, traffic and the control
plane aren't counted. Does not define what a platform costs over months.
"""

from dataclasses import dataclass
from functools import cache

from podzol.clusters import machines
from podzol.clusters.machines import Machine
from podzol.clusters.spec import Accelerator
from podzol.elasticity.lanes import Lane
from podzol.elasticity.lives import Step
from podzol.elasticity.timeline import Timeline

HOUR = 3600.0


@dataclass(frozen=True)
class Spending:
    """US dollars."""

    by_pool: dict[str, float]
    so_far: list[Step]
    """In all, as corners of a line."""
    unpriced: dict[str, int]
    """Machine types without a known price, and how many nodes are of it."""

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.by_pool.values())


def spending(timeline: Timeline) -> Spending:
    """What the nodes cost within the recording."""
    by_pool: dict[str, float] = {}
    unpriced: dict[str, int] = {}
    rates: list[Step] = []
    for lane in timeline.lanes:
        usd = price(lane)
        since = max(lane.ordered, timeline.start)
        if usd is None:
            machine = lane.node.last.get("machine") or "unknown"
            unpriced[machine] = unpriced.get(machine, 0) + 1
            continue
        by_pool[lane.pool] = by_pool.get(lane.pool, 0.0) + usd * (lane.gone - since) / HOUR
        rates += [(since, usd), (lane.gone, -usd)]
    return Spending(by_pool, _summed(rates, timeline), unpriced)


def price(lane: Lane) -> float | None:
    """Dollars an hour of a node; None when its machine or its price isn't known."""
    state = lane.node.last
    machine = known_machine(state.get("machine", ""))
    if machine is None:
        return None
    gpus = state.get("offers", {}).get("gpus", 0)
    attached = Accelerator(type=machine.attaches, count=gpus) if machine.attaches and gpus else None
    return machine.price_usd("spot" if state.get("spot") else "on-demand", attached)


@cache
def known_machine(name: str) -> Machine | None:
    """A machine by its instance type; locally the pool's name may stand behind it (`m7i.large.cpu-pool`)."""
    known = {**machines("eks"), **machines("gke")}
    return known.get(name) or known.get(name.rpartition(".")[0])


def _summed(rates: list[Step], timeline: Timeline) -> list[Step]:
    """Dollars so far at each change of the rate, and at the end."""
    corners: list[Step] = [(timeline.start, 0.0)]
    rate = 0.0
    for at, change in [*sorted(rates), (timeline.end, 0.0)]:
        before, total = corners[-1]
        corners.append((at, total + rate * (at - before) / HOUR))
        rate += change
    return corners
