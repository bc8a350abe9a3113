"""Defines how a pool's floor is kept: its node group makes a new machine for each that is lost.

Karpenter keeps the nodes above the floor, and would not make these again.
"""

import time
from collections.abc import Iterable

import yaml

from podzol.clusters.local.nodes import FLOOR, floor_node, joining
from podzol.clusters.nodes import node_shapes
from podzol.clusters.spec import Pool
from podzol.local.cluster import Cluster
from podzol.local.faults import capacity
from podzol.local.faults.nodes import ZONE, Node, pool_of
from podzol.local.karpenter import Elastic, elastic_of


def replace(cluster: Cluster, lost: Iterable[Node]) -> None:
    """Make a new node for each of the lost ones that was of a floor, and return when they have registered."""
    elastic = elastic_of(cluster)
    groups: dict[str, tuple[Pool, int]] = {}
    for node in lost:
        pool = pool_of(elastic, node) if elastic and is_floor(node) else None
        if pool:
            groups[pool.name] = (pool, groups.get(pool.name, (pool, 0))[1] + 1)
    if not groups or not elastic:
        return
    time.sleep(max(elastic.pace.join(elastic.spec, pool).register for pool, _ in groups.values()))
    for pool, count in groups.values():
        make(cluster, elastic, pool, count)


def make(cluster: Cluster, elastic: Elastic, pool: Pool, count: int) -> None:
    """New nodes of a floor, with numbers that none had, in zones that have machines."""
    (shape, *_) = node_shapes(elastic.spec, pool, "local")
    there = [each["metadata"]["name"] for each in cluster.kubectl.items("nodes")]
    taken = [int(name.rpartition("-")[2]) for name in there if name.startswith(f"{pool.name}-{FLOOR}-")]
    number = max([pool.min - 1, *taken])
    made: list[Node] = []
    annotations = joining(pool, elastic.pace.join(elastic.spec, pool))
    zones = [zone for zone in shape.zones if not capacity.is_withdrawn(cluster, zone)]
    while zones and len(made) < count:
        number += 1
        node = floor_node(elastic.spec, shape, number, annotations)
        node["metadata"]["labels"][ZONE] = zones[number % len(zones)]
        made.append(node)
    cluster.kubectl.run("create", "-f", "-", stdin=yaml.safe_dump_all(made))


def is_floor(node: Node) -> bool:
    """Whether a Node is of a floor."""
    return f"-{FLOOR}-" in node["metadata"]["name"]
