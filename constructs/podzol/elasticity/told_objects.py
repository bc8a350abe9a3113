"""Defines what is told of jobs, pods, nodes and replicas: each function gives the moments of one kind."""

from collections.abc import Iterator

from podzol.elasticity.lives import Life, value_at
from podzol.elasticity.moments import Moment
from podzol.elasticity.timeline import OTHER_POOL, Timeline, phase, pool, scales_what
from podzol.elasticity.words import asks, duration, number, several

DISRUPTED_TAINT = "karpenter.sh/disrupted"
"""On a node that Karpenter empties. Source: https://karpenter.sh/docs/concepts/disruption/ (2026-11-23)."""
FLICKER_SECONDS = 2.0
"""A pod that finds room within this time isn't told of: the scheduler was only busy."""


def jobs(timeline: Timeline) -> Iterator[Moment]:
    """A job begins, completes or fails."""
    for job in timeline.jobs:
        if timeline.new(job):
            yield Moment(job.began, f"the job {job.name} asks for {wish(job)}{lack(timeline, job)}")
        if done := job.first(lambda state: state.get("complete")):
            failed = job.last.get("failed", 0)
            retried = f", {several(failed, 'pod')} of it having failed on the way" if failed else ""
            after = f", {duration(done - job.began)} after it was asked for" if timeline.new(job) else ""
            yield Moment(done, f"the job {job.name} completes{after}{retried}")
        if lost := job.first(lambda state: state.get("failure")):
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


def pods(timeline: Timeline) -> Iterator[Moment]:
    """A pod finds no room, gets ready, is driven out or fails."""
    for pod in timeline.pods:
        who = whose(pod)
        placed = pod.first(lambda state: state.get("node")) or pod.ended or timeline.end
        if (waits := pod.first(lambda state: phase(state) == "no room")) and placed - waits > FLICKER_SECONDS:
            why = reasons(next(state["unschedulable"] for _, state in pod.states if state.get("unschedulable")))
            yield Moment(waits, f"a pod of {who} finds no room: {why}", f"{{n}} pods of {who} find no room: {why}", who)
        ready = pod.first(lambda state: state.get("ready"))
        if ready and ready > timeline.start:
            node = next((state["node"] for _, state in pod.states if state.get("node")), "")
            yield Moment(
                ready, f"a pod of {who} runs on {timeline.short_names.get(node, node)}", f"{{n}} pods of {who} run"
            )
        if driven := pod.first(lambda state: state.get("disrupted")):
            why = next(state["disrupted"] for _, state in pod.states if state.get("disrupted"))
            yield Moment(driven, f"a pod of {who} has to go ({why})", f"{{n}} pods of {who} have to go ({why})")
        if failed := pod.first(lambda state: state.get("phase") == "Failed"):
            codes = [code for code in pod.last.get("exit_codes", []) if code]
            why = f"exit code {codes[0]}" if codes else pod.last.get("reason") or "no exit code"
            yield Moment(failed, f"a pod of {who} fails ({why})", f"{{n}} pods of {who} fail ({why})")


def nodes(timeline: Timeline) -> Iterator[Moment]:
    """A machine is ordered, comes, is emptied, goes."""
    for claim in timeline.claims:
        if timeline.new(claim):
            machine = next((state["machine"] for _, state in claim.states if state.get("machine")), "machine")
            where = named(pool(claim.states[0][1]))
            many = f"Karpenter adds {{n}} nodes to {where}"
            yield Moment(claim.began, f"Karpenter adds a node ({machine}) to {where}", many)
    reasons_to_go = disruptions(timeline)
    for lane in timeline.lanes:
        node, where = lane.node, named(lane.pool)
        if lane.ready and lane.ready > timeline.start:
            waited = lane.ready - lane.ordered
            after = f", {duration(waited)} after it was ordered" if waited > 1 else ""
            yield Moment(lane.ready, f"{lane.words} is ready{after}", f"{{n}} nodes of {where} are ready")
        leaves = node.first(lambda state: state.get("leaving") or DISRUPTED_TAINT in state.get("taints", []))
        lost = unready_again(node)
        if lost and not (leaves and leaves <= lost):
            yield Moment(lost, f"{lane.words} is not ready any more", f"{{n}} nodes of {where} are not ready any more")
        if leaves and (node.ended or timeline.end) - leaves > FLICKER_SECONDS:
            why = reasons_to_go.get(node.name, "")
            one, many = f"{lane.words} is being emptied{why}", f"{{n}} nodes of {where} are being emptied{why}"
            yield Moment(leaves, one, many, f"emptied {where}")
        if node.ended:
            left = value_at(timeline.nodes_by_pool.get(lane.pool, []), node.ended)
            rest = f"{where} is back at {left:g} node{'s' * (left != 1)}"
            yield Moment(node.ended, f"{lane.words} is gone; {rest}", f"{{n}} nodes are gone; {rest}", f"gone {where}")


def disruptions(timeline: Timeline) -> dict[str, str]:
    """Why Karpenter takes nodes away, by node, from its events `Disrupting Node: Empty`."""
    said = [record.fields for record in timeline.records if record.kind == "Event"]
    return {
        fields["about_name"]: f" by Karpenter: {fields['message'].rpartition(': ')[2].lower()}"
        for fields in said
        if fields.get("reason") == "DisruptionTerminating" and fields.get("about") == "Node"
    }


def unready_again(node: Life) -> float | None:
    """When a node that was ready stopped being so."""
    was = False
    for at, state in node.states:
        if was and not state.get("ready"):
            return at
        was = was or bool(state.get("ready"))
    return None


def replicas(timeline: Timeline) -> Iterator[Moment]:
    """A HorizontalPodAutoscaler wants another number of replicas, or a Deployment without one is scaled."""
    scaled = {scales_what(scaler) for scaler in timeline.scalers}
    for scaler in timeline.scalers:
        name = scales_what(scaler)[1] or scaler.name
        before = scaler.states[0][1].get("wanted", 0)
        for at, state in scaler.states:
            wanted = state.get("wanted", 0)
            if wanted != before and before:
                why = "; ".join(reading(each) for each in state.get("metrics", []) if each["current"] is not None)
                bound = ", as many as it may" if state.get("limited") == "TooManyReplicas" and wanted > before else ""
                yield Moment(
                    at,
                    f"the autoscaler wants {several(wanted, 'replica')} of {name} instead of {before}{bound}"
                    + (f" ({why})" if why else ""),
                )
            before = wanted
    for deployment in timeline.deployments:
        before = deployment.states[0][1].get("wanted", 0)
        for at, state in deployment.states:
            wanted = state.get("wanted", 0)
            if wanted != before and (deployment.namespace, deployment.name) not in scaled:
                yield Moment(at, f"{deployment.name} is scaled from {before} to {wanted}")
            before = wanted


def reading(metric: dict) -> str:
    """A metric beside its target. CPU and memory are in percent of what the pods ask for."""
    unit = " %" if metric["name"] in ("cpu", "memory") else ""
    return f"{metric['name']} is at {number(metric['current'])}{unit}, its target is {number(metric['target'])}{unit}"


def whose(pod: Life) -> str:
    """The workload that a pod is of, as people call it."""
    kind, _, name = pod.last.get("owner", "").partition("/")
    return f"the job {name}" if kind == "Job" else name or pod.name


def named(pool: str) -> str:
    """A pool in a sentence."""
    return "the cluster" if pool == OTHER_POOL else pool


def reasons(message: str) -> str:
    """The scheduler's reasons without the count of nodes and without what preemption could do."""
    front = message.partition(". ")[0].rstrip(".")
    return front.partition(": ")[2] or front
