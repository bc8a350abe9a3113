"""A training job brings its GPU node, and takes it away again.

gpu-pool has no node. A Helm release asks for one GPU; its pod finds no room; Karpenter orders a machine; the job runs
on it and completes; nothing needs the node any more, and the pool is back at none.
"""

from podzol.kubernetes.accelerators import GPU_POOL
from podzol.scenarios import points
from podzol.scenarios.claims import Claim, in_order, job_in_one_go, nobody_else_on, only_on, pool_from_to, within
from podzol.scenarios.needs import gpus, grows
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.seen import Seen
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage

RELEASE = "train"


def play(stage: Stage) -> None:
    """Install the job, and wait until it and its node are gone."""
    settings = stage.settings
    stage.say(f"The Helm chart gpu-batch-job is installed as {RELEASE}: one GPU, {settings.job} s of training")
    stage.install(RELEASE, "gpu-batch-job", values(settings))
    stage.until(
        f"the job of {RELEASE} is complete", complete, settings.capacity(GPU_POOL) + settings.job + settings.startup
    )
    stage.until_back(GPU_POOL)


def values(settings: Settings) -> dict:
    """One GPU; the rest as the Helm chart has it."""
    steering = {
        "podzol.dev/simulated-startup": f"{settings.startup}s",
        "podzol.dev/simulated-duration": f"{settings.job}s",
    }
    return {"fullnameOverride": RELEASE, "gpus": 1, "backoffLimit": 4, "podAnnotations": steering}


def complete(seen: Seen) -> bool:
    """Whether the job is."""
    return any(job.name.startswith(RELEASE) and job.fields.get("complete") for job in seen.objects("Job"))


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    asked, done = points.asked_for(RELEASE), points.done(RELEASE)
    ordered, joined = points.ordered(GPU_POOL), points.joined(GPU_POOL)
    back = points.back(GPU_POOL, settings.floor(GPU_POOL))
    room = points.no_room(RELEASE)
    return [
        pool_from_to(GPU_POOL, settings.floor(GPU_POOL), settings.floor(GPU_POOL) + 1, settings.floor(GPU_POOL) + 1),
        in_order(asked, room, ordered, joined, points.running(RELEASE), done, back),
        within(settings.capacity(GPU_POOL), room, points.running(RELEASE)),
        within(settings.removal, done, back),
        job_in_one_go(RELEASE),
        only_on(GPU_POOL, RELEASE),
        nobody_else_on(GPU_POOL, RELEASE),
    ]


NEEDS = (grows(GPU_POOL), gpus(GPU_POOL))
SCENARIO = Scenario("gpu-from-zero", __doc__ or "", play, claims, NEEDS)
