"""Will a node come for a pod that waits? What the nodes that are there lack, and what the autoscaler does about it: a
machine is on its way, the pool is at its limit, the cloud has no machine, or no pool would do.

Sources, 2026-11-23: https://karpenter.sh/docs/concepts/nodepools/, pkg/events of sigs.k8s.io/karpenter v1.14.1,
https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-events-are-emitted-by-ca.
"""

from collections.abc import Mapping

from podzol.elasticity.kinds import condition
from podzol.elasticity.words import listed
from podzol.fit import Verdict
from podzol.fit.amounts import compared, words
from podzol.kubernetes.accelerators import ACCELERATOR, GPU, POOL
from podzol.why.case import Case, Part, unschedulable
from podzol.why.evidence import Event, Object, duration, name_of, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.node_pools import NO_MACHINE, called, could_hold, limit, no_capacity, refusal, unready
from podzol.why.remedies import change

PASSING = ("node.kubernetes.io/", "karpenter.sh/", "podzol.dev/starting", "node.cilium.io/")
"""Begin the taints of a node that is cordoned, out of order, or not there yet; no pod is meant to tolerate them."""
PATIENCE_SECONDS = 30.0
"""Until then Karpenter has said of a pod that waits what it does about it, or why it can do nothing."""


def of_pods(case: Case, part: Part, pods: list[Object], verdict: Verdict) -> Finding:
    """Why pods that ask for the same have no node: the first is asked about."""
    own = case.evidence.events(pods[0], "FailedScheduling", "NotTriggerScaleUp", "TriggeredScaleUp", "Nominated")
    scaler = [event for event in own if event.by != "default-scheduler"]
    cause, reason, todo = _why(case, part, pods[0], verdict, scaler)
    seen = (
        f"the scheduler: {one_line(unschedulable(pods[0]))}",
        *(case.evidence.told(event) for event in scaler[:1]),
    )
    return Finding(cause, Rank.SAID, tuple(reference(each) for each in pods), reason, todo, seen)


def _why(case: Case, part: Part, pod: Object, verdict: Verdict, scaler: list[Event]) -> tuple[str, str, str]:
    """Cause, reason and remedy."""
    if coming := on_its_way(case, scaler):
        return "growth", f"a node is on its way for it: {coming}", "wait"
    if preempted := status_of(pod).get("nominatedNodeName"):
        return "growth", f"it waits until pods of lower priority have left {preempted} for it", "wait"
    empty = _without_nodes(case, pod, verdict, scaler)
    lacks = lacking(verdict, empty)
    growing = [it for it in case.evidence.all("NodePool") if not refusal(it, spec_of(pod))]
    full = {name_of(pool): limit(pool, verdict.pod.requests) for pool in growing}
    if full and all(full.values()):
        told = "; ".join(f"the pool {name} may grow no further: {why}" for name, why in full.items())
        if not any(could_hold(pool, verdict) for pool in growing):
            return "pools", f"no node takes it: {lacks}; {told}", _remedy(case, part, verdict, empty, scaler)
        return "growth", f"{told}; {lacks}", "end something, or raise the pool's max (limits of its NodePool)"
    if gone := no_capacity(case, growing, scaler):
        names = " and ".join(name_of(each) for each in growing) or "its pool"
        reason = f"the cloud has no machine for it just now ({names}): {gone}"
        return "growth", reason, "wait, or allow the pool further machine types, zones or on-demand machines"
    for pool in growing:
        if why := unready(pool):
            reason = f"the pool {name_of(pool)} can't make nodes: {why}"
            return "growth", reason, f"see `kubectl describe nodepool {name_of(pool)}`"
    if growing and not scaler:
        names = " and ".join(map(name_of, growing))
        if case.evidence.age(pod) <= PATIENCE_SECONDS:
            reason = f"Karpenter, which could add a node to {names} for it, has decided nothing yet; {lacks}"
            return "pools", reason, "ask again in a moment"
        reason = f"Karpenter, which could add a node to {names} for it, says nothing of it; {lacks}"
        return "growth", reason, "see that Karpenter runs, and what its log says"
    return "pools", f"no node takes it: {lacks}", _remedy(case, part, verdict, empty, scaler)


def _without_nodes(case: Case, pod: Object, verdict: Verdict, scaler: list[Event]) -> dict[str, str]:
    """Pools of Karpenter that have no node now, and why none that they could make takes the pod; empty: it isn't
    known."""
    there = {each.pool.name for each in verdict.placements}
    asked = [f"{compared(name, most)[0]} {words(name)}" for name, most in verdict.pod.requests.items()]
    none = asked and scaler and NO_MACHINE in scaler[0].message
    too_big = f"it makes no machine that has {listed(asked)}" if none else ""
    empty = {called(it): it for it in case.evidence.all("NodePool") if called(it) not in there}
    return {name: refusal(it, spec_of(pod)) or too_big for name, it in empty.items()}


def lacking(verdict: Verdict, empty: Mapping[str, str]) -> str:
    """Every pool and why it doesn't take the pod."""
    told = [f"{each.pool.name}: {'; '.join(each.reasons)}" for each in verdict.placements if not each.fits]
    told += [f"{name}, which has no node now: {why}" for name, why in empty.items() if why]
    fitting = [f"{each.pool.name} would take it by now" for each in verdict.placements if each.fits]
    return " | ".join(told + fitting) or "the cluster has no node"


def _remedy(case: Case, part: Part, verdict: Verdict, empty: Mapping[str, str], scaler: list[Event]) -> str:
    """What would let the nearest pool take it: the one with the fewest reasons against it."""
    if any(event.reason == "NotTriggerScaleUp" for event in scaler):
        return "raise a pool's max, or change what the pod asks for"
    refusing = [each.reasons for each in verdict.placements if not each.fits]
    wanted = part.pod_spec.get("nodeSelector") or {}
    meant = [name for name in empty if name == wanted.get(POOL) or GPU in verdict.pod.requests]
    refusing += [(empty[name],) for name in meant if empty[name]]
    nearest = min(refusing, key=_distance) if refusing else ()
    reasons = " ".join(nearest)
    if f"wants {POOL}=" in reasons:
        mend = change(case, part, "pool", "to a pool of this cluster", "correct its nodeSelector")
        return f"{mend}, or add the pool {wanted.get(POOL, '')}".rstrip()
    if f"wants {ACCELERATOR}=" in reasons:
        return change(case, part, "accelerator", "to a type that the pool has", "correct its nodeSelector")
    if "wants " in reasons:
        return change(case, part, "nodeSelector", "or `affinity` to what nodes have", "correct its nodeSelector")
    if any(f"tolerate {taint}" in reasons for taint in PASSING):
        return "wait until that node takes pods again, or add nodes"
    if "tolerate" in reasons:
        mend = change(case, part, "tolerations", "so that it tolerates the taint", "give it the toleration")
        return f"{mend}, or ask for another pool"
    if f" {GPU}" in reasons:
        mend = change(case, part, "gpus", "to what a machine has", "ask for fewer GPUs")
        return f"{mend}, or add a pool that has them"
    less = change(case, part, "resources.requests", "to less", "let it ask for less")
    return f"{less}, end something else, or add nodes"


def _distance(reasons: tuple[str, ...]) -> tuple[bool, int]:
    """How far a pool is from taking a pod: one that it doesn't want, or that has nothing of a kind, is farthest."""
    return any(each.startswith("wants ") or each.endswith(" has none") for each in reasons), len(reasons)


def on_its_way(case: Case, scaler: list[Event]) -> str:
    """The machine that was ordered for the pod; empty when none was."""
    newest = scaler[0] if scaler else None
    if newest and newest.reason == "TriggeredScaleUp":
        return one_line(newest.message)
    if newest is None or newest.reason != "Nominated":
        return ""
    for claim in case.evidence.all("NodeClaim"):
        if f"nodeclaim/{name_of(claim)}" in newest.message:
            ordered = duration(case.evidence.age(claim))
            for step, words in (("Launched", "ordered"), ("Registered", "starting"), ("Initialized", "joining")):
                if condition(claim, step).get("status") != "True":
                    return f"{name_of(claim)} is {words}, since {ordered}"
            return f"{name_of(claim)} is there"
    return one_line(newest.message) if "node/" in newest.message and "nodeclaim/" not in newest.message else ""
