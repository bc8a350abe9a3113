"""Defines the times that matter: how long until a workload ran, until there was room, until all was back.

Does not define when things happened for themselves: `timeline` and `narrative` do.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from podzol.elasticity.lives import Life, Step, fallen, value_at
from podzol.elasticity.scales import Scale, busiest
from podzol.elasticity.states import phase
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import duration

FIRST_POD = "time to first pod"
CAPACITY = "time to capacity"
NODE = "time to node"
DONE = "time to done"
PEAK = "time to most replicas"
BACK = "time back to minimum"
MOST_JOBS = 12
"""So many are told one by one."""


@dataclass(frozen=True)
class Measure:
    """A time that matters."""

    subject: str
    """A workload or a pool."""
    what: str
    """One of the names above."""
    seconds: float | None
    """None: it didn't happen within the recording."""
    meaning: str
    """From when to when."""

    @property
    def taken(self) -> str:
        """How long it took, in words."""
        return "not seen" if self.seconds is None else duration(self.seconds)


def times(timeline: Timeline) -> list[Measure]:
    """Every time that matters, workloads first, then pools."""
    return [*of_jobs(timeline), *of_services(timeline), *of_pools(timeline)]


def of_jobs(timeline: Timeline) -> Iterator[Measure]:
    """For each job that began within the recording: to its first pod, and to its end."""
    jobs = [(job, timeline.pods_of(job.namespace, f"Job/{job.name}")) for job in timeline.jobs if timeline.new(job)]
    runs = Counter(release(pods) for _, pods in jobs)
    taken: dict[str, list[Measure]] = {FIRST_POD: [], DONE: []}
    for job, pods in jobs:
        own = release(pods)
        name = own if own and runs[own] == 1 else job.name
        first = earliest(pod.first(lambda state: phase(state) in ("running", "completed")) for pod in pods)
        done = job.first(lambda state: state.get("complete"))
        taken[FIRST_POD].append(
            Measure(name, FIRST_POD, after(job.began, first), "from the job to its first running pod")
        )
        taken[DONE].append(Measure(name, DONE, after(job.began, done), "from the job to its completion"))
    if len(jobs) > MOST_JOBS:
        yield from map(median_of, taken.values())
    else:
        yield from (measure for pair in zip(*taken.values(), strict=True) for measure in pair)


def median_of(measures: Sequence[Measure]) -> Measure:
    """Many of a kind as one."""
    seen = [each.seconds for each in measures if each.seconds is not None]
    middle, longest = (median(seen), f", {duration(max(seen))} at most") if seen else (None, "")
    subject = f"{len(measures):,} jobs"
    return Measure(subject, measures[0].what, middle, f"{measures[0].meaning}: the median{longest}")


def of_services(timeline: Timeline) -> Iterator[Measure]:
    """For each scaled workload that grew: to room for all its pods, to the most replicas, and back to the least."""
    for scale in busiest(timeline.scales):
        grown = next((at for at, value in scale.wanted[1:] if value > floor(scale) and value > 1), None)
        if grown is None:
            continue
        peak = next(at for at, value in scale.ready if value == scale.peak)
        if gap := waiting(timeline, timeline.pods_of(scale.namespace, f"Deployment/{scale.name}")):
            yield Measure(scale.name, CAPACITY, gap, "from the first pod without room until none was without")
        yield Measure(scale.name, PEAK, after(grown, peak), "from the first wish for more until the most were ready")
        least = next((at for at, value in scale.ready if at > peak and value <= floor(scale)), None)
        begun, what = falling(timeline, scale)
        yield Measure(scale.name, BACK, after(begun, least), f"from {what} to the least number of replicas")


def of_pools(timeline: Timeline) -> Iterator[Measure]:
    """For each pool that grew: to its first new node, and from the last pod's end back to where it began."""
    for pool, steps in timeline.nodes_by_pool.items():
        lanes = [lane for lane in timeline.lanes if lane.pool == pool]
        new = [lane for lane in lanes if timeline.new(lane.node)]
        first_count = len(lanes) - len(new)
        if not new:
            continue
        first = min(new, key=lambda lane: (lane.ready is None, lane.ordered))
        yield Measure(
            pool, NODE, after(first.ordered, first.ready), "from the order of the first new node until it was ready"
        )
        back = fallen(steps, first_count)
        pods = timeline.pods_by_pool.get(pool, [])
        idle = fallen(pods, value_at(pods, timeline.end)) or first.ordered
        meaning = "from when it had no more pods than at the end until it had as many nodes as at first"
        yield Measure(pool, BACK, after(idle, back), meaning)


def floor(scale: Scale) -> float:
    """The least replicas of a workload: its HPA's minimum, else what it began with."""
    return scale.least if scale.least is not None else scale.wanted[0][1]


def falling(timeline: Timeline, scale: Scale) -> tuple[float | None, str]:
    """When the load on a workload ended, else when fewer replicas were wanted than before; and which of both it was."""
    for load in [load for load in timeline.loads if load.name in scale.name] or timeline.loads:
        if drop := last_fall(load.offered):
            return drop, "the end of the load"
    return last_fall(scale.wanted), "the first wish for fewer"


def last_fall(steps: list[Step]) -> float | None:
    """When they fell below half of their peak for the last time; None when they didn't."""
    peak = max(value for _, value in steps)
    last = max(index for index, (_, value) in enumerate(steps) if value >= peak / 2)
    return steps[last + 1][0] if last + 1 < len(steps) else None


def release(pods: Sequence[Life]) -> str:
    """The Helm release of a workload, by which two runs of it are compared: a Job's own name ends in a hash."""
    return pods[0].last.get("release", "") if pods else ""


def waiting(timeline: Timeline, pods: list[Life]) -> float | None:
    """From the first of these pods that found no room until none of them was without, for the first time."""
    waits = sorted(
        (since, pod.first(lambda state: state.get("node")) or pod.ended or timeline.end)
        for pod in pods
        if (since := pod.first(lambda state: phase(state) == "no room")) is not None
    )
    if not waits:
        return None
    begun, until = waits[0]
    for since, placed in waits:
        if since > until:
            break
        until = max(until, placed)
    return until - begun


def earliest(moments: Iterator[float | None]) -> float | None:
    """The first of them that happened."""
    return min((at for at in moments if at is not None), default=None)


def after(begun: float | None, ended: float | None) -> float | None:
    """Seconds between; None when one of them didn't happen."""
    return None if begun is None or ended is None else max(0.0, ended - begun)
