"""Defines `Timeline`: what a recording says of nodes, pods, replicas, load and GPUs over time.

Everything is a pure function of the records. Steps are (time, value from then on); times are seconds since 1970, and
`since` makes them seconds since the recording began. Pods of the system (kube-system, DaemonSets) are left out.
Does not define what it cost (`spending`), the times that matter (`times`), nor the words (`narrative`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from podzol.elasticity.kinds import Fields
from podzol.elasticity.lanes import Lane, lanes
from podzol.elasticity.lives import Life, Step, area, counted, lives
from podzol.elasticity.records import Record
from podzol.elasticity.scales import Scale, scales
from podzol.elasticity.states import PHASES, SYSTEM_NAMESPACES, holds_node, phase, pool, system


@dataclass(frozen=True)
class Load:
    """What was asked of a service, and what it answered, per second."""

    name: str
    offered: list[Step]
    served: list[Step]
    latency: list[Step]
    """Mean response time in seconds, 0 while nothing is served; empty when whoever made the load doesn't say."""
    in_cores: bool = False
    """Whether it is CPU as such, in cores, and not in requests."""

    @property
    def unit(self) -> str:
        """Of its steps."""
        return "cores" if self.in_cores else "requests a second"

    @property
    def requests(self) -> tuple[float, float]:
        """How many were offered, and how many of them were served; core-seconds of a load in cores."""
        end = self.offered[-1][0]
        offered, served = (area(steps, steps[0][0], end) for steps in (self.offered, self.served))
        return offered, served


class Timeline:
    """A recording, ready to be asked.

    Args:
        records: of one recording, oldest first, at least one.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.start, self.end = records[0].at, records[-1].at
        self.listed = next((each.at for each in records if each.fields.get("what") == "listed"), self.start)
        self.nodes = self._lives("Node")
        self.claims = self._lives("NodeClaim")
        self.pods = [life for life in self._lives("Pod") if not system(life)]
        self.jobs = self._lives("Job")
        self.deployments = [life for life in self._lives("Deployment") if life.namespace not in SYSTEM_NAMESPACES]
        self.scalers = self._lives("HorizontalPodAutoscaler")

    def _lives(self, kind: str) -> list[Life]:
        """What was there before everything was listed was there from the start."""
        found = lives(self.records, kind)
        for life in found:
            life.states = [(self.start if at <= self.listed else at, state) for at, state in life.states]
        return found

    @cached_property
    def _pods_by_owner(self) -> dict[tuple[str, str], list[Life]]:
        found: dict[tuple[str, str], list[Life]] = {}
        for pod in self.pods:
            found.setdefault((pod.namespace, pod.last.get("owner", "")), []).append(pod)
        return found

    def pods_of(self, namespace: str, owner: str) -> list[Life]:
        """The pods of a workload, `Kind/name`."""
        return self._pods_by_owner.get((namespace, owner), [])

    def new(self, life: Life) -> bool:
        """Whether it came within the recording."""
        return life.began > self.start

    def since(self, at: float) -> float:
        """Seconds since the recording began."""
        return at - self.start

    @property
    def seconds(self) -> float:
        """How long it was recorded."""
        return self.end - self.start

    @cached_property
    def nodes_by_pool(self) -> dict[str, list[Step]]:
        """Ready nodes of each pool."""
        return self._counted(self.nodes, lambda life, state: {pool(state): 1.0 if state.get("ready") else 0.0})

    @cached_property
    def pods_by_phase(self) -> dict[str, list[Step]]:
        """Pods in each of `PHASES` that ever had one."""
        found = self._counted(self.pods, lambda life, state: {phase(state): 1.0})
        return {name: found[name] for name in PHASES if name in found}

    @cached_property
    def pods_by_pool(self) -> dict[str, list[Step]]:
        """Pods that need the nodes of each pool: those on them that aren't told to stop."""
        pools = {node.name: pool(node.last) for node in self.nodes}

        def amount(life: Life, state: Fields) -> dict[str, float]:
            where = pools.get(state.get("node", ""))
            return {where: 1.0} if where and holds_node(state) and not state.get("leaving") else {}

        return self._counted(self.pods, amount)

    @cached_property
    def gpus(self) -> dict[str, list[Step]]:
        """GPUs of ready nodes (`offered`), and those that pods hold (`used`)."""
        offered = self._counted(
            self.nodes,
            lambda life, state: {"offered": state.get("offers", {}).get("gpus", 0) if state.get("ready") else 0},
        )
        used = self._counted(
            self.pods, lambda life, state: {"used": state.get("asks", {}).get("gpus", 0) if holds_node(state) else 0}
        )
        return offered | used

    @property
    def gpu_seconds(self) -> tuple[float, float]:
        """GPU seconds offered, and those of them that pods held."""
        offered, used = (area(self.gpus.get(name, []), self.start, self.end) for name in ("offered", "used"))
        return offered, used

    @cached_property
    def scales(self) -> list[Scale]:
        """Every workload with an HPA, and every Deployment whose scale changed."""
        return list(scales(self.deployments, self.scalers, self.start))

    @cached_property
    def loads(self) -> list[Load]:
        """The loads that whoever made them recorded (kind `Load`, with `offered` and `served`)."""
        records = [r for r in self.records if r.kind == "Load" and {"offered", "served"} <= r.fields.keys()]

        def steps(name: str, field: str) -> list[Step]:
            return [(r.at, r.fields[field] or 0.0) for r in records if r.name == name and field in r.fields]

        return [
            Load(
                name,
                steps(name, "offered"),
                steps(name, "served"),
                steps(name, "latency_seconds"),
                any(r.fields.get("in_cores") for r in records if r.name == name),
            )
            for name in dict.fromkeys(record.name for record in records)
        ]

    @cached_property
    def lanes(self) -> list[Lane]:
        """A lane a node, pool by pool, in the order in which they came."""
        return list(lanes(self.nodes, self.claims, self.pods, self.end))

    @cached_property
    def short_names(self) -> dict[str, str]:
        """Node -> its name in a sentence."""
        return {lane.node.name: lane.words for lane in self.lanes}

    def _counted(
        self, lives: Iterable[Life], amounts: Callable[[Life, Fields], dict[str, float]]
    ) -> dict[str, list[Step]]:
        return counted(lives, amounts, self.start)
