"""Defines `decide`: which containers of a pod to start and to stop now, and the phase that the pod is in.

Pure, so every rule can be tested without a process or a cluster.
Sources, read on 2026-11-23: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/,
https://kubernetes.io/docs/concepts/workloads/pods/init-containers/ and .../sidecar-containers/.
"""

from dataclasses import dataclass, field
from typing import Literal

from podzol.kubelet.containers import Container, Ended, Running

Phase = Literal["Pending", "Running", "Succeeded", "Failed"]
Containers = dict[str, Container]


@dataclass
class Decision:
    """What to do with a pod now."""

    start: list[str] = field(default_factory=list)
    stop: list[str] = field(default_factory=list)
    wake_at: float | None = None
    """When to ask again although nothing has happened, in seconds since 1970."""
    done: bool = False
    """Nothing runs, and nothing will."""


def decide(containers: Containers, now: float, ending: bool = False) -> Decision:
    """What a pod's containers need now.

    Args:
        ending: the pod was deleted, or has to end for another reason.
    """
    decision = Decision()
    if ending or is_over(containers):
        wind_down(containers, decision)
        return decision
    initialised = is_initialised(containers)
    for container in containers.values():
        begin(container, now, decision)
        if not initialised and not is_through(container):
            break
    return decision


def begin(container: Container, now: float, decision: Decision) -> None:
    """Start the container if it is its turn, or say when it is."""
    if isinstance(container.state, Running) or not is_to_start(container):
        return
    if now >= container.not_before:
        decision.start.append(container.name)
    else:
        decision.wake_at = min(container.not_before, decision.wake_at or container.not_before)


def wind_down(containers: Containers, decision: Decision) -> None:
    """Stop what runs: first the rest, then the sidecars from the last to the first."""
    running = [each for each in containers.values() if isinstance(each.state, Running)]
    decision.done = not running
    others = [each for each in running if each.role != "sidecar"]
    for container in others or running[-1:]:
        if not container.stopping:
            decision.stop.append(container.name)


def is_to_start(container: Container) -> bool:
    """Whether a container that doesn't run is to be started, first or again."""
    return not isinstance(container.state, Ended) or container.restarts_again


def succeeded(container: Container) -> bool:
    """Whether it has ended well."""
    return isinstance(container.state, Ended) and container.state.exit_code == 0


def is_over(containers: Containers) -> bool:
    """Whether nothing is left to do: an init container failed for good, or every main one has ended for good."""
    if any(not succeeded(each) and not is_to_start(each) for each in containers.values() if each.role == "init"):
        return True
    return all(not is_to_start(each) for each in containers.values() if each.role == "main")


def is_initialised(containers: Containers) -> bool:
    """Whether the main containers may start. Once one has, they don't wait for a sidecar that starts again."""
    every = containers.values()
    begun = any(each.role == "main" and not waits_for_the_first_time(each) for each in every)
    return begun or all(is_through(each) for each in every if each.role != "main")


def is_through(container: Container) -> bool:
    """Whether the containers after it may start."""
    return container.started if container.role == "sidecar" else succeeded(container)


def phase_of(containers: Containers, ending: bool = False) -> Phase:
    """The pod's phase.

    Args:
        ending: the pod has to end, so nothing is started again.
    """
    mains = [each for each in containers.values() if each.role == "main"]
    nothing_runs = not any(isinstance(each.state, Running) for each in containers.values())
    if nothing_runs and (ending or is_over(containers)):
        return "Succeeded" if all(map(succeeded, mains)) else "Failed"
    begun = [each for each in mains if not waits_for_the_first_time(each)]
    return "Running" if len(begun) == len(mains) else "Pending"


def waits_for_the_first_time(container: Container) -> bool:
    """Whether it has never run."""
    return not isinstance(container.state, Running | Ended) and container.last is None
