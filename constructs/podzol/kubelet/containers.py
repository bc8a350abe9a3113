"""Defines `Container`: what is known of one container of a pod, and when it may start again after it has ended.

Pure: no process, no clock. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (2026-11-23), also
for the rules by exit code, which are beta since Kubernetes 1.35.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

BACK_OFF_SECONDS = 10.0
"""After the second end in a row; the first restart comes at once, and each next pause is twice as long."""
MOST_BACK_OFF_SECONDS = 300.0
FORGIVEN_SECONDS = 600.0
"""A container that ran so long begins anew with its pauses."""

Role = Literal["init", "sidecar", "main"]
Policy = Literal["Always", "OnFailure", "Never"]


@dataclass(frozen=True)
class Waiting:
    """It doesn't run yet."""

    reason: str = "ContainerCreating"
    message: str = ""


@dataclass(frozen=True)
class Running:
    """It runs since `started`, in seconds since 1970."""

    started: float


@dataclass(frozen=True)
class Ended:
    """It ran, and how that ended."""

    exit_code: int
    started: float
    finished: float
    reason: str = ""
    message: str = ""

    @property
    def why(self) -> str:
        """The reason that the status gives."""
        return self.reason or ("Completed" if self.exit_code == 0 else "Error")


@dataclass
class Container:
    """One container, as far as it has come."""

    name: str
    role: Role
    policy: Policy = "Always"
    """Whether it is started again after an end."""
    rules: list[dict[str, Any]] = field(default_factory=list)
    """Exit codes after which it is started again whatever the policy says (restartPolicyRules)."""
    state: Waiting | Running | Ended = field(default_factory=Waiting)
    last: Ended | None = None
    """How the run before this state ended."""
    restarts: int = 0
    started: bool = False
    """It runs, and its startup probe has succeeded."""
    ready: bool = False
    """It is started, and its readiness probe succeeds."""
    stopping: bool = False
    not_before: float = 0.0
    """When it may be tried again, in seconds since 1970."""
    pause: float = 0.0
    """The next pause after an end, in seconds."""
    tries: int = 0
    """Failed attempts to prepare its start since the last start."""

    @property
    def next_run(self) -> int:
        """The number of the run that would come next."""
        return self.restarts + (self.last is not None or isinstance(self.state, Ended))

    @property
    def restarts_again(self) -> bool:
        """Whether it is to be started now that it has ended."""
        assert isinstance(self.state, Ended)
        code = self.state.exit_code
        if any(names(rule["exitCodes"], code) for rule in self.rules if rule["action"] == "Restart"):
            return True
        return self.policy == "Always" or (self.policy == "OnFailure" and code != 0)

    def runs(self, now: float) -> None:
        """It has been started."""
        self.restarts = self.next_run
        if isinstance(self.state, Ended):
            self.last = self.state
        self.state, self.tries, self.stopping = Running(now), 0, False

    def ends(self, end: Ended) -> None:
        """It has ended by itself, or was made to."""
        if end.finished - end.started >= FORGIVEN_SECONDS:
            self.pause = 0.0
        self.not_before = end.finished + self.pause
        self.pause = min(MOST_BACK_OFF_SECONDS, max(BACK_OFF_SECONDS, 2 * self.pause))
        self.state, self.ready, self.started, self.stopping = end, False, False, False

    def can_not_start(self, reason: str, message: str, now: float) -> None:
        """What its start needs isn't there: an image, a ConfigMap. It is tried again, later each time."""
        if isinstance(self.state, Ended):
            self.last = self.state
        self.state = Waiting(reason, message)
        self.not_before = now + min(MOST_BACK_OFF_SECONDS, BACK_OFF_SECONDS * 2**self.tries)
        self.tries += 1


def containers_of(pod: dict[str, Any], now: float) -> dict[str, Container]:
    """The containers of a pod, in the order of their start, none of them running: what the pod's status says that
    runs was lost with the agent that ran it."""
    spec, status = pod["spec"], pod.get("status", {})
    before = {it["name"]: it for key in ("initContainerStatuses", "containerStatuses") for it in status.get(key) or []}
    inits, mains = spec.get("initContainers") or [], spec["containers"]
    every = [container_of(spec, each, is_init=True) for each in inits]
    every += [container_of(spec, each, is_init=False) for each in mains]
    for container in every:
        recall(container, before.get(container.name, {}), now)
    return {container.name: container for container in every}


def container_of(spec: dict[str, Any], each: dict[str, Any], is_init: bool) -> Container:
    """A container that has never run. Its own restart policy goes before the pod's; an init container that always
    restarts is a sidecar, and in a pod that always restarts the others are done when they have succeeded."""
    own = each.get("restartPolicy")
    policy = own or spec.get("restartPolicy", "Always")
    role: Role = "main" if not is_init else "sidecar" if own == "Always" else "init"
    if role == "init" and policy == "Always":
        policy = "OnFailure"
    return Container(each["name"], role, policy, each.get("restartPolicyRules") or [])


def names(exit_codes: dict[str, Any], code: int) -> bool:
    """Whether a rule is about an exit code."""
    return (code in exit_codes.get("values", [])) == (exit_codes["operator"] == "In")


def recall(container: Container, status: dict[str, Any], now: float) -> None:
    """Take over what a container's status tells of it."""
    container.restarts = status.get("restartCount", 0)
    state, last = status.get("state", {}), status.get("lastState", {}).get("terminated")
    if last:
        container.last = ended(last)
    if "terminated" in state:
        container.state = ended(state["terminated"])
    elif "running" in state:
        started = seconds(state["running"]["startedAt"])
        container.state = Ended(137, started, now, "ContainerStatusUnknown", "the agent that ran it has gone")


def ended(terminated: dict[str, Any]) -> Ended:
    """An end, as the API spells it."""
    started, finished = (seconds(terminated.get(key)) for key in ("startedAt", "finishedAt"))
    return Ended(terminated["exitCode"], started, finished, terminated.get("reason", ""), terminated.get("message", ""))


def seconds(moment: str | None) -> float:
    """A time of the API in seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
