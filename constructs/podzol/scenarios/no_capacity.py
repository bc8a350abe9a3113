"""The cloud has no GPU machine left; the job waits, is told why, and runs when there is one again.

A GPU pool at nothing, and no machine to be had. The job's pod waits; nothing is charged and nothing fails; `podzol why`
says what it waits for. Then there are machines again, and Karpenter orders one without being asked.
"""

from podzol.elasticity.timeline import Timeline
from podzol.kubernetes.accelerators import GPU_POOL
from podzol.local.faults import capacity
from podzol.scenarios import gpu_from_zero, points
from podzol.scenarios.claims import Claim, Found, in_order, job_in_one_go, within
from podzol.scenarios.gpu_from_zero import RELEASE
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.settings import SLACK_SECONDS, Settings
from podzol.scenarios.stage import Stage
from podzol.scenarios.under_fault import explained

GONE, BACK = "InsufficientCapacity", "CapacityRestored"
RETRY_SECONDS = 10
"""Between two looks of Karpenter at a pod that waits: pkg/controllers/provisioning, v1.14.1 (2026-11-23)."""


def play(stage: Stage) -> None:
    """No machine; the job; machines again."""
    settings = stage.settings
    stage.say(f"The cloud has no machine of {GPU_POOL} left")
    capacity.withdraw(stage.cluster, GPU_POOL)
    try:
        stage.say(f"The Helm chart gpu-batch-job is installed as {RELEASE}: one GPU")
        stage.install(RELEASE, "gpu-batch-job", gpu_from_zero.values(settings))
        stage.ask_why(RELEASE, RETRY_SECONDS + SLACK_SECONDS, "growth")
    finally:
        capacity.restore(stage.cluster, GPU_POOL)
    stage.say("The cloud has machines again")
    waiting = RETRY_SECONDS + settings.capacity(GPU_POOL) + settings.job
    stage.until("the job is complete", gpu_from_zero.complete, waiting)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    gone, back, runs = points.told(GONE), points.told(BACK), points.running(RELEASE)
    ordered = points.joined(GPU_POOL)
    return [
        in_order(gone, points.no_room(RELEASE), back, ordered, runs, points.done(RELEASE)),
        within(RETRY_SECONDS + settings.capacity(GPU_POOL), back, runs),
        no_node_between(gone, back),
        explained(RELEASE, "growth"),
        job_in_one_go(RELEASE),
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


SCENARIO = Scenario("no-capacity", __doc__ or "", play, claims, pools=(GPU_POOL,))
