"""Defines how lanes are drawn: where each node and each of its pods stands, and which are shown when there are many.

Does not define the lines and areas (`pictures`), nor what a lane is (`lanes`).
"""

from dataclasses import dataclass

from podzol.elasticity.lanes import Bar, Lane
from podzol.elasticity.pictures import POOL_COLOURS
from podzol.elasticity.states import whose
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import duration, several

MOST_LANES = 40
MOST_ROWS = 8
"""Pods on top of each other in a lane; a node of a real cluster may have a hundred."""
ALL_ROWS = 120
"""Of all lanes together, so that many lanes stay a picture that one can look at."""


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
    shown = _shown(timeline)
    owners = dict.fromkeys(whose(bar.pod) for lane in shown for bar in lane.bars)
    colours = {owner: POOL_COLOURS[index % len(POOL_COLOURS)] for index, owner in enumerate(owners)}
    most_rows = max(1, min(MOST_ROWS, ALL_ROWS // max(1, len(shown))))
    views = [_view(timeline, lane, colours, seconds, most_rows) for lane in shown]
    return views, len(timeline.lanes) - len(shown)


def _shown(timeline: Timeline) -> list[Lane]:
    """Of many nodes those that came or went, or else held the most pods."""

    def dull(lane: Lane) -> tuple[bool, int]:
        return not timeline.new(lane.node) and lane.node.ended is None, -len(lane.bars)

    chosen = sorted(timeline.lanes, key=dull)[:MOST_LANES]
    return [lane for lane in timeline.lanes if lane in chosen]


def _view(timeline: Timeline, lane: Lane, colours: dict[str, str], seconds: float, most_rows: int) -> LaneView:
    def percent(at: float) -> float:
        return round(100 * min(max(timeline.since(at), 0.0), seconds) / seconds, 3)

    rows: list[list[Bar]] = []
    more = 0
    for bar in sorted(lane.bars, key=lambda bar: bar.since):
        free = next((row for row in rows if row[-1].until <= bar.since), None)
        if free is not None:
            free.append(bar)
        elif len(rows) < most_rows:
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
