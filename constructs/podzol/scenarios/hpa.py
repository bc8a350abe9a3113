"""A web service goes from one replica to ten and back, without another node.

One replica that asks for little; a load that keeps ten of them at half of their request. The node has room for all: the
HorizontalPodAutoscaler alone is at work.
"""

from podzol.kubernetes.accelerators import CPU_POOL
from podzol.scenarios.claims import Claim
from podzol.scenarios.needs import always_room
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.service import Service, drive, service_claims
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage

CPU_MILLI = 100
"""So little that all replicas fit on the nodes that cpu-pool always has."""
MOST = 10


def play(stage: Stage) -> None:
    """Drive it."""
    drive(stage, service(stage.settings))


def service(settings: Settings) -> Service:
    """One to ten replicas."""
    nodes = settings.floor(CPU_POOL)
    return Service("web", CPU_MILLI, limit_milli=None, least=1, most=MOST, grown=MOST, nodes=nodes)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    return service_claims(service(settings), settings)


SCENARIO = Scenario("hpa", __doc__ or "", play, claims, (always_room(CPU_POOL, CPU_MILLI, MOST),))
