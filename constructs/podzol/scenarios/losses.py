"""Defines the claims about what a fault may cost: work, retries, replicas, requests; that its cause is told. Pure."""

from podzol.elasticity.lives import Life, value_at
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.told_events import with_short_names
from podzol.elasticity.told_pods import DISRUPTED
from podzol.elasticity.words import duration, listed, number, several
from podzol.scenarios import points
from podzol.scenarios.claims import Claim, Found, at
from podzol.scenarios.points import Point, job, pods, scale

EVICTED = "EvictionByEvictionAPI"
"""Reason of the condition DisruptionTarget of a pod whose eviction a PodDisruptionBudget could have refused."""


def replaced_and_not_charged(release: str) -> Claim:
    """The Job's pod is lost and replaced, the Job completes, and none of its retries is used."""

    def look(timeline: Timeline) -> Found:
        found = job(timeline, release)
        if not found or not found.last.get("complete"):
            return Found(f"the job {found.name} is not complete" if found else "no job was seen")
        own = pods(timeline, release)
        lost = [pod for pod in own if pod.last.get("phase") != "Succeeded"]
        if not lost:
            return Found("none of its pods was lost")
        if failed := found.last.get("failed", 0):
            return Found(f"{number(failed)} of its retries were used")
        why = {state["disrupted"] for pod in lost for _, state in pod.states if state.get("disrupted")}
        work = duration(sum(worked(pod, timeline.end) for pod in lost))
        said = listed(sorted(DISRUPTED.get(each, each) for each in why)) if why else "no reason is told"
        return Found(measured=f"{work} of work to go on with; {said}")

    return Claim(f"the pod of {release} is lost and replaced, and the job completes without using a retry", look)


def worked(pod: Life, end: float) -> float:
    """Seconds from when a pod was ready until it was told to stop, or its machine was off."""
    begun = pod.first(lambda state: state.get("ready"))
    if begun is None:
        return 0.0
    over = (at for at, state in pod.states if at > begun and (state.get("leaving") or not state.get("ready")))
    return next(over, pod.ended or end) - begun


def keeps_budget(release: str, least: int) -> Claim:
    """No eviction leaves fewer replicas ready than the PodDisruptionBudget says.

    It binds those who empty a node. A machine that dies asks nobody, but counts: nothing may be evicted then.
    """

    def look(timeline: Timeline) -> Found:
        own = pods(timeline, release)
        evictions = [(when, pod) for pod in own if (when := evicted(pod)) is not None]
        for when, pod in evictions:
            left = sum(serves(other, when) for other in own if other is not pod)
            if left < least and pod.first(lambda state: state.get("ready")):
                return Found(f"{at(timeline, f'{pod.name} was evicted', when)}, which left {left} ready")
        return Found(measured=several(len(evictions), "eviction"))

    return Claim(f"no eviction leaves fewer than {least} replicas of {release} ready", look)


def evicted(pod: Life) -> float | None:
    """When a pod was evicted, where it was."""
    return pod.first(lambda state: state.get("disrupted") == EVICTED)


def serves(pod: Life, when: float) -> bool:
    """Whether a pod is ready at a time and not told to stop."""
    state = pod.at(when)
    return bool(state and state.get("ready") and not state.get("leaving") and not state.get("disrupted"))


def stays_ready(release: str, least: int, until: Point) -> Claim:
    """No fewer replicas are ready, until a moment."""

    def look(timeline: Timeline) -> Found:
        found, end = scale(timeline, release), until.find(timeline)
        begun = points.grown(release, least + 1).find(timeline)
        if not found or begun is None:
            return Found(f"{release} never had all its replicas")
        values = [value for when, value in found.ready if begun <= when < (end or timeline.end)]
        low = min(values, default=value_at(found.ready, begun))
        return Found(f"{number(low)} were ready" if low < least else "", f"{number(low)} at least")

    return Claim(f"at least {least} replicas of {release} are ready until {until.words}", look)


def loses_at_most(release: str, part: float) -> Claim:
    """Of all requests no more than a part is lost; how many is counted."""

    def look(timeline: Timeline) -> Found:
        if not timeline.loads:
            return Found("no load was seen")
        offered, served = (sum(each) for each in zip(*(load.requests for load in timeline.loads), strict=True))
        lost = f"{number(offered - served)} of {number(offered)} requests lost"
        return Found(lost) if offered - served > part * offered else Found(measured=lost)

    words = f"no more than {100 * part:g} % of the requests to {release} are lost" if part else "no request is lost"
    return Claim(words, look)


def explained(release: str, cause: str) -> Claim:
    """`podzol why` gave the right cause while it was so."""

    def look(timeline: Timeline) -> Found:
        answers = [r.fields for r in timeline.records if r.kind == "Why" and r.name == release]
        if not answers:
            return Found("it was not asked, for nothing was amiss")
        found = next((each["reason"] for each in answers if each["cause"] == cause), "")
        if not found:
            return Found(f"it said {answers[-1]['cause']}: {answers[-1]['reason']}")
        return Found(measured=with_short_names(timeline, found))

    return Claim(f"`podzol why {release}` names the cause ({cause})", look)
