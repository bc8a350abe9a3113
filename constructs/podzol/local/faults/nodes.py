"""Defines what the faults read of a cluster's nodes and pools."""

from collections.abc import Collection
from typing import Any

from podzol.faults import Fault, UserError
from podzol.local.cluster import Cluster
from podzol.local.karpenter import Elastic, elastic_of

Node = dict[str, Any]

MOST_NAMES = 12
"""So many are told of those that one can choose from."""


def pools_of(cluster: Cluster) -> Elastic:
    """The pools of the cluster.

    Raises:
        UserError: it was started without a spec.
    """
    if elastic := elastic_of(cluster):
        return elastic
    fix = f"`podzol local down{cluster.option}`, then `podzol local up{cluster.option} --spec soil`"
    raise UserError([Fault("--name", "must be a cluster that was started with --spec", cluster.name, fix)])


def node_of(cluster: Cluster, name: str) -> Node:
    """The Node.

    Raises:
        UserError: there is none of the name.
    """
    found = {each["metadata"]["name"]: each for each in cluster.kubectl.items("nodes")}
    if name not in found:
        raise UserError([Fault("NODE", "must be a node of the cluster", name, one_of(found))])
    return found[name]


def one_of(names: Collection[str]) -> str:
    """What to do where a name isn't known."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"take one of {', '.join(sorted(names)[:MOST_NAMES])}{more}" if names else "there is none now"


def is_there(cluster: Cluster, name: str) -> bool:
    """Whether the node is still there."""
    return bool(cluster.kubectl.run("get", "node", name, "--ignore-not-found", "-o", "name"))


def is_ready(cluster: Cluster, name: str) -> bool:
    """Whether the node is there and Ready."""
    condition = '{.status.conditions[?(@.type=="Ready")].status}'
    return cluster.kubectl.run("get", "node", name, "--ignore-not-found", "-o", f"jsonpath={condition}") == "True"
