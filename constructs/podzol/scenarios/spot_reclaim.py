"""The cloud takes a spot machine back, and nothing is lost but time.

A machine of cpu-pool holds replicas of the data API and a job. The notice comes; Karpenter orders another machine and
moves the replicas one at a time, as their PodDisruptionBudget allows; the job is told to stop, saves its progress, and
goes on elsewhere without a retry being charged.
"""

from podzol.kubernetes.accelerators import CPU_POOL
from podzol.local.faults import spot
from podzol.scenarios import points, under_fault
from podzol.scenarios.claims import Claim
from podzol.scenarios.losses import loses_at_most, stays_ready
from podzol.scenarios.needs import spot as spot_machines
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage
from podzol.scenarios.under_fault import API, NEEDS, replicas

REASON = "SpotInterrupted"


def play(stage: Stage) -> None:
    """Take the job's machine back."""
    under_fault.play(stage, reclaim, evictable=True)


def reclaim(stage: Stage, node: str) -> None:
    """Returns when the node is gone."""
    spot.reclaim(stage.cluster, node, stage.settings.notice)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    return [
        *under_fault.claims(settings, REASON, settings.notice),
        stays_ready(API, replicas(settings) - 1, points.taken_after(REASON)),
        loses_at_most(API, 0.0),
    ]


SCENARIO = Scenario("spot-reclaim", __doc__ or "", play, claims, (*NEEDS, spot_machines(CPU_POOL)))
