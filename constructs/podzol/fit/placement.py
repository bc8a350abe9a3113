"""Defines `Placement`: which pools take a pod, on which machines and in which zones, and why the others don't."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from podzol.fit import ports, resources, selector, spread, taints
from podzol.fit.offers import NodeOffer, PoolOffer
from podzol.fit.pods import Pod
from podzol.kubernetes.node_labels import ZONE

QUESTIONS: tuple[Callable[[Pod, NodeOffer], Iterator[str]], ...] = (
    selector.why_not,
    taints.why_not,
    resources.why_not,
    ports.why_not,
    spread.why_not,
)
"""Each gives the reasons why a node does not take a pod; none when it does."""


@dataclass(frozen=True)
class Placement:
    """A pod and a pool."""

    pod: Pod
    pool: PoolOffer
    asked: tuple[NodeOffer, ...]
    """The kinds of node (of a running cluster, the nodes) that were asked."""
    nodes: tuple[NodeOffer, ...]
    """Those of them that take the pod; none: the pool doesn't."""

    @property
    def fits(self) -> bool:
        return bool(self.nodes)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why the pool does not take the pod, by the node that comes nearest; empty where it does. Of a node that the
        pod doesn't want nothing more is said."""
        if self.fits:
            return ()
        nearest: tuple[str, ...] = ()
        for node in self.asked:
            found = tuple(selector.why_not(self.pod, node))
            found = found or tuple(reason for question in QUESTIONS for reason in question(self.pod, node))
            if not nearest or len(found) < len(nearest):
                nearest = found
            if len(nearest) == 1:
                break
        return nearest or ("it has no nodes",)


def place(pod: Pod, pool: PoolOffer) -> Placement:
    """Ask every kind of node of the pool; zone by zone only if the pod speaks of zones."""
    asked = tuple(each for node in pool.nodes for each in node.by_zone) if ZONE in pod.keys else pool.nodes
    return Placement(pod, pool, asked, tuple(node for node in asked if takes(pod, node)))


def takes(pod: Pod, node: NodeOffer) -> bool:
    """Whether the scheduler would put the pod on this node, with nothing else waiting."""
    for question in QUESTIONS:
        for _ in question(pod, node):
            return False
    return True
