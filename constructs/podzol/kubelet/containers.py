"""Defines `Container`: what is known of one container of a pod, and when it may start again after it has ended.

Pure: no process, no clock. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ (2026-11-23).
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
    every = {}
    for each in spec.get("initContainers") or []:
        role: Role = "sidecar" if each.get("restartPolicy") == "Always" else "init"
        every[each["name"]] = known(each["name"], role, before.get(each["name"], {}), now)
    for each in spec["containers"]:
        every[each["name"]] = known(each["name"], "main", before.get(each["name"], {}), now)
    return every


def known(name: str, role: Role, status: dict[str, Any], now: float) -> Container:
    """A container as its status tells of it."""
    container = Container(name, role, restarts=status.get("restartCount", 0))
    state, last = status.get("state", {}), status.get("lastState", {}).get("terminated")
    if last:
        container.last = ended(last)
    if "terminated" in state:
        container.state = ended(state["terminated"])
    elif "running" in state:
        started = seconds(state["running"]["startedAt"])
        container.state = Ended(137, started, now, "ContainerStatusUnknown", "the agent that ran it has gone")
    return container


def ended(terminated: dict[str, Any]) -> Ended:
    """An end, as the API spells it."""
    started, finished = (seconds(terminated.get(key)) for key in ("startedAt", "finishedAt"))
    return Ended(terminated["exitCode"], started, finished, terminated.get("reason", ""), terminated.get("message", ""))


def seconds(moment: str | None) -> float:
    """A time of the API in seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
