"""Defines the picture of lanes: a lane a node, when it was ordered, ready and gone, and the pods that were on it.

Does not define the lines and areas (`pictures`).
"""

from dataclasses import dataclass

from podzol.elasticity.pictures import POOL_COLOURS
from podzol.elasticity.timeline import Bar, Lane, Timeline
from podzol.elasticity.told_objects import whose
from podzol.elasticity.words import duration, several

MOST_LANES = 40
MOST_ROWS = 8
"""Pods on top of each other in a lane; a node of a real cluster may have a hundred."""


@dataclass(frozen=True)
class BarView:
    """A pod in its lane; places are percent of the time axis."""

    left: float
    width: float
    colour: str
    text: str
    said: str


@dataclass(frozen=True)
class LaneView:
    """A lane, ready for the template."""

    name: str
    machine: str
    ordered: float
    ready: float | None
    gone: float
    """Percent of the time axis."""
    said: str
    rows: list[list[BarView]]
    more: int
    """Pods that found no place in the picture."""


def lane_views(timeline: Timeline, seconds: float) -> tuple[list[LaneView], int]:
    """The lanes to draw, and how many nodes there are besides."""
    shown = timeline.lanes[:MOST_LANES]
    owners = dict.fromkeys(whose(bar.pod) for lane in shown for bar in lane.bars)
    colours = {owner: POOL_COLOURS[index % len(POOL_COLOURS)] for index, owner in enumerate(owners)}
    return [_view(timeline, lane, colours, seconds) for lane in shown], len(timeline.lanes) - len(shown)


def _view(timeline: Timeline, lane: Lane, colours: dict[str, str], seconds: float) -> LaneView:
    def percent(at: float) -> float:
        return round(100 * min(max(timeline.since(at), 0.0), seconds) / seconds, 3)

    rows: list[list[Bar]] = []
    more = 0
    for bar in sorted(lane.bars, key=lambda bar: bar.since):
        free = next((row for row in rows if row[-1].until <= bar.since), None)
        if free is not None:
            free.append(bar)
        elif len(rows) < MOST_ROWS:
            rows.append([bar])
        else:
            more += 1

    def view(bar: Bar) -> BarView:
        owner = whose(bar.pod)
        times = f"{duration(timeline.since(bar.since))} to {duration(timeline.since(bar.until))}"
        left = percent(bar.since)
        return BarView(left, percent(bar.until) - left, colours[owner], owner, f"{bar.pod.name}, {times}")

    ready = lane.ready and max(lane.ready, timeline.start)
    said = f"{lane.node.name}: {several(len(lane.bars), 'pod')}, there until {duration(timeline.since(lane.gone))}"
    return LaneView(
        lane.name,
        lane.node.last.get("machine", "") + (" (spot)" if lane.node.last.get("spot") else ""),
        percent(lane.ordered),
        None if ready is None else percent(ready),
        percent(lane.gone),
        said,
        [[view(bar) for bar in row] for row in rows],
        more,
    )
