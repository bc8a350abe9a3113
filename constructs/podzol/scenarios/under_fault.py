"""Defines who is on the stage when something breaks: a data API under a steady load and a job that saves its progress.

The API's replicas fill the machines that cpu-pool always has and need one more; the job is on that one. That a job goes
on from its checkpoint is its program's doing (apps/lifecycle): simulated pods begin anew, so what is shown here is that
the job isn't charged for the loss, and how much work there was to save.
"""

import threading
from collections.abc import Callable

from podzol.elasticity.lives import Life
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import duration, listed, number
from podzol.kubernetes.accelerators import CPU_POOL
from podzol.local.load.shapes import shaped
from podzol.scenarios import points
from podzol.scenarios.claims import Claim, Found, in_order, only_on, within
from podzol.scenarios.points import Point, job, pods, scale
from podzol.scenarios.seen import Seen
from podzol.scenarios.service import COST_CORE_SECONDS, DATA, FOREVER_SECONDS, machine_milli
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import NAMESPACE, Stage

API, JOB = "data-api", "assemble"
CPU_MILLI = 900
"""Request of a replica and of the job."""
LIMIT_MILLI = 1000
CAUSE = "nodes"
"""What `podzol why` is to find for the job."""
BUSY_PERCENT = 60
"""Of its limit a replica is busy: some may be lost before the rest can't serve the load."""


def replicas(settings: Settings) -> int:
    """So many that they need one machine more than cpu-pool always has, and leave the job room on it."""
    on_node = machine_milli(settings) // CPU_MILLI
    return on_node * settings.floor(CPU_POOL) + max(1, on_node // 2)


def work_seconds(settings: Settings) -> int:
    """How long the job works: longer than a notice, so that it is hit."""
    return settings.notice + settings.job


def play(stage: Stage, breaks: Callable[[Stage, str], None], fault: str, evictable: bool = False) -> None:
    """Bring both up, put the load on, let something break, and wait until both are whole.

    Args:
        breaks: given the node that the job is on; returns when the worst is over.
        fault: what it does, in words.
        evictable: whether the job may be moved; else it works on until its machine is off.
    """
    settings, count = stage.settings, replicas(stage.settings)
    stage.say(
        f"The Helm chart cpu-autoscaled-service is installed as {API}: {count} replicas, "
        "one of which may be missing at a time"
    )
    stage.install(DATA, "dataset-volume", {"fullnameOverride": DATA})
    stage.install("progress", "dataset-volume", {"fullnameOverride": "progress"})
    stage.install(API, "cpu-autoscaled-service", api_values(settings))
    stage.until(f"{count} replicas are ready", whole(API, count), settings.capacity(CPU_POOL))
    stage.say(
        f"The Helm chart cpu-batch-job is installed as {JOB}: {work_seconds(settings)} s of work, with a checkpoint"
    )
    stage.install(JOB, "cpu-batch-job", job_values(settings, evictable))
    stage.until("the job runs", whole(JOB, 1), settings.capacity(CPU_POOL))
    requests = count * LIMIT_MILLI / 1000 * BUSY_PERCENT / 100 / COST_CORE_SECONDS
    with stage.load(API, shaped("step", requests, FOREVER_SECONDS, COST_CORE_SECONDS)):
        (on,) = [pod.fields["node"] for pod in stage.seen.pods(NAMESPACE, JOB)]
        stage.say(fault)
        until = settings.notice + settings.noticed
        asking = threading.Thread(target=stage.ask_why, args=(JOB, until, CAUSE), name="why", daemon=True)
        asking.start()
        breaks(stage, on)
        asking.join()
        stage.until("all is whole again", whole(API, count), settings.collected + settings.capacity(CPU_POOL))
        done = settings.collected + settings.capacity(CPU_POOL) + work_seconds(settings)
        stage.until("the job is complete", complete, done)


def api_values(settings: Settings) -> dict:
    """A fixed number of replicas: nothing but the fault changes it."""
    return {
        "fullnameOverride": API,
        "pool": CPU_POOL,
        "autoscaling": {"minReplicas": replicas(settings), "maxReplicas": replicas(settings)},
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "datasets": [{"claim": DATA, "path": "/data", "readOnly": True}],
        "resources": {
            "requests": {"cpu": f"{CPU_MILLI}m", "memory": "256Mi"},
            "limits": {"cpu": f"{LIMIT_MILLI}m"},
        },
        "podAnnotations": {"podzol.dev/simulated-startup": f"{settings.startup}s"},
    }


def job_values(settings: Settings, evictable: bool) -> dict:
    """A job with a checkpoint and one retry: it has none to lose."""
    return {
        "fullnameOverride": JOB,
        "backoffLimit": 1,
        "doNotDisrupt": not evictable,
        "resources": {"requests": {"cpu": f"{CPU_MILLI}m", "memory": "1Gi"}},
        "checkpoint": {"enabled": True, "claim": "progress"},
        "podAnnotations": {
            "podzol.dev/simulated-startup": f"{settings.startup}s",
            "podzol.dev/simulated-duration": f"{work_seconds(settings)}s",
        },
    }


def whole(release: str, count: int) -> Callable[[Seen], bool]:
    """Whether so many pods of a release are ready."""
    return lambda seen: seen.phases(NAMESPACE, release)["running"] >= count


def complete(seen: Seen) -> bool:
    """Whether the job is."""
    return any(job.name.startswith(JOB) and job.fields.get("complete") for job in seen.objects("Job"))


def claims(settings: Settings, reason: str, moved_seconds: int) -> list[Claim]:
    """What is true whatever breaks.

    Args:
        reason: of the event that tells of the fault.
        moved_seconds: until replicas that were hit are given to another machine, at most.
    """
    told, taken = points.told(reason), points.taken_after(reason)
    again = points.whole_again(API, replicas(settings), reason)
    return [
        in_order(told, taken, points.done(JOB)),
        within(moved_seconds + settings.capacity(CPU_POOL), told, again),
        replaced_and_not_charged(JOB),
        explained(JOB, CAUSE),
        only_on(CPU_POOL, API),
    ]


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
        return Found(measured=f"{work} of work to go on with; {listed(sorted(why) or ['no reason is told'])}")

    return Claim(f"the pod of {release} is lost and replaced, and the job completes without using a retry", look)


def worked(pod: Life, end: float) -> float:
    """Seconds from when a pod was ready until it was told to stop, or its machine was off."""
    begun = pod.first(lambda state: state.get("ready"))
    if begun is None:
        return 0.0
    over = (at for at, state in pod.states if at > begun and (state.get("leaving") or not state.get("ready")))
    return next(over, pod.ended or end) - begun


def keeps_budget(release: str, least: int, until: Point) -> Claim:
    """No fewer replicas are ready than the PodDisruptionBudget says, until a moment."""

    def look(timeline: Timeline) -> Found:
        found, end = scale(timeline, release), until.find(timeline)
        begun = points.grown(release, least + 1).find(timeline)
        if not found or begun is None:
            return Found(f"{release} never had all its replicas")
        values = [value for when, value in found.ready if begun <= when < (end or timeline.end)]
        low = min(values, default=0)
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
        return Found(measured=found) if found else Found(f"it said {answers[-1]['cause']}: {answers[-1]['reason']}")

    return Claim(f"`podzol why {release}` names the cause ({cause})", look)
