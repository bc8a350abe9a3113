"""Defines `state`: whether a workload runs as it should, in words with numbers. Says nothing about why it doesn't."""

from collections.abc import Sequence
from typing import NamedTuple

from podzol.elasticity.kinds import condition
from podzol.why.evidence import Evidence, Object, duration, holds, name_of, spec_of, status_of

ENDED = ("Succeeded", "Failed")
"""Phases of a pod that won't run again."""


class State(NamedTuple):
    """Of a workload."""

    runs: bool
    words: str


def pod_runs(pod: Object) -> bool:
    """Whether a pod is Ready, or has ended well. One that is being deleted isn't counted on any more."""
    if pod["metadata"].get("deletionTimestamp"):
        return False
    phase = status_of(pod).get("phase")
    return phase == "Succeeded" or (phase == "Running" and holds(pod, "Ready"))


def state(evidence: Evidence, it: Object, made: Sequence[Object], pods: Sequence[Object]) -> State:
    """How a workload is.

    Args:
        made: its JobSet, Jobs or ReplicaSets, newest first.
    """
    spec, status = spec_of(it), status_of(it)
    match it["kind"]:
        case "Deployment" | "StatefulSet" | "ReplicaSet":
            return _replicas(it, int(spec["replicas"] if spec.get("replicas") is not None else 1))
        case "DaemonSet":
            wanted, ready = int(status.get("desiredNumberScheduled") or 0), int(status.get("numberReady") or 0)
            return State(0 < wanted <= ready, f"{ready} of {wanted} pods are ready, one a node")
        case "Job":
            return _job(evidence, it, pods)
        case "CronJob":
            return _cron_job(evidence, it, made, pods)
        case "JobSet":
            return _job_set(evidence, it, made)
        case "TrainJob":
            return _train_job(evidence, it, made)
        case _:
            return _pod(it)


def _replicas(it: Object, wanted: int) -> State:
    status = status_of(it)
    ready, new = int(status.get("readyReplicas") or 0), int(status.get("updatedReplicas") or 0)
    if it["kind"] == "ReplicaSet":
        new = wanted
    known = int(status.get("observedGeneration") or 0) >= int(it["metadata"].get("generation") or 0)
    if not wanted:
        return State(False, "it is scaled to 0")
    rolled_out = new >= wanted and int(status.get("replicas") or 0) <= new
    if ready >= wanted and known and not rolled_out:
        return State(False, f"it rolls out a new version: {ready} of {wanted} pods are ready, old ones among them")
    return State(known and rolled_out and ready >= wanted, f"{ready} of {wanted} pods are ready")


def _job(evidence: Evidence, it: Object, pods: Sequence[Object]) -> State:
    spec, status = spec_of(it), status_of(it)
    succeeded, completions = int(status.get("succeeded") or 0), spec.get("completions")
    done = f"{succeeded} of {completions} pods have succeeded" if completions else f"{succeeded} pods have succeeded"
    if holds(it, "Complete"):
        ago = duration(evidence.since(status.get("completionTime")))
        return State(True, f"it has completed, {ago} ago: {done}")
    if failed := condition(it, "Failed"):
        return State(False, f"it has failed ({failed.get('reason')}): {done}")
    if spec.get("suspend"):
        return State(False, "it is suspended")
    active = [pod for pod in pods if status_of(pod).get("phase") not in ENDED]
    running = [pod for pod in active if pod_runs(pod)]
    words = f"{len(running)} of {len(active)} pods run" if active else "it has no pod"
    return State(bool(active) and len(running) == len(active), f"{words}, {done}")


def _cron_job(evidence: Evidence, it: Object, made: Sequence[Object], pods: Sequence[Object]) -> State:
    if spec_of(it).get("suspend"):
        return State(False, "it is suspended")
    if not made:
        if last := status_of(it).get("lastScheduleTime"):
            return State(
                True, f"it waits for its time ({spec_of(it)['schedule']}), last {duration(evidence.since(last))} ago"
            )
        return State(True, f"it waits for its first time ({spec_of(it)['schedule']})")
    runs, words = _job(evidence, made[0], pods)
    return State(runs, f"its last run, {name_of(made[0])}: {words}")


def _job_set(evidence: Evidence, it: Object, made: Sequence[Object]) -> State:
    if holds(it, "Completed"):
        return State(True, "it has completed")
    if holds(it, "Failed"):
        return State(False, f"it has failed: {condition(it, 'Failed').get('message', '')}")
    if spec_of(it).get("suspend"):
        return State(False, "it is suspended")
    states = [_job(evidence, job, evidence.made_by(job, "Pod")) for job in made]
    running = sum(each.runs for each in states)
    return State(bool(states) and running == len(states), f"{running} of {len(states)} Jobs run or are done")


def _train_job(evidence: Evidence, it: Object, made: Sequence[Object]) -> State:
    if holds(it, "Complete"):
        return State(True, "it has completed")
    if holds(it, "Failed"):
        return State(False, f"it has failed: {condition(it, 'Failed').get('message', '')}")
    if spec_of(it).get("suspend"):
        return State(False, "it is suspended")
    return _job_set(evidence, made[0], made[1:]) if made else State(False, "it has no JobSet")


def _pod(it: Object) -> State:
    phase, status = status_of(it).get("phase") or "Pending", status_of(it)
    if it["metadata"].get("deletionTimestamp"):
        return State(False, "it is being deleted")
    if phase == "Running":
        return State(pod_runs(it), "it runs" if pod_runs(it) else "it runs, but isn't ready")
    reason = f" ({status['reason']})" if status.get("reason") else ""
    return State(phase == "Succeeded", "it has completed" if phase == "Succeeded" else f"it is {phase}{reason}")
