"""Defines `Point`, a moment of a run that a claim can name, and those that the scenarios need. Pure.

Times are seconds since 1970, as in `podzol.elasticity.timeline`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from podzol.elasticity.lives import Life, Step
from podzol.elasticity.timeline import Scale, Timeline, phase, pool


@dataclass(frozen=True)
class Point:
    """A moment of a run."""

    words: str
    """A clause, such as `the job completes`."""
    find: Callable[[Timeline], float | None]
    """When it was; None when it never was."""


def job(timeline: Timeline, release: str) -> Life | None:
    """The Job of a release: its name begins with the release's."""
    return next((each for each in timeline.jobs if each.name.startswith(release) and timeline.new(each)), None)


def pods(timeline: Timeline, release: str) -> list[Life]:
    """The pods of a release."""
    return [pod for pod in timeline.pods if pod.last.get("release") == release]


def scale(timeline: Timeline, release: str) -> Scale | None:
    """The replicas of a release."""
    return next((each for each in timeline.scales if each.name.startswith(release)), None)


def asked_for(release: str) -> Point:
    """The release's Job is there."""
    return Point(f"the job of {release} is there", lambda t: found.began if (found := job(t, release)) else None)


def done(release: str) -> Point:
    """The release's Job is complete."""

    def find(timeline: Timeline) -> float | None:
        found = job(timeline, release)
        return found.first(lambda state: state.get("complete")) if found else None

    return Point(f"the job of {release} completes", find)


def no_room(release: str) -> Point:
    """The first pod of the release that the scheduler finds no node for."""
    return Point(f"a pod of {release} finds no room", lambda t: first(t, release, lambda s: phase(s) == "no room"))


def running(release: str) -> Point:
    """The first pod of the release that is ready."""
    return Point(f"a pod of {release} runs", lambda t: first(t, release, lambda s: phase(s) == "running"))


def all_placed(release: str) -> Point:
    """The last of the release's pods that had found no room is ready."""

    def find(timeline: Timeline) -> float | None:
        waited = [pod for pod in pods(timeline, release) if pod.first(lambda s: phase(s) == "no room")]
        ready = [pod.first(lambda s: s.get("ready")) for pod in waited]
        return max((at for at in ready if at), default=None)

    return Point(f"all pods of {release} that had none have found room", find)


def first(timeline: Timeline, release: str, holds: Callable[[dict], object]) -> float | None:
    """When something first held of a pod of a release."""
    return min((at for pod in pods(timeline, release) if (at := pod.first(holds))), default=None)


def ordered(of_pool: str) -> Point:
    """Karpenter asks for the first new machine of a pool."""

    def find(timeline: Timeline) -> float | None:
        claims = [claim for claim in timeline.claims if pool(claim.states[0][1]) == of_pool and timeline.new(claim)]
        return min((claim.began for claim in claims), default=None)

    return Point(f"Karpenter orders a node of {of_pool}", find)


def joined(of_pool: str) -> Point:
    """The first new node of a pool is ready."""

    def find(timeline: Timeline) -> float | None:
        new = [lane for lane in timeline.lanes if lane.pool == of_pool and timeline.new(lane.node)]
        return min((lane.ready for lane in new if lane.ready), default=None)

    return Point(f"the first new node of {of_pool} is ready", find)


def back(of_pool: str, nodes: int) -> Point:
    """A pool that had grown has so many nodes again."""

    def find(timeline: Timeline) -> float | None:
        return fallen(timeline.nodes_by_pool.get(of_pool, []), nodes)

    return Point(f"{of_pool} is back at {nodes}", find)


def wanted(release: str, replicas: int) -> Point:
    """So many replicas, or more, are wanted for the first time."""

    def find(timeline: Timeline) -> float | None:
        found = scale(timeline, release)
        return next((at for at, value in found.wanted if value >= replicas), None) if found else None

    return Point(f"{replicas} replicas of {release} are wanted", find)


def last_without_room(release: str) -> Point:
    """The last pod of the release that the scheduler finds no node for."""

    def find(timeline: Timeline) -> float | None:
        waited = [pod.first(lambda s: phase(s) == "no room") for pod in pods(timeline, release)]
        return max((at for at in waited if at), default=None)

    return Point(f"the last pod of {release} finds no room", find)


def grown(release: str, replicas: int) -> Point:
    """So many replicas are ready for the first time."""

    def find(timeline: Timeline) -> float | None:
        found = scale(timeline, release)
        return next((at for at, value in found.ready if value >= replicas), None) if found else None

    return Point(f"{replicas} replicas of {release} are ready", find)


def shrunk(release: str, replicas: int) -> Point:
    """A release that had grown has so many ready replicas again."""

    def find(timeline: Timeline) -> float | None:
        found = scale(timeline, release)
        return fallen(found.ready, replicas) if found else None

    return Point(f"{release} is back at {replicas} ready replicas", find)


def load_begins() -> Point:
    """The first load of the run."""
    return Point("the load begins", lambda t: t.loads[0].offered[0][0] if t.loads else None)


def load_ends() -> Point:
    """The last moment at which something was offered."""

    def find(timeline: Timeline) -> float | None:
        ends = [at for load in timeline.loads for at, value in load.offered if value]
        return max(ends, default=None)

    return Point("the load ends", find)


def fallen(steps: list[Step], to: float) -> float | None:
    """When steps that had been above a value were at it for good."""
    above = [index for index, (_, value) in enumerate(steps) if value > to]
    if not above or above[-1] + 1 >= len(steps):
        return None
    return steps[above[-1] + 1][0]
