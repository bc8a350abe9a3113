"""Defines the pictures of a report as data: what each shows, before anything is drawn.

The page draws them as SVG (`page`), the Markdown form as PNG (`png`), from the same `Picture`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from podzol.elasticity.lives import Step, value_at
from podzol.elasticity.scales import busiest
from podzol.elasticity.spending import Spending
from podzol.elasticity.states import PHASES
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import duration, number

PHASE_COLOURS = dict(zip(PHASES, ("blue", "grey", "orange", "red", "brown", "green"), strict=True))
POOL_COLOURS = ("blue", "orange", "green", "purple", "teal", "brown")
"""Taken in turn."""

MOST_LOADS = 6
"""Loads with pictures of their own."""
COLUMNS = 400
"""As many as a picture has; more steps than that can't be seen."""


@dataclass(frozen=True)
class Line:
    """A value over time."""

    name: str
    steps: list[Step]
    """Seconds since the recording began, and the value."""
    colour: str
    dashed: bool = False
    """A wish or a target rather than what is."""


@dataclass(frozen=True)
class Picture:
    """Lines over time, or areas on top of each other."""

    key: str
    """Tells it from others, and is the name of its file."""
    title: str
    unit: str
    """Of the values: nodes, pods, %, $ ..."""
    lines: list[Line]
    stacked: bool = False
    sloped: bool = False
    """Corners of a line rather than steps."""
    whole: bool = True
    """Values are whole numbers."""
    log: bool = False
    """Values differ by powers of ten; where one is 0, there is none, and the line has a gap."""
    seconds: float = 0.0
    """How long the recording is."""

    @property
    def layers(self) -> list[Line]:
        """The lines as they are drawn, wishes under what is: where both agree, one sees what is."""
        return sorted(self.lines, key=lambda line: not line.dashed)

    @property
    def highest(self) -> float:
        """The highest value that has to fit."""
        if not self.stacked:
            return max((value for line in self.lines for _, value in line.steps), default=0.0)
        moments = {at for line in self.lines for at, _ in line.steps}
        return max((sum(value_at(line.steps, at) for line in self.lines) for at in moments), default=0.0)

    @property
    def lowest(self) -> float:
        """The lowest value above 0 that has to fit, where there is one."""
        return min((value for line in self.lines for _, value in line.steps if value > 0), default=1.0)

    @property
    def said(self) -> str:
        """What it shows, for those who can't see it."""
        return f"{self.title}. " + " ".join(
            f"{line.name}: {said_range(line.steps)}, {number(line.steps[-1][1])} at the end." for line in self.lines
        )


def pictures(timeline: Timeline, spent: Spending) -> list[Picture]:
    """Every picture that a recording has something for, but the lanes."""
    return list(_pictures(timeline, spent))


def _pictures(timeline: Timeline, spent: Spending) -> Iterator[Picture]:
    def steps(absolute: Sequence[Step]) -> list[Step]:
        return thinned([(timeline.since(at), value) for at, value in absolute], timeline.seconds)

    def picture(key: str, title: str, unit: str, lines: list[Line], **how: bool) -> Picture:
        return Picture(re.sub(r"[^A-Za-z0-9.-]+", "-", key), title, unit, lines, seconds=timeline.seconds, **how)

    pools = sorted(timeline.nodes_by_pool.items())
    lines = [
        Line(name, steps(values), POOL_COLOURS[index % len(POOL_COLOURS)]) for index, (name, values) in enumerate(pools)
    ]
    if lines:
        yield picture("nodes", "Nodes in each pool", "ready nodes", lines, stacked=True)
    phases = [Line(name, steps(values), PHASE_COLOURS[name]) for name, values in timeline.pods_by_phase.items()]
    if phases:
        yield picture("pods", "Pods by phase", "pods", phases, stacked=True)
    shown = busiest(timeline.scales)
    names = Counter(scale.name for scale in shown)
    for scale in shown:
        name = scale.name if names[scale.name] == 1 else f"{scale.name} in {scale.namespace}"
        replicas = [
            Line("ready", steps(scale.ready), "blue"),
            Line("wanted", steps(scale.wanted), "orange", dashed=True),
        ]
        yield picture(f"replicas-{name}", f"Replicas of {name}", "replicas", replicas)
        for metric in scale.metrics:
            unit = "% of the request" if metric.name in ("cpu", "memory") else metric.name
            both = [
                Line("measured", steps(metric.current), "blue"),
                Line("target", [(0.0, metric.target)], "orange", dashed=True),
            ]
            measured = "CPU" if metric.name == "cpu" else metric.name
            title = f"{measured} of {name} against its target"
            yield picture(f"{metric.name}-{name}", title, unit, both, whole=False)
    for load in timeline.loads[:MOST_LOADS]:
        both = [
            Line("served", steps(load.served), "blue"),
            Line("offered", steps(load.offered), "orange", dashed=True),
        ]
        yield picture(f"load-{load.name}", f"Load on {load.name}", load.unit, both, whole=False)
        if any(value for _, value in load.latency):
            taken = [(at, 1000 * value) for at, value in load.latency]
            lines = [Line("mean", steps(taken), "purple")]
            yield picture(f"latency-{load.name}", f"Response time of {load.name}", "milliseconds", lines, log=True)
    if offered := timeline.gpus.get("offered"):
        used = timeline.gpus.get("used", [(timeline.start, 0.0)])
        both = [Line("used by pods", steps(used), "blue"), Line("idle", steps(rest(offered, used)), "grey")]
        yield picture("gpus", "GPUs, used and idle", "GPUs of ready nodes", both, stacked=True)
    if spent.total:
        so_far = [Line("all nodes", steps(spent.so_far), "purple")]
        yield picture("cost", "Cost so far", "US dollars", so_far, sloped=True, whole=False)


def rest(all_of: list[Step], part: list[Step]) -> list[Step]:
    """What is left of something when a part of it is taken, as steps."""
    moments = sorted({at for steps in (all_of, part) for at, _ in steps})
    return [(at, max(0.0, value_at(all_of, at) - value_at(part, at))) for at in moments]


def thinned(steps: list[Step], seconds: float) -> list[Step]:
    """Of the steps within one column of the picture, those to the least, to the highest and to the last value."""
    if len(steps) <= COLUMNS:
        return steps
    kept: list[Step] = []
    for _, column in groupby(steps, key=lambda step: int(COLUMNS * step[0] / seconds)):
        inside = list(column)
        kept += sorted({min(inside, key=by_value), max(inside, key=by_value), inside[-1]})
    return kept


def by_value(step: Step) -> float:
    """For the least and the highest of steps."""
    return step[1]


def said_range(steps: Sequence[Step]) -> str:
    """Least and most of a line, and when it was highest first."""
    values = [value for _, value in steps]
    low, high = min(values), max(values)
    if low == high:
        return f"{number(low)} throughout"
    first = next(at for at, value in steps if value == high)
    return f"{number(low)} to {number(high)}, highest at {duration(first)}"
