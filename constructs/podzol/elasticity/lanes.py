"""Defines `Lane`: a node from its order until it is gone, and the pods that were on it. Not how one is drawn."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from podzol.elasticity.lives import Life
from podzol.elasticity.states import ENDED, pool


@dataclass(frozen=True)
class Bar:
    """A pod on a node."""

    pod: Life
    since: float
    until: float


@dataclass(frozen=True)
class Lane:
    """A node: ordered, ready, gone, and the pods that were on it."""

    node: Life
    name: str
    """Short: the pool and a number, such as `gpu-pool 1`; clouds' own names are long."""
    pool: str
    ordered: float
    ready: float | None
    gone: float
    bars: list[Bar]

    @property
    def words(self) -> str:
        """Its name in a sentence."""
        return f"node {self.name.rpartition(' ')[2]} of {self.pool}"


def lanes(nodes: Iterable[Life], claims: Iterable[Life], pods: Iterable[Life], end: float) -> Iterator[Lane]:
    """A lane a node, pool by pool, in the order in which they came."""
    claimed: dict[str, float] = {}
    for claim in claims:
        claimed.setdefault(claim.last.get("node", ""), claim.began)
    on_node: dict[str, list[tuple[float, Life]]] = {}
    for pod in pods:
        if placed := next(((at, state["node"]) for at, state in pod.states if state.get("node")), None):
            on_node.setdefault(placed[1], []).append((placed[0], pod))
    counts: Counter[str] = Counter()

    def ordered(node: Life) -> float:
        return min(node.began, claimed.get(node.name, node.began))

    for node in sorted(nodes, key=lambda node: (pool(node.last), ordered(node), node.name)):
        where = pool(node.last)
        counts[where] += 1
        ready = node.first(lambda state: state.get("ready"))
        gone = node.ended or end
        bars = [Bar(pod, since, min(_over(pod), gone)) for since, pod in on_node.get(node.name, [])]
        yield Lane(node, f"{where} {counts[where]}", where, ordered(node), ready, gone, bars)


def _over(pod: Life) -> float:
    """When it no longer took room on its node."""
    over = pod.first(lambda state: state.get("phase") in ENDED)
    return min((at for at in (over, pod.ended) if at is not None), default=float("inf"))
