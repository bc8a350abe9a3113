"""Defines what is told of pods: that one finds no room, runs, has to leave its node, or fails."""

from collections.abc import Callable, Iterator, Sequence

from podzol.elasticity.lives import Life, Step, counted, value_at
from podzol.elasticity.moments import Moment
from podzol.elasticity.no_room import reasons
from podzol.elasticity.states import phase, whose
from podzol.elasticity.timeline import Timeline

FLICKER_SECONDS = 2.0
"""A pod that finds room within this time isn't told of: the scheduler was only busy."""
GIVEN_UP = "DeletionByPodGC"
DISRUPTED = {
    "EvictionByEvictionAPI": "the node is being emptied",
    "DeletionByTaintManager": "the node doesn't answer any more",
    GIVEN_UP: "the node is gone",
    "PreemptionByScheduler": "a pod of higher priority needs its room",
    "TerminationByKubelet": "the machine runs short of something, or shuts down",
}
"""Reason of the condition DisruptionTarget -> why.
Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions (2026-11-23)."""


def pods(timeline: Timeline) -> Iterator[Moment]:
    """Every pod, each side of its life."""
    running = counted(timeline.pods, lambda pod, state: {whose(pod): float(phase(state) == "running")}, timeline.start)
    for pod in timeline.pods:
        who = whose(pod)
        yield from no_room(timeline, pod, who)
        yield from runs(timeline, pod, who, running.get(who, []))
        yield from leaves(timeline, pod, who)
        yield from fails(timeline, pod, who)


def no_room(timeline: Timeline, pod: Life, who: str) -> Iterator[Moment]:
    """The scheduler finds no node for it, or waits for its volume, for longer than a moment."""
    lacks = [(at, state) for at, state in pod.states if state.get("unschedulable") and not state.get("node")]
    without_room = [(at, state) for at, state in lacks if phase(state) == "no room"]
    placed = pod.first(lambda state: state.get("node")) or pod.ended or timeline.end
    at, state = next(iter(without_room or lacks), (placed, {}))
    if placed - at > FLICKER_SECONDS:
        why = reasons(state["unschedulable"])
        one, many = ("finds no room", "find no room") if without_room else ("waits", "wait")
        sentence = f"a pod of {who} {one}: {why}"
        yield Moment(at, sentence, f"{one} {who}", lambda n: f"{n} pods of {who} {many}: {why}")


def runs(timeline: Timeline, pod: Life, who: str, running: Sequence[Step]) -> Iterator[Moment]:
    """It is ready; with how many run then, where it isn't the only one."""
    at = pod.first(lambda state: state.get("ready"))
    if at and at > timeline.start:
        total = round(value_at(running, at))
        in_all = f", {total} in all" if total > 1 else ""
        one = f"a pod of {who} runs on {node_of(timeline, pod)}{in_all}"

        def many(n: int) -> str:
            return f"{n} more pods of {who} run{in_all}" if total > n else f"{n} pods of {who} run"

        yield Moment(at, one, f"runs {who}", many)


def leaves(timeline: Timeline, pod: Life, who: str) -> Iterator[Moment]:
    """Something takes it from its node, or it is given up with its node."""
    for said in dict.fromkeys(state["disrupted"] for _, state in pod.states if state.get("disrupted")):
        at = next(at for at, state in pod.states if state.get("disrupted") == said)
        if at <= timeline.start:
            continue
        why, key = DISRUPTED.get(said, said), f"leaves {who} {said}"
        if said == GIVEN_UP:
            yield Moment(at, f"a pod of {who} is given up: {why}", key, given_up(who, why))
        else:
            one = f"a pod of {who} has to leave {node_of(timeline, pod)}: {why}"
            yield Moment(at, one, key, told_to_leave(who, why))


def given_up(who: str, why: str) -> Callable[[int], str]:
    """The clause for several."""
    return lambda n: f"{n} pods of {who} are given up: {why}"


def told_to_leave(who: str, why: str) -> Callable[[int], str]:
    """The clause for several."""
    return lambda n: f"{n} pods of {who} have to leave: {why}"


def fails(timeline: Timeline, pod: Life, who: str) -> Iterator[Moment]:
    """It fails by itself, not because it was stopped."""
    at = pod.first(lambda state: state.get("phase") == "Failed")
    if at and at > timeline.start and not pod.first(lambda state: state.get("disrupted")):
        codes = [code for code in pod.last.get("exit_codes", []) if code]
        why = f"exit code {codes[0]}" if codes else pod.last.get("reason") or "no exit code"
        yield Moment(
            at, f"a pod of {who} fails ({why})", f"fails {who} {why}", lambda n: f"{n} pods of {who} fail ({why})"
        )


def node_of(timeline: Timeline, pod: Life) -> str:
    """The node that it is or was on, in a sentence."""
    node = next((state["node"] for _, state in pod.states if state.get("node")), "")
    return timeline.short_names.get(node, node or "its node")
