"""Defines what is told of the rest: loads, remarks, events that no object's state shows, and a server that is away."""

from collections.abc import Iterator
from itertools import pairwise

from podzol.elasticity.lives import lives
from podzol.elasticity.moments import Moment
from podzol.elasticity.records import seconds
from podzol.elasticity.timeline import Load, Timeline
from podzol.elasticity.words import duration, number

TOLD = {
    "TriggeredScaleUp": "the Cluster Autoscaler adds nodes for {name}",
    "NotTriggerScaleUp": "the Cluster Autoscaler can't help {name}: {message}",
    "ScaleDown": "the Cluster Autoscaler removes {name}",
    "SpotInterrupted": "the cloud takes the spot machine of {name} back",
    "Preempting": "{name} gives way: {message}",
}
"""Reason of an event -> clause. Sources: the Cluster Autoscaler's FAQ ("What events are emitted by CA?"), and
https://karpenter.sh/docs/troubleshooting/ (2026-11-23)."""
SHOWN_OTHERWISE = (
    "FailedScheduling",
    "FailedDraining",
    "Evicted",
    "FailedGetResourceMetric",
    "FailedGetContainerResourceMetric",
    "FailedComputeMetricsReplicas",
    "BackoffLimitExceeded",
    "NodeNotReady",
    "FailedToUpdateEndpointSlices",
    "InvalidDiskCapacity",
)
"""Warnings that the states of objects tell better, or that pass by themselves."""
JUMP = 0.4
"""Of its whole range; a load is told of when it has changed by as much."""


def events(timeline: Timeline) -> Iterator[Moment]:
    """Events with something to say, and every warning that isn't told otherwise."""
    for event in lives(timeline.records, "Event"):
        state = event.last
        reason, warning = state.get("reason", ""), state.get("type") == "Warning"
        if reason in SHOWN_OTHERWISE or not (warning or reason in TOLD) or event.namespace == "kube-system":
            continue
        if (seconds(state.get("last")) or event.began) < timeline.start - 1:
            continue
        name = state.get("about_name", "")
        about = timeline.short_names.get(name, f"{state.get('about', '')} {name}".strip())
        told = TOLD.get(reason, "{name}: {message}")
        clause = told.format(name=about, message=state.get("message", "").rstrip("."))
        many = told.format(name=f"{{n}} times {state.get('about', '')}", message=state.get("message", "").rstrip("."))
        yield Moment(event.began, clause, many.replace("{n} times", "{n}×"), f"{reason} {state.get('about')}")


def loads(timeline: Timeline) -> Iterator[Moment]:
    """A load jumps; not all of it is served; all of it is again."""
    for load in timeline.loads:
        yield from jumps(load)
        short = False
        for (at, offered), (_, served) in zip(load.offered, load.served, strict=True):
            if not short and served < offered * 0.99:
                yield Moment(
                    at, f"the service {load.name} serves {number(served)} of {number(offered)} requests a second"
                )
            elif short and served >= offered * 0.99:
                yield Moment(at, f"the service {load.name} serves all of its requests again")
            short = served < offered * 0.99


def jumps(load: Load) -> Iterator[Moment]:
    """The load from level to level."""
    values = [value for _, value in load.offered]
    told, span = values[0], max(values) - min(values)
    if told:
        yield Moment(load.offered[0][0], f"a load of {number(told)} requests a second on {load.name} begins")
    for at, value in load.offered[1:]:
        if span and abs(value - told) >= JUMP * span:
            yield Moment(at, f"the load on {load.name} goes from {number(told)} to {number(value)} requests a second")
            told = value


def remarks(timeline: Timeline) -> Iterator[Moment]:
    """What whoever recorded it had to say (kind `Note`)."""
    for record in timeline.records:
        if record.kind == "Note" and record.fields.get("text"):
            yield Moment(record.at, record.fields["text"].rstrip("."))


def connection(timeline: Timeline) -> Iterator[Moment]:
    """The API server could not be reached, and when all was seen again."""
    away: set[str] = set()
    since = 0.0
    for record in timeline.records:
        what = record.fields.get("what") if record.kind == "Watch" else ""
        if what == "lost":
            since = since if away else record.at
            away.add(record.name)
        elif what == "resumed" and record.name in away:
            away.remove(record.name)
            if not away:
                gap = duration(record.at - since)
                yield Moment(
                    since, f"the API server can't be reached for {gap}; what changed then is told when it was seen"
                )
    if away:
        yield Moment(since, "the API server can't be reached any more")


def pauses(timeline: Timeline) -> Iterator[Moment]:
    """Between two recorders of one recording."""
    for before, record in pairwise(timeline.records):
        if record.kind == "Run" and record.fields["what"] == "started":
            gap = duration(record.at - before.at)
            yield Moment(before.at, f"nothing is recorded for {gap}; what changed then is told when it was seen")
