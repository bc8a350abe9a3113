"""Defines a spot machine that the cloud takes back: notice, then it is off.

On a cloud the notice comes by a queue (AWS) or from the machine itself (Google Cloud), and whoever keeps the nodes acts
on it. Karpenter deletes the NodeClaim, which taints the node, drains it and asks for another machine; a node group
drains the node and makes a new one. Here the notice does just that. When it is over the machine is off, drained or not.
Source: https://karpenter.sh/docs/concepts/disruption/#interruption (2026-11-23).
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from podzol.faults import Failure, Fault, UserError
from podzol.kubernetes.accelerators import CAPACITY_TYPE
from podzol.local import karpenter
from podzol.local.cluster import Cluster
from podzol.local.faults import floor, machine
from podzol.local.faults.nodes import Node, is_there, node_of, pools_of
from podzol.local.faults.told import tell
from podzol.local.waiting import ASK_API_SECONDS, within


def reclaim(cluster: Cluster, name: str, notice_seconds: float | None = None) -> None:
    """The cloud takes the machine of a node back. Returns when the node is gone.

    Args:
        notice_seconds: until the machine is off; as the cloud gives when None: 120 on AWS, 30 on Google Cloud.

    Raises:
        UserError: there is no such node, or it isn't spot.
    """
    node, elastic = node_of(cluster, name), pools_of(cluster)
    if (kind := node["metadata"]["labels"].get(CAPACITY_TYPE)) != "spot":
        raise UserError([Fault("NODE", "must be a spot node", f"{name} ({kind})", "take a node of a spot pool")])
    notice = elastic.pace.notice_seconds(elastic.spec) if notice_seconds is None else notice_seconds
    tell(cluster, "Node", name, "SpotInterrupted", f"the spot machine is taken back in {notice:.0f} s")
    actions = (drain, replace) if floor.is_floor(name) else (give_up,)
    with ThreadPoolExecutor() as keepers:
        doing = [keepers.submit(action, cluster, node, notice) for action in actions]
        if not within(notice, lambda: not is_there(cluster, name), ASK_API_SECONDS):
            machine.turn_off(cluster, [name])
            machine.take_away(cluster, [name])
    for each in doing:
        each.result()


def give_up(cluster: Cluster, node: Node, notice: float) -> None:
    """What Karpenter does at the notice: it deletes the claim."""
    for claim in cluster.kubectl.items("nodeclaims"):
        if karpenter.node_of(claim) == node["metadata"]["name"]:
            cluster.kubectl.run("delete", "nodeclaim", claim["metadata"]["name"], "--wait=false")


def drain(cluster: Cluster, node: Node, notice: float) -> None:
    """What a node group does at the notice: it drains the node, as far as it comes."""
    arguments = ["--ignore-daemonsets", "--delete-emptydir-data", "--force", f"--timeout={notice:.0f}s"]
    with suppress(Failure):  # not drained in time, as when a PodDisruptionBudget holds a pod
        cluster.kubectl.run("drain", node["metadata"]["name"], *arguments)


def replace(cluster: Cluster, node: Node, notice: float) -> None:
    """And it makes another."""
    floor.keep(cluster, leaving=[node["metadata"]["name"]])
