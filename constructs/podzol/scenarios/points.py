"""Defines `Point`, a moment of a run that a claim can name, and those that the scenarios need. Pure.

Times are seconds since 1970, as in `podzol.elasticity.timeline`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from podzol.elasticity.lives import Life, fallen
from podzol.elasticity.scales import Scale
from podzol.elasticity.states import phase, pool
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import several


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

    return Point(f"{release} is back at {several(replicas, 'ready replica')}", find)


def load_begins() -> Point:
    """The first load of the run."""
    return Point("the load begins", lambda t: t.loads[0].offered[0][0] if t.loads else None)


def load_ends() -> Point:
    """The last moment at which something was offered."""

    def find(timeline: Timeline) -> float | None:
        ends = [at for load in timeline.loads for at, value in load.offered if value]
        return max(ends, default=None)

    return Point("the load ends", find)


def said(text: str) -> Point:
    """The scenario says something."""

    def find(timeline: Timeline) -> float | None:
        notes = [record for record in timeline.records if record.kind == "Note"]
        return next((record.at for record in notes if record.fields.get("text", "").startswith(text)), None)

    return Point(text, find)


@dataclass(frozen=True)
class Told:
    """An event of a fault."""

    at: float
    about: str
    """Name of the object."""


def event(timeline: Timeline, reason: str) -> Told | None:
    """The first event of a reason within the recording."""
    for record in timeline.records:
        if record.kind == "Event" and record.fields.get("reason") == reason and record.at > timeline.listed:
            return Told(record.at, record.fields.get("about_name", ""))
    return None


FAULTS = {
    "SpotInterrupted": "the cloud gives notice of a spot machine",
    "MachineFailed": "a machine fails",
    "ZoneLost": "a zone is lost",
    "InsufficientCapacity": "the cloud has no machine left",
    "CapacityRestored": "the cloud has machines again",
}
"""Reason of a fault's event (`local.faults`) -> clause."""


def told(reason: str) -> Point:
    """A fault begins."""
    return Point(FAULTS[reason], lambda t: found.at if (found := event(t, reason)) else None)


def taken_after(reason: str) -> Point:
    """The last node that the fault takes is gone: the one that its event is about, or those of the zone."""

    def find(timeline: Timeline) -> float | None:
        fault = event(timeline, reason)
        if not fault:
            return None
        hit = [
            node
            for node in timeline.nodes
            if node.began < fault.at and fault.about in (node.name, node.last.get("zone"))
        ]
        ends = [node.ended for node in hit]
        return max((end for end in ends if end), default=None) if all(ends) else None

    return Point("the machine is gone" if reason != "ZoneLost" else "its machines are gone", find)


def whole_again(release: str, replicas: int, reason: str) -> Point:
    """So many replicas are ready again, for good, after a fault."""

    def find(timeline: Timeline) -> float | None:
        found, fault = scale(timeline, release), event(timeline, reason)
        if not found or not fault:
            return None
        after = [(at, value) for at, value in found.ready if at > fault.at]
        low = [index for index, (_, value) in enumerate(after) if value < replicas]
        if not low:
            return fault.at
        return after[low[-1] + 1][0] if low[-1] + 1 < len(after) else None

    return Point(f"all {replicas} replicas of {release} are ready again", find)
