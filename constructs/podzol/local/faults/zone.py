"""Defines a zone that is lost: all its machines are off at once, and it has no others."""

from podzol.faults import Fault, UserError
from podzol.kubernetes.node_labels import ZONE
from podzol.local.cluster import Cluster
from podzol.local.faults import capacity, floor, machine
from podzol.local.faults.nodes import one_of, pools_of
from podzol.local.faults.told import tell


def lose(cluster: Cluster, zone: str) -> list[str]:
    """Lose a zone. Returns the names of its nodes when they are gone.

    Raises:
        UserError: the spec has no such zone.
    """
    check(cluster, zone)
    tell(cluster, "Zone", zone, "ZoneLost", f"all machines of the zone {zone} are lost")
    names = [each["metadata"]["name"] for each in cluster.kubectl.items("nodes", "-l", f"{ZONE}={zone}")]
    machine.turn_off(cluster, names)
    capacity.withdraw(cluster, zone)
    machine.take_away(cluster, names)
    floor.keep(cluster)
    return names


def restore(cluster: Cluster, zone: str) -> None:
    """The zone has machines again; those that were lost don't come back."""
    check(cluster, zone)
    capacity.restore(cluster, zone)


def check(cluster: Cluster, zone: str) -> None:
    """Refuse a zone that isn't of the spec."""
    spec = pools_of(cluster).spec
    zones = {each for pool in spec.pools for each in spec.zones_of(pool, spec.cloud_of("local"))}
    if zone not in zones:
        raise UserError([Fault("ZONE", "must be a zone of the cluster's pools", zone, one_of(zones))])
