"""Defines the status that a pod on a real node has: phase, conditions, and the state of each container.

Pure. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions (2026-11-23).
"""

from datetime import UTC, datetime
from typing import Any

from podzol.kubelet.containers import BACK_OFF_SECONDS, Container, Ended, Running, Waiting
from podzol.kubelet.left_out import debugging
from podzol.kubelet.lifecycle import Containers, is_initialised, is_over, phase_of, succeeded

Object = dict[str, Any]


def status_of(
    pod: Object,
    containers: Containers,
    now: float,
    ip: str,
    host_ip: str,
    ending: bool = False,
    why: Object | None = None,
) -> Object:
    """The pod's status now, as a strategic merge patch: conditions that others write stay as they are.

    Args:
        ip: of the pod; empty while it has none.
        ending: it was deleted, or has to end for another reason.
        why: `reason` and `message` of that.
    """
    spec, before = pod["spec"], pod.get("status", {})
    phase = phase_of(containers, ending)
    over = ending or is_over(containers)
    every = {each.name: container_status(pod, each, containers, over) for each in containers.values()}
    mains = [every[each["name"]] for each in spec["containers"]]
    others = [every[each["name"]] for each in spec.get("initContainers") or []]
    status: Object = {
        "phase": phase,
        "startTime": before.get("startTime", moment(now)),
        "hostIP": host_ip,
        "hostIPs": [{"ip": host_ip}],
        "observedGeneration": pod["metadata"].get("generation", 1),
        "conditions": conditions(pod, containers, phase, now, ip),
        "containerStatuses": mains,
        **(why or {}),
    }
    if debuggers := debugging(pod):
        status["ephemeralContainerStatuses"] = debuggers
    if others:
        status["initContainerStatuses"] = others
    if ip:
        status |= {"podIP": ip, "podIPs": [{"$patch": "replace"}, {"ip": ip}]}
    return status


def conditions(pod: Object, containers: Containers, phase: str, now: float, ip: str) -> list[Object]:
    """The conditions that a kubelet writes; one that hasn't changed keeps its time."""
    before = {each["type"]: each for each in pod.get("status", {}).get("conditions", [])}
    over = {"Succeeded": "PodCompleted", "Failed": "PodFailed"}.get(phase, "")
    # after the main containers have ended, sidecars count no more; before, every container that lasts does
    lasting = [each for each in containers.values() if each.role != "init"]
    unready = [each.name for each in lasting if not each.ready]
    uninitialised = [each.name for each in containers.values() if each.role == "init" and not succeeded(each)]
    uninitialised += [
        each.name for each in containers.values() if each.role == "sidecar" and not each.started and not over
    ]
    gates = [gate["conditionType"] for gate in pod["spec"].get("readinessGates") or []]
    closed = [gate for gate in gates if before.get(gate, {}).get("status") != "True"]

    which = "" if over else f"containers with unready status: [{' '.join(unready)}]"
    containers_ready = verdict(not unready, over or "ContainersNotReady", which)
    ready = containers_ready
    if not unready and closed:
        ready = verdict(
            False, "ReadinessGatesNotReady", f"corresponding condition of pod readiness gate {closed[0]} is not True"
        )
    found = {
        "PodReadyToStartContainers": verdict(bool(ip) and not over, "", ""),
        "Initialized": verdict(
            is_initialised(containers) or phase == "Succeeded",
            "ContainersNotInitialized",
            f"containers with incomplete status: [{' '.join(uninitialised)}]",
        ),
        "Ready": ready,
        "ContainersReady": containers_ready,
    }
    return [condition(kind, now, before.get(kind, {}), **what) for kind, what in found.items()]


def verdict(holds: bool, reason: str, message: str) -> dict[str, str]:
    """A condition's status, and why it doesn't hold."""
    if holds:
        return {"status": "True"}
    return {key: text for key, text in (("status", "False"), ("reason", reason), ("message", message)) if text}


def condition(kind: str, now: float, before: Object, **what: str) -> Object:
    """One condition; its time is when it last changed. Written as a patch: what it doesn't say any more is None."""
    changed = before.get("lastTransitionTime") if before.get("status") == what["status"] else None
    times = {"lastProbeTime": None, "lastTransitionTime": changed or moment(now)}
    return {"type": kind, "reason": None, "message": None, **times, **what}


def container_status(pod: Object, container: Container, containers: Containers, over: bool) -> Object:
    """The status of one container.

    Args:
        over: nothing of the pod is started any more.
    """
    spec = pod["spec"]
    each = next(it for it in [*spec["containers"], *(spec.get("initContainers") or [])] if it["name"] == container.name)
    now, last = shown(pod, container, over)
    return {
        "name": container.name,
        "image": each["image"],
        "imageID": "",
        **({} if isinstance(now, Waiting) else {"containerID": f"process://{pod['metadata']['uid']}/{container.name}"}),
        "restartCount": container.restarts,
        "ready": succeeded(container) if container.role == "init" else container.ready,
        "started": container.started,
        "state": state(now, container.role == "main" and not is_initialised(containers)),
        "lastState": {"terminated": terminated(last)} if last else {},
    }


def shown(pod: Object, container: Container, over: bool) -> tuple[Waiting | Running | Ended, Ended | None]:
    """The state and the one before, as the status shows them: a container that is to start again waits for that."""
    if isinstance(container.state, Ended) and not over and container.restarts_again:
        return Waiting("CrashLoopBackOff", back_off(pod, container)), container.state
    return container.state, container.last


def back_off(pod: Object, container: Container) -> str:
    """What a container that failed again and again waits for."""
    seconds = max(container.pause / 2, BACK_OFF_SECONDS)
    return f"back-off {seconds:.0f}s restarting failed container={container.name} pod={full_name(pod)}"


def full_name(pod: Object) -> str:
    """A pod's name as the kubelet says it."""
    meta = pod["metadata"]
    return f"{meta['name']}_{meta['namespace']}({meta['uid']})"


def state(now: Waiting | Running | Ended, initialising: bool) -> Object:
    """A container's state, as the API spells it."""
    match now:
        case Running(started):
            return {"running": {"startedAt": moment(started)}}
        case Ended() as end:
            return {"terminated": terminated(end)}
        case Waiting(reason, message):
            reason = "PodInitializing" if initialising and reason == "ContainerCreating" else reason
            return {"waiting": {"reason": reason, **({"message": message} if message else {})}}


def terminated(end: Ended) -> Object:
    """How a run ended."""
    told = {"message": end.message} if end.message else {}
    return {
        "exitCode": end.exit_code,
        "reason": end.why,
        **told,
        "startedAt": moment(end.started),
        "finishedAt": moment(end.finished),
    }


def moment(seconds: float) -> str:
    """A time as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
