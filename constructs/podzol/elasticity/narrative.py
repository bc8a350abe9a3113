"""Defines `narrative`: what happened, in plain words, from what the objects did and what the events say.

Each teller gives the moments of one side of a recording; moments of one kind that lie close together become one
sentence with a number. Of a large cluster not everything can be told: sides with too much are left out, and named.
Does not define series (`timeline`).
"""

from dataclasses import dataclass

from podzol.elasticity.moments import TOGETHER_SECONDS, joined
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.told_events import events, remarks
from podzol.elasticity.told_loads import loads
from podzol.elasticity.told_nodes import nodes
from podzol.elasticity.told_pods import pods
from podzol.elasticity.told_recording import connection, pauses
from podzol.elasticity.told_workloads import jobs, replicas
from podzol.elasticity.words import duration, listed, upper

TELLERS = (remarks, loads, jobs, replicas, pods, nodes, events, connection, pauses)
"""In the order in which things that happen at once are told."""
MOST = 400
"""Sentences."""


@dataclass(frozen=True)
class Sentence:
    """A line of the narrative."""

    seconds: float
    """Since the recording began."""
    text: str

    def __str__(self) -> str:
        return f"{duration(self.seconds)}: {self.text}"


def narrative(timeline: Timeline) -> list[Sentence]:
    """The story of a recording, in order."""
    together = max(TOGETHER_SECONDS, timeline.seconds / MOST)
    sides = {
        teller.__name__: joined((moment for moment in teller(timeline) if moment.at >= timeline.start), together)
        for teller in TELLERS
    }
    left_out = []
    while sum(map(len, sides.values())) > MOST:
        side = max(sides, key=lambda name: len(sides[name]))
        left_out.append(f"{side} ({len(sides.pop(side)):,} sentences)")
    told = sorted((each for side in sides.values() for each in side), key=lambda each: each[0])
    if left_out:
        told.insert(0, (timeline.start, f"too much happens to tell all of it: {listed(left_out)} are left out"))
    return [Sentence(timeline.since(at), f"{upper(clause)}.") for at, clause in told]
