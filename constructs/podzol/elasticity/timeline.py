"""Defines `Timeline`: what a recording says of nodes, pods, replicas, load and GPUs over time.

Everything is a pure function of the records. Steps are (time, value from then on); times are seconds since 1970, and
`since` makes them seconds since the recording began. Pods of the system (kube-system, DaemonSets) are left out.
Does not define what it cost (`spending`), the times that matter (`times`), nor the words (`narrative`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from podzol.elasticity.kinds import Fields
from podzol.elasticity.lives import Life, Step, area, counted, lives
from podzol.elasticity.records import Record

SYSTEM_NAMESPACES = ("kube-system", "kube-node-lease", "kube-public")
SYSTEM_OWNERS = ("DaemonSet/", "Node/")
OTHER_POOL = "no pool"
"""Nodes without a label that names a pool."""
PHASES = ("running", "stopping", "starting", "no room", "failed", "completed")
"""Of pods. `no room`: no node fits; `starting`: until ready, with or without a node."""
ENDED = ("Succeeded", "Failed")


@dataclass(frozen=True)
class Metric:
    """A metric of an HPA beside its target, in percent of the request or the metric's own unit."""

    name: str
    target: float
    current: list[Step]


@dataclass(frozen=True)
class Scale:
    """Replicas of a workload over time."""

    namespace: str
    name: str
    wanted: list[Step]
    ready: list[Step]
    least: int | None
    """Of its HPA; None when it has none."""
    most: int | None
    metrics: list[Metric]


@dataclass(frozen=True)
class Load:
    """What was asked of a service, and what it answered, per second."""

    name: str
    offered: list[Step]
    served: list[Step]
    latency: list[Step]
    """Mean response time in seconds, 0 while nothing is served; empty when whoever made the load doesn't say."""

    @property
    def requests(self) -> tuple[float, float]:
        """How many were offered, and how many of them were served."""
        end = self.offered[-1][0]
        offered, served = (area(steps, steps[0][0], end) for steps in (self.offered, self.served))
        return offered, served


@dataclass(frozen=True)
class Bar:
    """A pod on a node."""

    pod: Life
    since: float
    until: float

    @property
    def gpus(self) -> int:
        """GPUs that it asks for."""
        return self.pod.last.get("asks", {}).get("gpus", 0)


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
        scales = []
        for deployment in self.deployments:
            scaler = next(
                (each for each in self.scalers if scales_what(each) == (deployment.namespace, deployment.name)), None
            )
            ready = self._one(deployment, "ready")
            wanted = self._one(deployment, "wanted")
            if scaler or len({value for _, value in wanted}) > 2:
                bounds = (scaler.last.get("min"), scaler.last.get("max")) if scaler else (None, None)
                metrics = metrics_of(scaler) if scaler else []
                scales.append(Scale(deployment.namespace, deployment.name, wanted, ready, *bounds, metrics))
        return scales

    @cached_property
    def loads(self) -> list[Load]:
        """The loads that whoever made them recorded (kind `Load`, with `offered` and `served`)."""
        records = [record for record in self.records if record.kind == "Load"]

        def steps(name: str, field: str) -> list[Step]:
            return [(r.at, r.fields[field] or 0.0) for r in records if r.name == name and field in r.fields]

        return [
            Load(name, steps(name, "offered"), steps(name, "served"), steps(name, "latency_seconds"))
            for name in dict.fromkeys(record.name for record in records)
        ]

    @cached_property
    def lanes(self) -> list[Lane]:
        """A lane a node, pool by pool, in the order in which they came."""
        ordered = {claim.last.get("node"): claim.began for claim in reversed(self.claims)}
        bars: dict[str, list[Bar]] = {}
        for pod in self.pods:
            if placed := next(((at, state["node"]) for at, state in pod.states if state.get("node")), None):
                bars.setdefault(placed[1], []).append(self._bar(pod, placed[0]))
        lanes: list[Lane] = []
        counts: Counter[str] = Counter()

        def since(node: Life) -> float:
            return min(node.began, ordered.get(node.name, node.began))

        for node in sorted(self.nodes, key=lambda node: (pool(node.last), since(node), node.name)):
            where = pool(node.last)
            counts[where] += 1
            ready = node.first(lambda state: state.get("ready"))
            gone = node.ended or self.end
            name = f"{where} {counts[where]}"
            own = [replace(bar, until=min(bar.until, gone)) for bar in bars.get(node.name, [])]
            lanes.append(Lane(node, name, where, since(node), ready, gone, own))
        return lanes

    def _bar(self, life: Life, since: float) -> Bar:
        over = life.first(lambda state: state.get("phase") in ENDED)
        return Bar(life, since, min(each for each in (over, life.ended, self.end) if each is not None))

    @cached_property
    def short_names(self) -> dict[str, str]:
        """Node -> its name in a sentence."""
        return {lane.node.name: lane.words for lane in self.lanes}

    def _counted(
        self, lives: Iterable[Life], amounts: Callable[[Life, Fields], dict[str, float]]
    ) -> dict[str, list[Step]]:
        return counted(lives, amounts, self.start)

    def _one(self, life: Life, field: str) -> list[Step]:
        return self._counted([life], lambda life, state: {field: state.get(field, 0)}).get(field, [(self.start, 0.0)])


def system(life: Life) -> bool:
    """Whether a pod is the system's, not a workload's."""
    return life.namespace in SYSTEM_NAMESPACES or life.last.get("owner", "").startswith(SYSTEM_OWNERS)


def pool(state: Fields) -> str:
    """The pool of a node or of a claim."""
    return state.get("pool") or OTHER_POOL


def phase(state: Fields) -> str:
    """Which of `PHASES` a pod is in."""
    said = state.get("phase")
    if said in ENDED:
        return "completed" if said == "Succeeded" else "failed"
    if state.get("leaving"):
        return "stopping"
    if state.get("ready"):
        return "running"
    return "no room" if state.get("unschedulable") and not state.get("node") else "starting"


def holds_node(state: Fields) -> bool:
    """Whether a pod takes room on a node."""
    return bool(state.get("node")) and state.get("phase") not in ENDED


def scales_what(scaler: Life) -> tuple[str, str]:
    """Namespace and name of the Deployment that an HPA scales."""
    kind, _, name = scaler.last.get("target", "").partition("/")
    return (scaler.namespace, name) if kind == "Deployment" else ("", "")


def metrics_of(scaler: Life) -> list[Metric]:
    """The metrics of an HPA that were ever measured."""
    found: dict[str, Metric] = {}
    for at, state in scaler.states:
        for each in state.get("metrics", []):
            if each["target"] is not None and each["current"] is not None:
                metric = found.setdefault(each["name"], Metric(each["name"], each["target"], []))
                metric.current.append((at, each["current"]))
    return list(found.values())
