"""Defines what is told of jobs, and of how many replicas a service is to have."""

from collections.abc import Iterator

from podzol.elasticity.kinds import Fields
from podzol.elasticity.lives import Life, value_at
from podzol.elasticity.moments import Moment
from podzol.elasticity.states import scaled_by
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import asks, duration, number, several

OF_REQUEST = {"cpu": "CPU", "memory": "memory"}
"""Metrics that are in percent of what the pods ask for."""


def jobs(timeline: Timeline) -> Iterator[Moment]:
    """A job begins, completes or fails."""
    for job in timeline.jobs:
        new = timeline.new(job)
        if new:
            yield Moment(job.began, f"the job {job.name} asks for {wish(job)}{lack(timeline, job)}")
        if (done := job.first(lambda state: state.get("complete"))) and done > timeline.start:
            failed = job.last.get("failed", 0)
            retried = f", {several(failed, 'pod')} of it having failed on the way" if failed else ""
            after = f", {duration(done - job.began)} after it was asked for" if new else ""
            yield Moment(done, f"the job {job.name} completes{after}{retried}")
        if (lost := job.first(lambda state: state.get("failure"))) and lost > timeline.start:
            yield Moment(lost, f"the job {job.name} fails: {job.last['failure']}")


def wish(job: Life) -> str:
    """What a job wants in all."""
    state = job.states[0][1]
    pods, each = state.get("parallelism", 1), asks(state.get("asks", {}))
    return each if pods == 1 else f"{several(pods, 'pod')}, each with {each}"


def lack(timeline: Timeline, job: Life) -> str:
    """That no node has a GPU, when the job wants one."""
    offered = value_at(timeline.gpus.get("offered", []), job.began)
    return "; no node has one" if job.states[0][1].get("asks", {}).get("gpus") and not offered else ""


def replicas(timeline: Timeline) -> Iterator[Moment]:
    """A HorizontalPodAutoscaler wants another number of replicas, or a Deployment without one is scaled."""
    for scaler in timeline.scalers:
        yield from wishes(scaler)
    scaled = {scaled_by(scaler) for scaler in timeline.scalers}
    for deployment in timeline.deployments:
        if (deployment.namespace, deployment.name) not in scaled:
            yield from sizes(deployment)


def wishes(scaler: Life) -> Iterator[Moment]:
    """What an HPA wants, from one number to the next, and what it saw."""
    name = scaled_by(scaler)[1] or scaler.name
    before = decided = 0
    for at, state in scaler.states:
        wanted = state.get("wanted", 0)
        seen = [reading(each) for each in state.get("metrics", []) if each["current"] is not None]
        if before and wanted not in (0, before) and (decided or seen):
            why = f": {'; '.join(seen)}" if seen else ""
            much = f"{several(wanted, 'replica')} of {name} instead of {before}"
            yield Moment(at, f"the autoscaler wants {much}{note(state, before)}{why}")
        decided = wanted
        before = wanted or state.get("had", 0)  # until its first look an autoscaler wants none


def note(state: Fields, before: int) -> str:
    """What keeps an HPA from wanting more, or from wanting fewer at once."""
    if state.get("wanted", 0) > before:
        return ", as many as it may" if state.get("limited") == "TooManyReplicas" else ""
    return f" (it waits {duration(patience)} before it wants fewer)" if (patience := state.get("patience")) else ""


def sizes(deployment: Life) -> Iterator[Moment]:
    """What somebody set."""
    before = deployment.states[0][1].get("wanted", 0)
    for at, state in deployment.states:
        wanted = state.get("wanted", 0)
        if wanted != before:
            yield Moment(at, f"{deployment.name} is scaled from {before} to {wanted}")
        before = wanted


def reading(metric: dict) -> str:
    """A metric beside its target."""
    current, target = number(metric["current"]), number(metric["target"])
    if amount := OF_REQUEST.get(metric["name"]):
        return f"they use {current} % of the {amount} that they ask for, {target} % is the target"
    return f"{metric['name']} is at {current}, its target is {target}"
