"""Defines what the faults read of a cluster's nodes, and how they wait for what the real controllers do."""

import time
from collections.abc import Callable
from typing import Any

from podzol.faults import Failure, Fault, UserError
from podzol.local.cluster import Cluster
from podzol.local.karpenter import Elastic, elastic_of

Node = dict[str, Any]

WAIT_SECONDS = 300
"""Longer than any controller takes."""
POLL_SECONDS = 0.5
WITHDRAWN = "withdrawn"
"""In the cluster's record: of what the cloud has no machine now."""
ZONE = "topology.kubernetes.io/zone"


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


def is_withdrawn(cluster: Cluster, what: str) -> bool:
    """Whether the cloud has no machine of a pool, of a type or in a zone now."""
    return what in withdrawn(cluster)


def withdrawn(cluster: Cluster) -> set[str]:
    """Of what the cloud has no machine now."""
    return set(cluster.facts.get(WITHDRAWN, []))


def one_of(names: Any) -> str:
    """What to do where a name isn't known."""
    return f"take one of {', '.join(sorted(names))}" if names else "there is none now"


def is_there(cluster: Cluster, name: str) -> bool:
    """Whether the node is still there."""
    return bool(cluster.kubectl.run("get", "node", name, "--ignore-not-found", "-o", "name"))


def is_ready(cluster: Cluster, name: str) -> bool:
    """Whether the node is there and Ready."""
    condition = '{.status.conditions[?(@.type=="Ready")].status}'
    return cluster.kubectl.run("get", "node", name, "--ignore-not-found", "-o", f"jsonpath={condition}") == "True"


def is_served(cluster: Cluster) -> bool:
    """Whether the API server answers."""
    try:
        return cluster.kubectl.run("get", "--raw", "/readyz") == "ok"
    except Failure:
        return False


def wait(reached: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> None:
    """Wait until it is so.

    Raises:
        Failure: it isn't in time.
    """
    if not reached_within(reached, seconds):
        raise Failure(f"waited {seconds:.0f} s for {what}")


def reached_within(reached: Callable[[], bool], seconds: float) -> bool:
    """Wait until it is so or the time is up; whether it is so."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
