"""Defines `Claim`, a sentence about a run with its check, and the claims that scenarios are made of. Pure.

A check looks at the timeline of the recording, as the report does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from podzol.elasticity.states import pool
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import duration, number, several
from podzol.scenarios.points import Point, job, scale

CLOCK_SECONDS = 0.5
"""Two watches bring changes of the same moment in either order."""


@dataclass(frozen=True)
class Found:
    """What a look at a run gives."""

    against: str = ""
    """What speaks against the claim; empty: nothing."""
    measured: str = ""
    """A figure that goes with it."""


@dataclass(frozen=True)
class Claim:
    """What a scenario says will happen."""

    sentence: str
    look: Callable[[Timeline], Found]


@dataclass(frozen=True)
class Verdict:
    """A claim after the run."""

    sentence: str
    found: Found

    @property
    def held(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.found.against


def judged(claims: list[Claim], timeline: Timeline) -> list[Verdict]:
    """Every claim, looked at."""
    return [Verdict(claim.sentence, claim.look(timeline)) for claim in claims]


def in_order(*points: Point) -> Claim:
    """One after the other."""

    def look(timeline: Timeline) -> Found:
        known: list[tuple[Point, float]] = []
        for point in points:
            when = point.find(timeline)
            if when is None:
                return Found(f"not seen: {point.words}")
            known.append((point, when))
        for (one, before), (other, after) in pairwise(known):
            if after < before - CLOCK_SECONDS:
                return Found(f"{at(timeline, other.words, after)}, but {at(timeline, one.words, before)}")
        return Found(measured=" → ".join(f"{timeline.since(when):.0f} s" for _, when in known))

    first, *rest = [point.words for point in points]
    return Claim(f"{first}, then {', then '.join(rest)}", look)


def within(seconds: float, begun: Point, ended: Point) -> Claim:
    """Not longer from one to the other."""

    def look(timeline: Timeline) -> Found:
        since, until = begun.find(timeline), ended.find(timeline)
        if since is None or until is None:
            return Found(f"not seen: {(begun if since is None else ended).words}")
        took = f"{max(0.0, until - since):.1f} s"
        return Found(f"it took {took}") if until - since > seconds else Found(measured=took)

    return Claim(f"from when {begun.words} until {ended.words} it takes {duration(seconds)} at most", look)


def pool_from_to(name: str, least: int, grown: int, most: int) -> Claim:
    """A pool begins at its least, grows to so many nodes or more, never beyond its most, and ends at its least."""

    def look(timeline: Timeline) -> Found:
        steps = timeline.nodes_by_pool.get(name, [(timeline.start, 0.0)])
        values = [value for _, value in steps]
        first = next((value for when, value in reversed(steps) if when <= timeline.listed), values[0])
        if first != least:
            return Found(f"{name} began with {several(first, 'node')}")
        if not grown <= max(values) <= most:
            return Found(f"{name} never had more than {several(max(values), 'node')}")
        if values[-1] != least:
            return Found(f"{name} ended with {several(values[-1], 'node')}")
        return Found(measured=f"{number(max(values))} at most")

    bound = f"grows to {grown} or more but never above {most}" if grown < most else f"grows to {most}"
    if grown == least:
        return Claim(f"{name} stays at {least}" + (f", or below {most}" if most > least else ""), look)
    return Claim(f"{name} begins at {least}, {bound}, and ends at {least}", look)


def replicas_from_to(release: str, least: int, grown: int, most: int) -> Claim:
    """A service has so many replicas ready or more, never wants more than its most, and ends with its least."""

    def look(timeline: Timeline) -> Found:
        found = scale(timeline, release)
        if not found:
            return Found(f"{release} has no replicas")
        ready, wanted = ([value for _, value in steps] for steps in (found.ready, found.wanted))
        if max(ready) < grown or max(wanted) > most:
            return Found(f"{number(max(ready))} were ready at most, {number(max(wanted))} wanted")
        if not ready[-1] == wanted[-1] == least:
            return Found(f"it ended with {number(ready[-1])} ready, {number(wanted[-1])} wanted")
        return Found(measured=f"{number(max(ready))} at most")

    return Claim(f"{release} grows to {grown} ready replicas or more, never above {most}, and ends at {least}", look)


def job_in_one_go(release: str) -> Claim:
    """The Job completes and none of its pods failed."""

    def look(timeline: Timeline) -> Found:
        found = job(timeline, release)
        if not found or not found.last.get("complete"):
            return Found(f"the job {found.name} is not complete" if found else "no job was seen")
        failed = found.last.get("failed", 0)
        return Found(f"{number(failed)} of its pods failed" if failed else "")

    return Claim(f"the job of {release} completes without a failed pod", look)


def only_on(of_pool: str, release: str) -> Claim:
    """Pods of a release run on nodes of this pool, and nowhere else."""

    def look(timeline: Timeline) -> Found:
        astray = [
            f"{pod} on {node}" for pod, node, its, there in placed(timeline) if its == release and there != of_pool
        ]
        return Found(", ".join(astray))

    return Claim(f"pods of {release} run on {of_pool} only", look)


def nobody_else_on(of_pool: str, release: str) -> Claim:
    """Nodes of this pool hold pods of this release, and no other workload's."""

    def look(timeline: Timeline) -> Found:
        astray = [
            f"{pod} on {node}" for pod, node, its, there in placed(timeline) if its != release and there == of_pool
        ]
        return Found(", ".join(astray))

    return Claim(f"{of_pool} holds pods of {release} and of nothing else", look)


def placed(timeline: Timeline) -> Iterator[tuple[str, str, str, str]]:
    """Every pod that was ever on a node: the pod, the node, the pod's release and the node's pool."""
    pools = {life.name: pool(life.last) for life in timeline.nodes}
    for pod in timeline.pods:
        for node in {state["node"] for _, state in pod.states if state.get("node")}:
            yield pod.name, node, pod.last.get("release", ""), pools.get(node, "")


def all_served(release: str, begun: Point, ended: Point) -> Claim:
    """From a moment on until another, everything that is offered to a service is served."""

    def look(timeline: Timeline) -> Found:
        since, until = begun.find(timeline), ended.find(timeline)
        if since is None or until is None:
            return Found(f"not seen: {(begun if since is None else ended).words}")
        for load in timeline.loads:
            for (when, offered), (_, served) in zip(load.offered, load.served, strict=True):
                if load.name.startswith(release) and since + 1 <= when <= until and served < offered * 0.999:
                    rates = f"{number(served)} of {number(offered)} requests a second"
                    return Found(f"{at(timeline, f'{release} served {rates}', when)}")
        return Found()

    return Claim(f"from when {begun.words} until {ended.words}, nothing offered to {release} is left unserved", look)


def at(timeline: Timeline, words: str, when: float) -> str:
    """Something with its time."""
    return f"{words} at {timeline.since(when):.1f} s"
