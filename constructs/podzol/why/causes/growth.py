"""Will a node come for a pod that waits? What the nodes that are there lack, and what the autoscaler does about it: a
machine is on its way, the pool is at its limit, the cloud has no machine, or no pool would do.

Sources, 2026-11-23: https://karpenter.sh/docs/concepts/nodepools/, pkg/events of sigs.k8s.io/karpenter v1.14.1,
https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-events-are-emitted-by-ca.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.elasticity.kinds import condition
from podzol.fit import Verdict
from podzol.fit.amounts import amounts_of, compared, words
from podzol.kubernetes.accelerators import ACCELERATOR, GPU, POOL
from podzol.why.case import Case, Part, unschedulable
from podzol.why.evidence import Event, Object, duration, name_of, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

KARPENTER = "karpenter"
NO_CAPACITY = ("InsufficientCapacityError", "NoCompatibleInstanceTypes", "FailedScaleUp")
NO_OFFER = ("has the required offering", "had enough resources, had a required offering", "InsufficientCapacity")
"""In Karpenter's words: machines would do, but none is to be had."""
PASSING = ("node.kubernetes.io/", "karpenter.sh/", "podzol.dev/starting", "node.cilium.io/")
"""Begin the taints of a node that is cordoned, out of order, or not there yet; no pod is meant to tolerate them."""
RECENT_SECONDS = 600.0
"""How long what an autoscaler said of a pool counts for a pod that waits now."""


def of_pods(case: Case, part: Part, pods: list[Object], verdict: Verdict) -> Iterator[Finding]:
    """Why pods that ask for the same have no node."""
    pod, about = pods[0], tuple(reference(each) for each in pods)
    seen = [f"the scheduler: {one_line(unschedulable(pod))}"]
    own = case.evidence.events(pod, "FailedScheduling", "NotTriggerScaleUp", "TriggeredScaleUp", "Nominated")
    scaler = [event for event in own if event.by != "default-scheduler"]
    seen += [case.evidence.told(event) for event in scaler[:1]]
    lacks = lacking(verdict)
    if coming := on_its_way(case, pod, scaler):
        yield Finding("growth", Rank.SAID, about, f"a node is on its way for it: {coming}", "wait", tuple(seen))
        return
    if preempted := status_of(pod).get("nominatedNodeName"):
        reason = f"it waits until pods of lower priority have left {preempted} for it"
        yield Finding("preemption", Rank.SAID, about, reason, "wait", tuple(seen))
        return
    growing = [it for it in case.evidence.all("NodePool") if would_take(it, spec_of(pod))]
    for pool in growing:
        if full := limit(pool, verdict.pod.requests):
            reason = f"the pool {name_of(pool)} may grow no further: {full}; {lacks}"
            yield Finding(
                "growth",
                Rank.SAID,
                about,
                reason,
                "end something, or raise the pool's max (limits of its NodePool)",
                tuple(seen),
            )
            return
    if gone := no_capacity(case, pod, growing, scaler):
        names = " and ".join(name_of(each) for each in growing) or "its pool"
        reason = f"the cloud has no machine for it just now ({names}): {gone}"
        todo = "wait, or allow the pool further machine types, zones or on-demand machines"
        yield Finding("growth", Rank.SAID, about, reason, todo, tuple(seen))
        return
    for pool in growing:
        if reason := unready(pool):
            todo = f"`kubectl describe nodepool {name_of(pool)}`"
            yield Finding(
                "growth", Rank.SAID, about, f"the pool {name_of(pool)} can't make nodes: {reason}", todo, tuple(seen)
            )
            return
    yield Finding(
        "pools",
        Rank.SAID,
        about,
        f"no node takes it: {lacks}",
        _remedy(case, part, verdict, scaler),
        tuple(seen),
    )


def lacking(verdict: Verdict) -> str:
    """Every pool and why it doesn't take the pod."""
    told = [f"{each.pool.name}: {'; '.join(each.reasons)}" for each in verdict.placements if not each.fits]
    fitting = [f"{each.pool.name} would take it by now" for each in verdict.placements if each.fits]
    return " | ".join(told + fitting) or "the cluster has no node"


def _remedy(case: Case, part: Part, verdict: Verdict, scaler: list[Event]) -> str:
    """What would let the nearest pool take it: the one with the fewest reasons against it."""
    if any(event.reason == "NotTriggerScaleUp" for event in scaler):
        return "raise a pool's max, or change what the pod asks for"
    refusing = [each for each in verdict.placements if not each.fits]
    nearest = min(refusing, key=lambda each: (each.reasons[0].startswith("wants "), len(each.reasons)), default=None)
    reasons = " ".join(nearest.reasons) if nearest else ""
    wanted = part.pod_spec.get("nodeSelector") or {}
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


def on_its_way(case: Case, pod: Object, scaler: list[Event]) -> str:
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


def would_take(pool: Object, spec: Mapping[str, Any]) -> bool:
    """Whether a NodePool's labels and taints suit a pod; its machines aren't looked at."""
    template = spec_of(pool).get("template") or {}
    labels = (template.get("metadata") or {}).get("labels") or {}
    node = template.get("spec") or {}
    required = {
        each["key"]: each.get("values") or () for each in node.get("requirements") or () if each["operator"] == "In"
    }
    for key, value in (spec.get("nodeSelector") or {}).items():
        if key in labels and labels[key] != value:
            return False
        if key in required and value not in required[key]:
            return False
        if key == POOL and key not in labels and key not in required:
            return False
    return all(
        any(tolerates(each, taint) for each in spec.get("tolerations") or ()) for taint in node.get("taints") or ()
    )


def tolerates(toleration: Mapping[str, Any], taint: Mapping[str, Any]) -> bool:
    """Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ (2026-11-23)."""
    key = toleration.get("key") in (None, "", taint["key"])
    effect = toleration.get("effect") in (None, "", taint.get("effect"))
    same = toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.get("value", "")
    return key and effect and same


def limit(pool: Object, asked: Mapping[str, int]) -> str:
    """What a NodePool has too little left of under its limits for a pod; empty when there is enough."""
    limits = amounts_of({k: v for k, v in (spec_of(pool).get("limits") or {}).items() if k != "nodes"})
    used = amounts_of({k: v for k, v in (status_of(pool).get("resources") or {}).items() if k in limits})
    for name, most in limits.items():
        taken = used.get(name, 0)
        if asked.get(name, 0) > most - taken or (asked.get(name) and taken >= most):
            texts = compared(name, taken, most, asked[name])
            return f"{texts[0]} of {texts[1]} {words(name)} are taken, it asks for {texts[2]}"
    nodes, most_nodes = (
        (status_of(pool).get("resources") or {}).get("nodes"),
        (spec_of(pool).get("limits") or {}).get("nodes"),
    )
    if nodes is not None and most_nodes is not None and int(nodes) >= int(most_nodes):
        return f"{nodes} of {most_nodes} nodes are there"
    return ""


def no_capacity(case: Case, pod: Object, pools: list[Object], scaler: list[Event]) -> str:
    """What says that the cloud has no such machine; empty when nothing does."""
    names = {name_of(each) for each in pools}
    for claim in case.evidence.all("NodeClaim"):
        launched = condition(claim, "Launched")
        if launched.get("status") in ("False", "Unknown") and any(
            each in str(launched.get("reason")) + str(launched.get("message")) for each in NO_OFFER
        ):
            return one_line(launched.get("message") or launched["reason"])
    about = [
        (name, event)
        for kind in ("NodeClaim", "NodePool", "ConfigMap")
        for name, event in case.evidence.events_of(kind, *NO_CAPACITY)
    ]
    for name, event in sorted(about, key=lambda each: -each[1].last):
        ours = name in names or any(name.startswith(f"{each}-") for each in names) or event.reason == "FailedScaleUp"
        if ours and case.evidence.now - event.last < RECENT_SECONDS:
            return one_line(event.message)
    return next((one_line(event.message) for event in scaler if any(each in event.message for each in NO_OFFER)), "")


def unready(pool: Object) -> str:
    """Why a NodePool is out of order; empty when it isn't."""
    ready = condition(pool, "Ready")
    return (
        one_line(ready.get("message") or ready.get("reason") or "it isn't Ready")
        if ready.get("status") == "False"
        else ""
    )
