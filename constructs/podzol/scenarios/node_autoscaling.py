"""Every replica needs a machine of its own, and under-used machines are removed.

A replica asks for 90 % of a machine, so each one more is a pod without room, and a node. When the load ends Karpenter
drains and removes the nodes that are left without use.
"""

from podzol.kubernetes.accelerators import CPU_POOL
from podzol.scenarios.claims import Claim
from podzol.scenarios.needs import always, grows, machine_milli
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.service import Service, drive, service_claims
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage

PART_PERCENT = 90
"""Of a machine's CPU that pods can have."""


def play(stage: Stage) -> None:
    """Drive it."""
    drive(stage, service(stage.settings))


def service(settings: Settings) -> Service:
    """One replica a node, up to two nodes more than cpu-pool has at least."""
    nodes = min(settings.floor(CPU_POOL) + 2, settings.most(CPU_POOL))
    cpu_milli = machine_milli(settings.elastic.spec, CPU_POOL) * PART_PERCENT // 100
    least, most = settings.floor(CPU_POOL), settings.most(CPU_POOL)
    return Service("render", cpu_milli, cpu_milli, least, most, grown=nodes, nodes=nodes)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    return service_claims(service(settings), settings)


SCENARIO = Scenario("node-autoscaling", __doc__ or "", play, claims, (grows(CPU_POOL), always(CPU_POOL, 1)))
