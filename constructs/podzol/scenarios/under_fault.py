"""Defines who is on the stage when something breaks: a data API under a steady load and a job that saves its progress.

The API's replicas fill the machines that cpu-pool always has and need one more; the job is on that one. That a job goes
on from its checkpoint is its program's doing (apps/lifecycle): simulated pods begin anew, so what is shown here is that
the job isn't charged for the loss, and how much work there was to save.
"""

from collections.abc import Callable

from podzol.kubernetes.accelerators import CPU_POOL
from podzol.local.load.shapes import Load, shaped
from podzol.scenarios import points
from podzol.scenarios.claims import Claim, in_order, only_on, within
from podzol.scenarios.losses import explained, keeps_budget, replaced_and_not_charged
from podzol.scenarios.needs import always, grows, machine_milli
from podzol.scenarios.seen import Seen
from podzol.scenarios.service import COST_CORE_SECONDS, DATA, FOREVER_SECONDS
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import NAMESPACE, Stage

API, JOB = "data-api", "assemble"
CAUSE = "nodes"
"""What `podzol why` is to find for the job."""
BUSY_PERCENT = 80
"""Of what all replicas but one ask for: one may be lost without a request being lost."""
NEEDS = (grows(CPU_POOL, by=2), always(CPU_POOL, 1))
"""One machine more than cpu-pool always has, and one that takes its place while it is still there."""


def replicas(settings: Settings) -> int:
    """So many that they need one machine more than cpu-pool always has, and leave the job room on it."""
    on_node = machine_milli(settings.elastic.spec, CPU_POOL) // settings.replica_milli
    return on_node * settings.floor(CPU_POOL) + max(1, on_node // 2)


def work_seconds(settings: Settings) -> int:
    """How long the job works: longer than a notice, so that it is hit."""
    return settings.notice + settings.job


def play(stage: Stage, breaks: Callable[[Stage, str], None], evictable: bool = False) -> None:
    """Bring both up, put the load on, let something break, and wait until both are whole.

    Args:
        breaks: given the node that the job is on; returns when the worst is over.
        evictable: whether the job may be moved; else it works on until its machine is off.
    """
    settings, count = stage.settings, replicas(stage.settings)
    stage.say(
        f"The Helm chart cpu-autoscaled-service is installed as {API}: {count} replicas, "
        "one of which may be missing at a time"
    )
    stage.install(DATA, "dataset-volume", {"fullnameOverride": DATA})
    stage.install("progress", "dataset-volume", {"fullnameOverride": "progress"})
    stage.install(API, "cpu-autoscaled-service", api_values(settings, count))
    stage.until(f"{count} replicas are ready", whole(API, count), settings.capacity(CPU_POOL))
    stage.say(
        f"The Helm chart cpu-batch-job is installed as {JOB}: {work_seconds(settings)} s of work, with a checkpoint"
    )
    stage.install(JOB, "cpu-batch-job", job_values(settings, evictable))
    stage.until("the job runs", whole(JOB, 1), settings.capacity(CPU_POOL))
    on = stage.seen.pods(NAMESPACE, JOB)[0].fields["node"]
    with stage.load(API, steady(settings, count)):
        with stage.asking_why(JOB, settings.notice + settings.noticed, CAUSE):
            breaks(stage, on)
        stage.until("all is whole again", whole(API, count), settings.collected + settings.capacity(CPU_POOL))
        done = settings.collected + settings.capacity(CPU_POOL) + work_seconds(settings)
        stage.until("the job is complete", complete, done)


def steady(settings: Settings, count: int) -> Load:
    """A load that so many replicas of the API serve, one of them being away."""
    requests = (count - 1) * settings.replica_milli / 1000 * BUSY_PERCENT / 100 / COST_CORE_SECONDS
    return shaped("step", requests, FOREVER_SECONDS, COST_CORE_SECONDS)


def api_values(settings: Settings, count: int) -> dict:
    """A fixed number of replicas: nothing but the fault changes it."""
    return {
        "fullnameOverride": API,
        "pool": CPU_POOL,
        "autoscaling": {"minReplicas": count, "maxReplicas": count},
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "datasets": [{"claim": DATA, "path": "/data", "readOnly": True}],
        "resources": {
            "requests": {"cpu": f"{settings.replica_milli}m", "memory": "256Mi"},
            "limits": {"cpu": f"{settings.limit_milli}m"},
        },
        "podAnnotations": {"podzol.dev/simulated-startup": f"{settings.startup}s"},
    }


def job_values(settings: Settings, evictable: bool) -> dict:
    """A job with a checkpoint and one retry: it has none to lose."""
    return {
        "fullnameOverride": JOB,
        "backoffLimit": 1,
        "doNotDisrupt": not evictable,
        "resources": {"requests": {"cpu": f"{settings.replica_milli}m", "memory": "1Gi"}},
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
        keeps_budget(API, replicas(settings) - 1),
        explained(JOB, CAUSE),
        only_on(CPU_POOL, API),
    ]
