"""Defines a machine that fails without notice, and how one is turned off and taken away.

A machine is off when its heartbeat stops: somebody else holds its lease, so kwok, which plays its kubelet, keeps its
hands off. All that follows is real: the node lifecycle controller finds the lease too old, makes the node NotReady,
taints it, and evicts its pods when they have tolerated that; once the Node is gone, the pod garbage collector fails
what was on it.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from podzol.local.cluster import Cluster
from podzol.local.faults import floor
from podzol.local.faults.nodes import is_ready, is_there, node_of
from podzol.local.faults.told import tell
from podzol.local.simulation import MACHINE, OFF
from podzol.local.waiting import wait

FOR_EVER_SECONDS = 2**31 - 1


def fail(cluster: Cluster, name: str, gone: bool = True) -> None:
    """The machine of a node fails. Returns when the node is gone, or NotReady.

    Args:
        gone: the cloud ends the machine, so its Node goes as soon as it isn't Ready; else it hangs until `mend`.

    Raises:
        UserError: there is no such node.
        Failure: nobody notices.
    """
    node_of(cluster, name)
    tell(cluster, "Node", name, "MachineFailed", "its machine is gone" if gone else "its machine hangs")
    turn_off(cluster, [name])
    if gone:
        take_away(cluster, [name])
        floor.keep(cluster)
    else:
        wait_until_noticed(cluster, name)


def mend(cluster: Cluster, name: str) -> None:
    """A machine that hung goes on, with the pods that are still on it. Returns when its node is Ready."""
    node_of(cluster, name)
    cluster.kubectl.run("annotate", "pods", "-A", f"--field-selector=spec.nodeName={name}", f"{MACHINE}-")
    lease(cluster, name, holder=None, seconds=1)
    wait(lambda: is_ready(cluster, name), f"{name} to be Ready")


def turn_off(cluster: Cluster, names: Sequence[str]) -> None:
    """Stop the heartbeat of these nodes, and all that happens on them."""
    for name in names:
        frozen = [f"--field-selector=spec.nodeName={name}", f"{MACHINE}={OFF}", "--overwrite"]
        cluster.kubectl.run("annotate", "pods", "-A", *frozen)
        lease(cluster, name, holder="nobody", seconds=FOR_EVER_SECONDS)


def take_away(cluster: Cluster, names: Sequence[str]) -> None:
    """Delete the Nodes of machines that are gone when they aren't Ready, as a cloud's node controller does.

    Source: https://kubernetes.io/docs/concepts/architecture/cloud-controller/#node-controller (2026-11-23).
    """
    for name in names:
        wait_until_noticed(cluster, name)
        cluster.kubectl.run("delete", "node", name, "--ignore-not-found", "--wait=false")
    wait(lambda: not any(is_there(cluster, name) for name in names), f"{', '.join(names)} to go")


def wait_until_noticed(cluster: Cluster, name: str) -> None:
    """Wait until the node isn't Ready, or gone."""
    wait(lambda: not is_ready(cluster, name), f"{name} to be NotReady")


def lease(cluster: Cluster, name: str, holder: str | None, seconds: int) -> None:
    """Say who holds a node's lease, and for how long.

    It counts as renewed now: the controller trusts no lease that changed otherwise.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    patch = json.dumps({"spec": {"holderIdentity": holder, "leaseDurationSeconds": seconds, "renewTime": now}})
    cluster.kubectl.run("patch", "lease", name, "-n", "kube-node-lease", "--type=merge", "-p", patch)
