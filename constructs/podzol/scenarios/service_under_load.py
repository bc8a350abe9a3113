"""Load brings pods, pods bring nodes, and when the load ends all of it goes.

cpu-pool is at its minimum and the data API at two replicas. A load saturates them; the HorizontalPodAutoscaler wants
more; pods find no room; Karpenter orders machines; all of the load is served. The load ends; pods, then nodes, go.
"""

from podzol.kubernetes.accelerators import CPU_POOL
from podzol.scenarios.claims import Claim
from podzol.scenarios.needs import always, grows, machine_milli
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.service import Service, drive, service_claims
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage

RELEASE = "data-api"
LEAST, MOST = 2, 12


def play(stage: Stage) -> None:
    """Drive it."""
    drive(stage, service(stage.settings))


def service(settings: Settings) -> Service:
    """So big that it needs two more nodes than cpu-pool has at least; one more when it has to be quick."""
    on_node = machine_milli(settings.elastic.spec, CPU_POOL) // settings.replica_milli
    floor = settings.floor(CPU_POOL)
    grown = on_node * floor + 1 if settings.fast else on_node * min(floor + 2, settings.most(CPU_POOL))
    nodes = -(-grown // on_node)
    return Service(RELEASE, settings.replica_milli, settings.limit_milli, LEAST, max(MOST, grown), grown, nodes)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    return service_claims(service(settings), settings)


NEEDS = (grows(CPU_POOL), always(CPU_POOL, 1))
SCENARIO = Scenario("service-under-load", __doc__ or "", play, claims, NEEDS)
