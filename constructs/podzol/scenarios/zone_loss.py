"""A zone is lost with all its machines; their pods come back in the other zones.

The zone is that of the job's machine. All of its machines are off at once and it has no others; Karpenter orders in the
zones that are left.
"""

from podzol.elasticity.timeline import Timeline
from podzol.kubernetes.accelerators import CPU_POOL
from podzol.local.faults import zone
from podzol.scenarios import points, under_fault
from podzol.scenarios.claims import Claim, Found
from podzol.scenarios.losses import loses_at_most
from podzol.scenarios.needs import zones
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage
from podzol.scenarios.under_fault import API, NEEDS

REASON = "ZoneLost"
MOST_LOST = 0.9
"""Of the requests: all replicas may have been in the zone."""


def play(stage: Stage) -> None:
    """Lose the zone of the job's machine; at the end it has machines again."""
    lost: list[str] = []

    def lose(stage: Stage, node: str) -> None:
        lost.extend(each.fields["zone"] for each in stage.seen.objects("Node") if each.name == node)
        zone.lose(stage.cluster, lost[0])

    try:
        under_fault.play(stage, lose)
    finally:
        for each in lost:
            zone.restore(stage.cluster, each)


def nothing_there() -> Claim:
    """No node joins in the zone after its loss."""

    def look(timeline: Timeline) -> Found:
        told = points.event(timeline, REASON)
        if told is None:
            return Found("no zone was lost")
        late = [node.name for node in timeline.nodes if node.began > told.at and node.last.get("zone") == told.about]
        return Found(", ".join(late), f"{told.about} was lost")

    return Claim("no node joins in the zone that is lost", look)


def claims(settings: Settings) -> list[Claim]:
    """What is true of it."""
    return [*under_fault.claims(settings, REASON, settings.evicted), nothing_there(), loses_at_most(API, MOST_LOST)]


SCENARIO = Scenario("zone-loss", __doc__ or "", play, claims, (*NEEDS, zones(CPU_POOL, 2)))
