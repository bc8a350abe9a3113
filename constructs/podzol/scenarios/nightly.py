"""CronJobs over two days: a training every night, a refresh of its data twice a day.

A GPU node comes for each night's training and goes again; runs of one CronJob never overlap: one that is due while the
one before still runs is left out; a run that was missed while it was suspended is not made up; the last Job is kept.

Time is compressed by the schedules, not by the clock: the real CronJob controller reads the real clock. A day is two
minutes in the fast form and ten else. `0 5 * * *`, once a day, becomes `*/2 * * * *`; all that follows from a schedule
(which run is due, which is too late, which would overlap) is decided by the controller, a minute being its least.
"""

import time
from collections.abc import Callable, Iterable
from itertools import pairwise

from podzol.elasticity.lives import Life
from podzol.elasticity.records import Record
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import several
from podzol.kubernetes.accelerators import CPU_POOL, GPU_POOL
from podzol.scenarios import points
from podzol.scenarios.claims import Claim, Found, at, nobody_else_on, only_on
from podzol.scenarios.needs import always, gpus, grows
from podzol.scenarios.points import Point
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.seen import Seen
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage

TRAIN, REFRESH = "train", "refresh"
DAYS = 2
KEPT = 1
"""Finished Jobs of each CronJob that are kept."""
SKIPPED = "JobAlreadyActive"
"""Reason of the CronJob controller's event when a run is due while the one before still runs.
Source: pkg/controller/cronjob of Kubernetes v1.37.2 (2026-11-23)."""
LATE_SECONDS = 15
"""A run that couldn't start within so long is left out (`startingDeadlineSeconds`)."""
MINUTE = 60


def minutes_a_day(settings: Settings) -> int:
    """Real minutes that stand for a day; even, and a divisor of an hour."""
    return 2 if settings.fast else 10


def play(stage: Stage) -> None:
    """Two nights, with a morning on which the refresh is suspended."""
    settings = stage.settings
    day = minutes_a_day(settings)
    stage.say(f"The Helm chart cpu-batch-job is installed as {REFRESH}: twice a day, each run longer than it should")
    stage.install(REFRESH, "cpu-batch-job", refresh_values(settings))
    stage.say(f"The Helm chart gpu-batch-job is installed as {TRAIN}: every night; a day takes {day} minutes here")
    stage.install(TRAIN, "gpu-batch-job", train_values(settings))
    night = day * MINUTE + settings.capacity(GPU_POOL) + settings.job
    for number_of_night in range(1, DAYS + 1):
        stage.until(f"night {number_of_night}'s training is complete", nights(number_of_night), night)
        stage.until_back(GPU_POOL)
        if number_of_night == 1:
            suspended_morning(stage)
    left_out = f"a run of {REFRESH} is left out, for the one before still runs"
    stage.until(left_out, lambda seen: skips(seen.records), day * MINUTE)


def suspended_morning(stage: Stage) -> None:
    """The refresh is suspended over the time of a run, and resumed when that run is too late."""
    stage.upgrade(REFRESH, "cpu-batch-job", refresh_values(stage.settings, suspend=True))
    stage.say("The refresh is suspended")
    half_a_day = minutes_a_day(stage.settings) * MINUTE / 2
    until_due = half_a_day - time.time() % half_a_day
    stage.pause(until_due + LATE_SECONDS + 2)
    stage.upgrade(REFRESH, "cpu-batch-job", refresh_values(stage.settings))
    stage.say("The refresh is resumed")


def train_values(settings: Settings) -> dict:
    """Once a day."""
    return {
        "fullnameOverride": TRAIN,
        "gpus": 1,
        "schedule": schedule(minutes_a_day(settings)),
        "podAnnotations": {"podzol.dev/simulated-duration": f"{settings.job}s"},
    }


def refresh_values(settings: Settings, suspend: bool = False) -> dict:
    """Twice a day, and each run takes longer than until it is too late for the next."""
    half = minutes_a_day(settings) // 2
    return {
        "fullnameOverride": REFRESH,
        "resources": {"requests": {"cpu": "500m", "memory": "256Mi"}},
        "schedule": schedule(half) | {"suspend": suspend},
        "podAnnotations": {"podzol.dev/simulated-duration": f"{half * MINUTE + 2 * LATE_SECONDS}s"},
    }


def schedule(minutes: int) -> dict:
    """Every so many minutes; never two at once; few are kept."""
    return {
        "enabled": True,
        "cron": f"*/{minutes} * * * *" if minutes > 1 else "* * * * *",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": LATE_SECONDS,
        "successfulJobsHistoryLimit": KEPT,
    }


def skips(records: Iterable[Record]) -> list[Record]:
    """What the controller says of runs of the refresh that it left out."""
    events = [record for record in records if record.kind == "Event" and record.fields.get("reason") == SKIPPED]
    return [event for event in events if event.fields.get("about_name") == REFRESH]


def nights(count: int) -> Callable[[Seen], bool]:
    """Whether so many trainings are complete; some of them may have been cleared away."""
    seen_complete: set[str] = set()

    def holds(seen: Seen) -> bool:
        done = (job for job in seen.objects("Job") if job.name.startswith(TRAIN) and job.fields.get("complete"))
        seen_complete.update(job.uid for job in done)
        return len(seen_complete) >= count

    return holds


def runs(timeline: Timeline, release: str) -> list[Life]:
    """The Jobs of a CronJob that began within the recording, in order."""
    own = [job for job in timeline.jobs if job.last.get("owner") == f"CronJob/{release}" and timeline.new(job)]
    return sorted(own, key=lambda job: job.began)


def ended(job: Life) -> float | None:
    """When a run was over."""
    return job.first(lambda state: state.get("complete") or state.get("failure")) or job.ended


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    return [
        a_run_a_night(),
        no_overlap(TRAIN),
        no_overlap(REFRESH),
        left_out_while_running(minutes_a_day(settings) * MINUTE // 2),
        not_made_up(points.said("The refresh is suspended"), points.said("The refresh is resumed")),
        few_kept(TRAIN),
        few_kept(REFRESH),
        grows_each_night(settings.floor(GPU_POOL)),
        only_on(GPU_POOL, TRAIN),
        only_on(CPU_POOL, REFRESH),
        nobody_else_on(GPU_POOL, TRAIN),
    ]


def a_run_a_night() -> Claim:
    """As many trainings as nights, all complete."""

    def look(timeline: Timeline) -> Found:
        found = runs(timeline, TRAIN)
        done = sum(bool(job.last.get("complete")) for job in found)
        return Found("" if done >= DAYS else f"{done} of {len(found)} are complete", several(done, "training"))

    return Claim(f"each of {DAYS} nights has its training, and it completes", look)


def no_overlap(release: str) -> Claim:
    """A run begins when the one before is over."""

    def look(timeline: Timeline) -> Found:
        found = runs(timeline, release)
        for one, other in pairwise(found):
            over = ended(one)
            if over is None or other.began < over - 1:
                return Found(f"{other.name} began while {one.name} was running")
        return Found(measured=several(len(found), "run"))

    return Claim(f"runs of {release} never overlap", look)


def left_out_while_running(interval: int) -> Claim:
    """The controller leaves a run out, and says so, while the one before still runs; the next may begin when it is due.

    Args:
        interval: seconds from one run to the next.
    """

    def look(timeline: Timeline) -> Found:
        found = next((each for each in skips(timeline.records) if each.at > timeline.listed), None)
        if found is None:
            return Found("the controller left none out")
        own = runs(timeline, REFRESH)
        late = [run.name for run in own if found.at < run.began < found.at + interval - 1]
        if late:
            return Found(f"{', '.join(late)} began all the same")
        active = [run.name for run in own if run.began < found.at < (ended(run) or timeline.end)]
        return Found("" if active else at(timeline, "none was running", found.at), ", ".join(active))

    return Claim(f"a run of {REFRESH} that is due while the one before still runs is left out", look)


def not_made_up(suspended: Point, resumed: Point) -> Claim:
    """None begins while it is suspended; what was missed is too late."""

    def look(timeline: Timeline) -> Found:
        since, until = suspended.find(timeline), resumed.find(timeline)
        if since is None or until is None:
            return Found("it was not suspended")
        next_minute = until + MINUTE - until % MINUTE
        late = [job.name for job in runs(timeline, REFRESH) if since < job.began < next_minute]
        return Found(", ".join(late))

    return Claim(f"a run of {REFRESH} that was missed while it was suspended is not made up", look)


def few_kept(release: str) -> Claim:
    """Finished Jobs are cleared away."""

    def look(timeline: Timeline) -> Found:
        done = [job for job in runs(timeline, release) if job.last.get("complete")]
        kept = sum(job.ended is None for job in done)
        return Found("" if kept <= KEPT else f"{kept} are there", f"{kept} of {len(done)} kept")

    return Claim(f"no more than {several(KEPT, 'finished Job')} of {release} is kept", look)


def grows_each_night(floor: int) -> Claim:
    """gpu-pool grows once a night, and is at its minimum between."""

    def look(timeline: Timeline) -> Found:
        steps = timeline.nodes_by_pool.get(GPU_POOL, [])
        rises = sum(before == floor < after for (_, before), (_, after) in pairwise(steps))
        ends = bool(steps) and steps[-1][1] == floor
        return Found("" if rises >= DAYS and ends else f"it rose {rises} times", f"{rises} times")

    return Claim(f"{GPU_POOL} rises from {floor} for each night and is at {floor} between", look)


SCENARIO = Scenario("nightly", __doc__ or "", play, claims, (grows(GPU_POOL), gpus(GPU_POOL), always(CPU_POOL, 1)))
