"""Defines a pool, a machine type or a zone of which the cloud has no machine left.

Karpenter's kwok provider sells what its instance types file says, and reads it at its start: so the offerings go from
the file and Karpenter starts again. It then says of a pod what it would say on a cloud, that no instance type has the
required offering; machines that had not joined yet never come.
"""

from collections.abc import Callable
from typing import Any

from podzol.clusters.local.instance_types import instance_type_name, instance_types
from podzol.clusters.nodes import node_shapes
from podzol.clusters.texts import json_text
from podzol.faults import Fault, UserError
from podzol.kubernetes.node_labels import ZONE
from podzol.local import karpenter, revival
from podzol.local.cluster import Cluster
from podzol.local.faults import floor
from podzol.local.faults.nodes import one_of, pools_of
from podzol.local.faults.told import tell
from podzol.local.faults.withdrawn import note, withdrawn
from podzol.local.karpenter import Elastic
from podzol.local.toolchain.cache import locked


def withdraw(cluster: Cluster, what: str) -> None:
    """No new machine of a pool, of a machine type, or in a zone. Returns when Karpenter knows.

    Raises:
        UserError: the spec has no such pool, type or zone.
    """
    known(pools_of(cluster), what)
    tell(cluster, "NodePool", what, "InsufficientCapacity", f"the cloud has no machine of {what} left")
    change(cluster, lambda gone: gone | {what})


def restore(cluster: Cluster, what: str) -> None:
    """There are machines again. Returns when Karpenter knows; pods that wait are tried again within seconds."""
    known(pools_of(cluster), what)
    tell(cluster, "NodePool", what, "CapacityRestored", f"the cloud has machines of {what} again")
    change(cluster, lambda gone: gone - {what})
    floor.keep(cluster)


def change(cluster: Cluster, changed: Callable[[set[str]], set[str]]) -> None:
    """Change what is withdrawn, and let Karpenter sell all but that. Of two changes at once none is lost."""
    with locked(cluster.folder / ".capacity"):
        gone = changed(withdrawn(cluster))
        cluster.write(karpenter.INSTANCE_TYPES, json_text(without(pools_of(cluster), gone)))
        note(cluster, gone)
        revival.restart(cluster, karpenter.NAME)  # it reads them at its start


def without(elastic: Elastic, gone: set[str]) -> list[dict[str, Any]]:
    """The instance types; those that are withdrawn have no offering, and the others none in a zone that is."""
    types = instance_types(elastic.spec)
    gone_types = {name for each in gone for name in types_of(elastic, each)}
    for each in types:
        left = [offering for offering in each["offerings"] if zone_of(offering) not in gone]
        each["offerings"] = [] if each["name"] in gone_types else left
    return types


def known(elastic: Elastic, what: str) -> None:
    """Refuse what isn't of the spec."""
    pools = {pool.name for pool in elastic.spec.pools}
    types = {each["name"] for each in instance_types(elastic.spec)}
    zones = {zone_of(offering) for each in instance_types(elastic.spec) for offering in each["offerings"]}
    if what not in pools | types | zones:
        raise UserError(
            [Fault("WHAT", "must be a pool, a machine type or a zone", what, one_of(pools | types | zones))]
        )


def types_of(elastic: Elastic, what: str) -> set[str]:
    """The instance types of a pool, or the one that it names."""
    pools = [pool for pool in elastic.spec.pools if pool.name == what]
    return {
        instance_type_name(elastic.spec, shape) for pool in pools for shape in node_shapes(elastic.spec, pool, "local")
    } or {what}


def zone_of(offering: dict[str, Any]) -> str:
    """The zone of an offering."""
    (zone,) = [r["values"][0] for r in offering["Requirements"] if r["key"] == ZONE]
    return str(zone)
