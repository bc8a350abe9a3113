"""Defines `Placement`: which pools take a pod, on which machines and in which zones, and why the others don't."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from podzol.fit import ports, resources, selector, spread, taints
from podzol.fit.offers import ZONE, NodeOffer, PoolOffer
from podzol.fit.pods import Pod

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

    pool: PoolOffer
    nodes: tuple[NodeOffer, ...]
    """The kinds of node (of a running cluster, the nodes) that take the pod; none: the pool doesn't."""
    reasons: tuple[str, ...]
    """Why the pool does not, by the node that comes nearest; empty where it does."""

    @property
    def fits(self) -> bool:
        return bool(self.nodes)


def place(pod: Pod, pool: PoolOffer) -> Placement:
    """Ask every kind of node of the pool; zone by zone only if the pod speaks of zones."""
    kinds = [each for node in pool.nodes for each in node.by_zone] if ZONE in pod.keys else pool.nodes
    taking = tuple(node for node in kinds if takes(pod, node))
    return Placement(pool, taking, () if taking else _nearest(pod, tuple(kinds)))


def takes(pod: Pod, node: NodeOffer) -> bool:
    """Whether the scheduler would put the pod on this node, with nothing else waiting."""
    return not any(True for question in QUESTIONS for _ in question(pod, node))


def _nearest(pod: Pod, kinds: tuple[NodeOffer, ...]) -> tuple[str, ...]:
    """The shortest list of reasons, of two the first. Of a node that the pod doesn't want nothing more is said."""
    lists = [
        tuple(selector.why_not(pod, node)) or tuple(reason for question in QUESTIONS for reason in question(pod, node))
        for node in kinds
    ]
    return min(lists, key=len, default=("it has no nodes",))
