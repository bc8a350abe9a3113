"""Defines `Claim`, a sentence about a run with its check, and the claims that scenarios are made of. Pure.

A check looks at the timeline of the recording, as the report does, and gives what speaks against the sentence; nothing:
it holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from podzol.elasticity.timeline import Timeline, pool
from podzol.elasticity.words import duration, listed, number
from podzol.scenarios.points import Point, job, pods, scale

CLOCK_SECONDS = 0.5
"""Two watches bring changes of the same moment in either order."""


@dataclass(frozen=True)
class Claim:
    """What a scenario says will happen."""

    sentence: str
    against: Callable[[Timeline], str]
    """What speaks against it; empty: nothing."""


@dataclass(frozen=True)
class Verdict:
    """A claim after the run."""

    sentence: str
    against: str

    @property
    def held(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.against


def judged(claims: list[Claim], timeline: Timeline) -> list[Verdict]:
    """Every claim, looked at."""
    return [Verdict(claim.sentence, claim.against(timeline)) for claim in claims]


def in_order(*points: Point) -> Claim:
    """One after the other."""

    def against(timeline: Timeline) -> str:
        times = [(point, point.find(timeline)) for point in points]
        if missing := [point.words for point, at in times if at is None]:
            return f"not seen: {listed(missing)}"
        known = [(point, at) for point, at in times if at is not None]
        for (one, before), (other, after) in pairwise(known):
            if after < before - CLOCK_SECONDS:
                return f"{at(timeline, other.words, after)}, but {at(timeline, one.words, before)}"
        return ""

    first, *rest = [point.words for point in points]
    return Claim(f"{first}, then {', then '.join(rest)}", against)


def within(seconds: float, begun: Point, ended: Point) -> Claim:
    """Not longer from one to the other."""

    def against(timeline: Timeline) -> str:
        since, until = begun.find(timeline), ended.find(timeline)
        if since is None or until is None:
            return f"not seen: {(begun if since is None else ended).words}"
        return f"it took {until - since:.1f} s" if until - since > seconds else ""

    return Claim(f"from when {begun.words} until {ended.words} it takes {duration(seconds)} at most", against)


def pool_from_to(name: str, least: int, grown: int, most: int) -> Claim:
    """A pool begins at its least, grows to so many nodes or more, never beyond its most, and ends at its least."""

    def against(timeline: Timeline) -> str:
        steps = timeline.nodes_by_pool.get(name, [(timeline.start, 0.0)])
        values = [value for _, value in steps]
        first = steps[0][1]
        if first != least:
            return f"{name} began with {number(first)} nodes"
        if not grown <= max(values) <= most:
            return f"{name} had {number(max(values))} nodes at most"
        return "" if values[-1] == least else f"{name} ended with {number(values[-1])} nodes"

    return Claim(f"{name} begins at {least}, grows to {grown} or more but never above {most}, ends at {least}", against)


def replicas_from_to(release: str, least: int, grown: int, most: int) -> Claim:
    """A service begins with its least replicas, has so many ready or more, never wants more than its most, and ends
    with its least."""

    def against(timeline: Timeline) -> str:
        found = scale(timeline, release)
        if not found:
            return f"{release} has no replicas"
        ready, wanted = ([value for _, value in steps] for steps in (found.ready, found.wanted))
        if not grown <= max(ready) or max(wanted) > most:
            return f"{number(max(ready))} were ready at most, {number(max(wanted))} wanted"
        return "" if ready[-1] == wanted[-1] == least else f"it ended with {number(ready[-1])} ready"

    return Claim(f"{release} grows to {grown} ready replicas or more, never above {most}, and ends at {least}", against)


def job_in_one_go(release: str) -> Claim:
    """The Job completes and none of its pods failed."""

    def against(timeline: Timeline) -> str:
        found = job(timeline, release)
        if not found:
            return "no job was seen"
        if not found.last.get("complete"):
            return f"the job {found.name} is not complete"
        failed = found.last.get("failed", 0)
        return f"{number(failed)} of its pods failed" if failed else ""

    return Claim(f"the job of {release} completes without a failed pod", against)


def only_on(of_pool: str, *releases: str) -> Claim:
    """Pods of these releases run on nodes of this pool, and nowhere else."""

    def against(timeline: Timeline) -> str:
        pools = {life.name: pool(life.last) for life in timeline.nodes}
        astray = [
            f"{pod.name} on {node}"
            for release in releases
            for pod in pods(timeline, release)
            for node in {state["node"] for _, state in pod.states if state.get("node")}
            if pools.get(node) != of_pool
        ]
        return ", ".join(astray)

    return Claim(f"pods of {listed(releases)} run on {of_pool} only", against)


def nobody_else_on(of_pool: str, *releases: str) -> Claim:
    """Nodes of this pool hold pods of these releases, and no other workload's."""

    def against(timeline: Timeline) -> str:
        pools = {life.name: pool(life.last) for life in timeline.nodes}
        astray = [
            f"{pod.name} on {node}"
            for pod in timeline.pods
            if pod.last.get("release") not in releases
            for node in {state["node"] for _, state in pod.states if state.get("node")}
            if pools.get(node) == of_pool
        ]
        return ", ".join(astray)

    return Claim(f"{of_pool} holds pods of {listed(releases)} and of nothing else", against)


def all_served_after(point: Point, ended: Point) -> Claim:
    """From a moment on until another, everything that is offered is served."""

    def against(timeline: Timeline) -> str:
        since, until = point.find(timeline), ended.find(timeline)
        if since is None or until is None:
            return f"not seen: {(point if since is None else ended).words}"
        for load in timeline.loads:
            for (when, offered), (_, served) in zip(load.offered, load.served, strict=True):
                if since + 1 <= when <= until and served < offered * 0.999:
                    return f"{at(timeline, 'only', when)} {number(served)} of {number(offered)} requests a second"
        return ""

    return Claim(f"nothing is left unserved between when {point.words} and {ended.words}", against)


def at(timeline: Timeline, words: str, when: float) -> str:
    """Something with its time."""
    return f"{words} at {timeline.since(when):.1f} s"
