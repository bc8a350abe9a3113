"""Defines what a cluster's record says of capacity: the pools, machine types and zones that have no machine left."""

from podzol.local.cluster import Cluster

WITHDRAWN = "withdrawn"


def withdrawn(cluster: Cluster) -> set[str]:
    """Of what the cloud has no machine now."""
    return set(cluster.facts.get(WITHDRAWN, []))


def note(cluster: Cluster, gone: set[str]) -> None:
    """Record it."""
    cluster.add_facts({WITHDRAWN: sorted(gone)})
