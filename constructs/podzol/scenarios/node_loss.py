"""A machine dies without notice; what it held comes back elsewhere, and what was lost is counted.

Nobody knows at first: requests go on being sent to replicas that don't answer, until the node's lease is too old and it
is NotReady. Then its pods are replaced on another machine, the job's among them, without a retry being charged.
"""

from podzol.local.faults import machine
from podzol.scenarios import under_fault
from podzol.scenarios.claims import Claim
from podzol.scenarios.losses import loses_at_most
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage
from podzol.scenarios.under_fault import API, NEEDS

MOST_LOST = 0.5
"""Of the requests: those to the machine's part of the replicas, until somebody notices."""


def play(stage: Stage) -> None:
    """Let the job's machine fail."""
    under_fault.play(stage, fail)


def fail(stage: Stage, node: str) -> None:
    """Returns when the node is gone."""
    machine.fail(stage.cluster, node)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    return [*under_fault.claims(settings, "MachineFailed", settings.evicted), loses_at_most(API, MOST_LOST)]


SCENARIO = Scenario("node-loss", __doc__ or "", play, claims, NEEDS)
