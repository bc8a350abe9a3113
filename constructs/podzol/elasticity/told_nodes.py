"""Defines what is told of nodes: a machine is ordered, comes, stops answering, is emptied, goes."""

from collections.abc import Iterator
from itertools import pairwise

from podzol.elasticity.lanes import Lane
from podzol.elasticity.lives import Life, value_at
from podzol.elasticity.moments import Moment
from podzol.elasticity.states import OTHER_POOL, pool
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import duration, several

DISRUPTED_TAINT = "karpenter.sh/disrupted"
"""On a node that Karpenter empties. Source: https://karpenter.sh/docs/concepts/disruption/ (2026-11-23)."""
FLICKER_SECONDS = 2.0
"""That a node is emptied isn't told of when it is gone within this time."""
WHY = {
    "empty": "nothing runs on it",
    "underutilized": "its pods fit elsewhere",
    "drifted": "it no longer is as its pool says",
    "expired": "it has reached its age",
}
"""Karpenter's reason, in small letters -> why a node goes.
Source: https://karpenter.sh/docs/concepts/disruption/#automated-graceful-methods (2026-11-23)."""


def nodes(timeline: Timeline) -> Iterator[Moment]:
    """Every order of Karpenter's, then each side of every node's life."""
    for claim in timeline.claims:
        if timeline.new(claim):
            yield ordered(claim)
    decided = disruptions(timeline)
    for lane in timeline.lanes:
        yield from comes(timeline, lane)
        yield from stops(lane)
        yield from emptied(timeline, lane, decided.get(lane.node.name, ""))
        yield from goes(timeline, lane)


def ordered(claim: Life) -> Moment:
    """Karpenter asks for a machine."""
    machine = next((state["machine"] for _, state in claim.states if state.get("machine")), "machine")
    where = named(pool(claim.states[0][1]))
    one = f"Karpenter adds a node ({machine}) to {where}"
    return Moment(claim.began, one, f"ordered {where}", lambda n: f"Karpenter adds {n} nodes to {where}")


def comes(timeline: Timeline, lane: Lane) -> Iterator[Moment]:
    """Its machine has joined, and takes pods."""
    if lane.ready and lane.ready > timeline.start:
        where, waited = named(lane.pool), lane.ready - lane.ordered
        after = f", {duration(waited)} after it was ordered" if waited > 1 else ""
        one = f"{lane.words} is ready{after}"
        yield Moment(lane.ready, one, f"comes {where}", lambda n: f"{n} nodes of {where} are ready")


def stops(lane: Lane) -> Iterator[Moment]:
    """It isn't Ready any more, though nobody empties it; or it is again."""
    leaves, where = leaving(lane.node), named(lane.pool)
    for at, ready in turns(lane.node):
        if leaves and leaves <= at:
            return
        if ready:
            one = f"{lane.words} answers again"
            yield Moment(at, one, f"answers {where}", lambda n: f"{n} nodes of {where} answer again")
        else:
            one = f"{lane.words} doesn't answer any more"
            yield Moment(at, one, f"stops {where}", lambda n: f"{n} nodes of {where} don't answer any more")


def emptied(timeline: Timeline, lane: Lane, reason: str) -> Iterator[Moment]:
    """Somebody drains it; Karpenter says why."""
    leaves, where = leaving(lane.node), named(lane.pool)
    if leaves and (lane.node.ended or timeline.end) - leaves > FLICKER_SECONDS:
        if reason:
            why = WHY.get(reason, reason)
            one = f"Karpenter takes {lane.words} away: {why}"
            yield Moment(
                leaves, one, f"emptied {where} {why}", lambda n: f"Karpenter takes {n} nodes of {where} away: {why}"
            )
        else:
            one = f"{lane.words} is being emptied"
            yield Moment(leaves, one, f"emptied {where}", lambda n: f"{n} nodes of {where} are being emptied")


def goes(timeline: Timeline, lane: Lane) -> Iterator[Moment]:
    """It is gone; with how many are left."""
    if lane.node.ended:
        where = named(lane.pool)
        left = value_at(timeline.nodes_by_pool.get(lane.pool, []), lane.node.ended)
        rest = f"{where} has {several(left, 'node')} now"
        yield Moment(
            lane.node.ended, f"{lane.words} is gone; {rest}", f"goes {where}", lambda n: f"{n} nodes are gone; {rest}"
        )


def disruptions(timeline: Timeline) -> dict[str, str]:
    """Why Karpenter takes nodes away, by node, from its events `Disrupting Node: Empty`."""
    said = [record.fields for record in timeline.records if record.kind == "Event"]
    return {
        fields.get("about_name", ""): fields.get("message", "").rpartition(": ")[2].lower()
        for fields in said
        if fields.get("reason") == "DisruptionTerminating" and fields.get("about") == "Node"
    }


def leaving(node: Life) -> float | None:
    """When it was first marked to go."""
    return node.first(lambda state: state.get("leaving") or DISRUPTED_TAINT in state.get("taints", []))


def turns(node: Life) -> Iterator[tuple[float, bool]]:
    """When a node that was ready stopped being so, and when it was ready again."""
    states = [(at, bool(state.get("ready"))) for at, state in node.states]
    since = next((index for index, (_, ready) in enumerate(states) if ready), len(states))
    for (_, before), (at, ready) in pairwise(states[since:]):
        if ready != before:
            yield at, ready


def named(pool: str) -> str:
    """A pool in a sentence."""
    return "the cluster" if pool == OTHER_POOL else pool
