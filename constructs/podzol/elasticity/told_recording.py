"""Defines what is told of the recording itself: that the API server was away, or that nobody recorded."""

from collections.abc import Iterator
from itertools import pairwise

from podzol.elasticity.moments import Moment
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import duration


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
