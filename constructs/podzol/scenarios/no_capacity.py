"""The cloud has no GPU machine left; the job waits, is told why, and runs when there is one again.

A GPU pool at nothing, and no machine to be had. The job's pod waits; nothing is charged and nothing fails; `podzol why`
says what it waits for; the data API beside it notices nothing. Then there are machines again, and Karpenter orders one
without being asked.
"""

from podzol.elasticity.timeline import Timeline
from podzol.kubernetes.accelerators import CPU_POOL, GPU_POOL
from podzol.local.faults import capacity
from podzol.scenarios import gpu_from_zero, points
from podzol.scenarios.claims import Claim, Found, in_order, job_in_one_go, within
from podzol.scenarios.gpu_from_zero import RELEASE
from podzol.scenarios.losses import explained, keeps_budget, loses_at_most
from podzol.scenarios.needs import always
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.service import DATA
from podzol.scenarios.settings import SLACK_SECONDS, Settings
from podzol.scenarios.stage import Stage
from podzol.scenarios.under_fault import API, api_values, steady, whole

GONE, BACK = "InsufficientCapacity", "CapacityRestored"
REPLICAS = 2
"""Of the data API: they fit on the nodes that cpu-pool always has."""
RETRY_SECONDS = 10
"""Between two looks of Karpenter at a pod that waits: pkg/controllers/provisioning, v1.14.1 (2026-11-23)."""


def play(stage: Stage) -> None:
    """No machine; the job; machines again."""
    settings = stage.settings
    stage.say(f"The Helm chart cpu-autoscaled-service is installed as {API}: {REPLICAS} replicas")
    stage.install(DATA, "dataset-volume", {"fullnameOverride": DATA})
    stage.install(API, "cpu-autoscaled-service", api_values(settings, REPLICAS))
    stage.until(f"{REPLICAS} replicas are ready", whole(API, REPLICAS), settings.capacity(CPU_POOL))
    with stage.load(API, steady(settings, REPLICAS)):
        capacity.withdraw(stage.cluster, GPU_POOL)
        try:
            stage.say(f"The Helm chart gpu-batch-job is installed as {RELEASE}: one GPU")
            stage.install(RELEASE, "gpu-batch-job", gpu_from_zero.values(settings))
            stage.ask_why(RELEASE, RETRY_SECONDS + SLACK_SECONDS, "growth")
        finally:
            capacity.restore(stage.cluster, GPU_POOL)
        waiting = RETRY_SECONDS + settings.capacity(GPU_POOL) + settings.job
        stage.until("the job is complete", gpu_from_zero.complete, waiting)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    gone, back, runs = points.told(GONE), points.told(BACK), points.running(RELEASE)
    joined = points.joined(GPU_POOL)
    return [
        in_order(gone, points.no_room(RELEASE), back, joined, runs, points.done(RELEASE)),
        within(RETRY_SECONDS + settings.capacity(GPU_POOL), back, runs),
        no_node_between(gone, back),
        explained(RELEASE, "growth"),
        job_in_one_go(RELEASE),
        keeps_budget(API, REPLICAS - 1),
        loses_at_most(API, 0.0),
    ]


def no_node_between(begun: points.Point, ended: points.Point) -> Claim:
    """gpu-pool stays at its minimum."""

    def look(timeline: Timeline) -> Found:
        since, until = begun.find(timeline), ended.find(timeline)
        if since is None or until is None:
            return Found(f"not seen: {(begun if since is None else ended).words}")
        early = [
            lane.name for lane in timeline.lanes if lane.pool == GPU_POOL and since < (lane.ready or until) < until
        ]
        return Found(", ".join(early))

    return Claim(f"no node joins {GPU_POOL} while there is no machine", look)


NEEDS = (*gpu_from_zero.NEEDS, always(CPU_POOL, 1))
SCENARIO = Scenario("no-capacity", __doc__ or "", play, claims, NEEDS)
