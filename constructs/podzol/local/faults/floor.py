"""Defines how a pool's floor is kept: its node group makes a new machine for each that is lost.

Karpenter keeps the nodes above the floor, and would not make these again.
"""

import time
from collections.abc import Collection
from typing import Any

from podzol.clusters.local.nodes import FLOOR, floor_node, joining
from podzol.clusters.local.pools import STARTING
from podzol.clusters.nodes import node_shapes
from podzol.clusters.spec import Pool
from podzol.kubernetes.node_labels import ZONE
from podzol.local.cluster import Cluster
from podzol.local.faults.nodes import Node
from podzol.local.faults.withdrawn import withdrawn
from podzol.local.karpenter import Elastic, elastic_of
from podzol.local.toolchain.cache import locked

NEWEST = "newestFloorNodes"
"""In the cluster's record: pool -> number of its newest node. The name of a lost node isn't given again: pods may still
be bound to it, and would hang for ever."""


def keep(cluster: Cluster, leaving: Collection[str] = ()) -> None:
    """Make the nodes that the floors lack, those that are `leaving` not counted. Returns when they have registered."""
    if elastic := elastic_of(cluster):
        with locked(cluster.folder / ".floor"):  # or two faults at once would be made up for twice
            for pool in elastic.spec.pools:
                if pool.name not in withdrawn(cluster):
                    keep_floor(cluster, elastic, pool, leaving)


def keep_floor(cluster: Cluster, elastic: Elastic, pool: Pool, leaving: Collection[str]) -> None:
    """Make the nodes that a pool's floor lacks, with numbers that none had, in zones that have machines."""
    names = {each["metadata"]["name"] for each in cluster.kubectl.items("nodes")}
    there = [name for name in names if name.startswith(f"{pool.name}-{FLOOR}-")]
    lacking = pool.min - len(set(there) - set(leaving))
    (shape, *_) = node_shapes(elastic.spec, pool, "local")
    zones = [zone for zone in shape.zones if zone not in withdrawn(cluster)]
    if lacking <= 0 or not zones:
        return
    join = elastic.pace.join(elastic.spec, pool)
    time.sleep(join.register)
    newest = cluster.facts.get(NEWEST, {})
    first = newest.get(pool.name, pool.min - 1) + 1
    cluster.add_facts({NEWEST: newest | {pool.name: first + lacking - 1}})
    made = [floor_node(elastic.spec, shape, number, joining(pool, join)) for number in range(first, first + lacking)]
    for number, node in enumerate(made, start=first):
        node["metadata"]["labels"][ZONE] = zones[number % len(zones)]
        taints(node).append(dict(STARTING))
    cluster.kubectl.create(made)


def taints(node: Node) -> list[dict[str, Any]]:
    """The taints of a Node, to add to."""
    found: list[dict[str, Any]] = node.setdefault("spec", {}).setdefault("taints", [])
    return found


def is_floor(name: str) -> bool:
    """Whether a node is of a floor."""
    return f"-{FLOOR}-" in name
