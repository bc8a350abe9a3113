"""Defines `narrative`: what happened, in plain words, from what the objects did and what the events say.

Each teller gives the moments of one side of a recording; moments of one kind that lie close together become one
sentence with a number. Does not define series (`timeline`).
"""

from dataclasses import dataclass

from podzol.elasticity.moments import joined
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.told_events import events, remarks
from podzol.elasticity.told_loads import loads
from podzol.elasticity.told_nodes import nodes
from podzol.elasticity.told_pods import pods
from podzol.elasticity.told_recording import connection, pauses
from podzol.elasticity.told_workloads import jobs, replicas
from podzol.elasticity.words import duration, upper

TELLERS = (remarks, loads, jobs, replicas, pods, nodes, events, connection, pauses)
"""In the order in which things that happen at once are told."""


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
    moments = [moment for teller in TELLERS for moment in teller(timeline) if moment.at >= timeline.start]
    return [Sentence(timeline.since(at), f"{upper(clause)}.") for at, clause in joined(moments)]
