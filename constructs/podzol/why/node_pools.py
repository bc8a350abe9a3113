"""Defines what a NodePool of Karpenter says of a pod that waits: would it make a node for it, are its limits reached,
has the cloud a machine?

Sources, 2026-11-23: https://karpenter.sh/docs/concepts/nodepools/ and pkg/events of sigs.k8s.io/karpenter v1.14.1.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from podzol.elasticity.kinds import condition
from podzol.fit import Verdict, resources
from podzol.fit.amounts import amounts_of, compared, words
from podzol.fit.offers import Taint
from podzol.fit.taints import tolerates
from podzol.kubernetes.accelerators import POOL
from podzol.kubernetes.node_labels import ARCH, INSTANCE_TYPE, OS
from podzol.why.case import Case
from podzol.why.evidence import Event, Object, fails, name_of, one_line, spec_of, status_of

NO_CAPACITY = ("InsufficientCapacityError", "NoCompatibleInstanceTypes", "FailedScaleUp")
NO_OFFER = ("has the required offering", "had enough resources, had a required offering", "InsufficientCapacity")
"""In Karpenter's words: machines would do, but none is to be had."""
NO_MACHINE = "no instance type"
"""Karpenter's words where no machine that a pool may make is big enough."""
RECENT_SECONDS = 600.0
"""How long what an autoscaler said of a pool counts for a pod that waits now."""


def refusal(pool: Object, spec: Mapping[str, Any]) -> str:
    """Why a NodePool's labels and taints don't suit a pod; empty when they do. Its machines aren't looked at."""
    labels, required = _labels(pool), _required(pool)
    for key, value in (spec.get("nodeSelector") or {}).items():
        values = [labels[key]] if key in labels else required.get(key, () if key == POOL else [value])
        if value not in values:
            return f"wants {key}={value}, its nodes get {' or '.join(values) or 'none'}"
    for each in _node(pool).get("taints") or ():
        taint = Taint(each["key"], each.get("value") or "", each["effect"])
        if not any(tolerates(it, taint) for it in spec.get("tolerations") or ()):
            return f"does not tolerate {taint}"
    return ""


def called(pool: Object) -> str:
    """What its nodes' pool is called."""
    return str(_labels(pool).get(POOL) or name_of(pool))


def _labels(pool: Object) -> Mapping[str, Any]:
    template = spec_of(pool).get("template") or {}
    return (template.get("metadata") or {}).get("labels") or {}


def _node(pool: Object) -> Mapping[str, Any]:
    """What it says of its nodes' spec."""
    return (spec_of(pool).get("template") or {}).get("spec") or {}


def _required(pool: Object) -> dict[str, list[str]]:
    """Labels whose values it lists, with these."""
    listed = _node(pool).get("requirements") or ()
    return {each["key"]: each.get("values") or [] for each in listed if each["operator"] == "In"}


def could_hold(pool: Object, verdict: Verdict) -> bool:
    """Whether a further node of the pool may take a pod that those there don't take. Where it has no node, or may make
    machines of every type, nothing speaks against it."""
    asked = dict(verdict.pod.node_selector)
    nodes = [node for each in verdict.placements if each.pool.name == called(pool) for node in each.asked]
    return (
        not nodes
        or INSTANCE_TYPE not in _required(pool)
        or any(
            not any(resources.why_not(verdict.pod, replace(node, taken={})))
            and all(asked.get(key, node.labels.get(key)) == node.labels.get(key) for key in (ARCH, OS))
            for node in nodes
        )
    )


def limit(pool: Object, asked: Mapping[str, int]) -> str:
    """What a NodePool has too little left of under its limits for a pod; empty when there is enough."""
    resources = {key: value for key, value in (spec_of(pool).get("limits") or {}).items() if key != "nodes"}
    used = amounts_of(status_of(pool).get("resources"))
    for name, most in amounts_of(resources).items():
        taken, more = used.get(name, 0), asked.get(name, 0)
        if more > most - taken:
            texts = compared(name, taken, most, more)
            return f"{texts[0]} of {texts[1]} {words(name)} are taken, it asks for {texts[2]}"
    nodes = int((status_of(pool).get("resources") or {}).get("nodes") or 0)
    most = int((spec_of(pool).get("limits") or {}).get("nodes") or nodes + 1)
    return f"{nodes} of {most} nodes are there" if nodes >= most else ""


def no_capacity(case: Case, pools: list[Object], scaler: list[Event]) -> str:
    """What says that the cloud has no such machine; empty when nothing does."""
    names = {name_of(each) for each in pools}
    for claim in case.evidence.all("NodeClaim"):
        launched = condition(claim, "Launched")
        said = f"{launched.get('reason')}: {one_line(launched.get('message') or '')}"
        if launched.get("status") in ("False", "Unknown") and any(each in said for each in NO_OFFER):
            return said
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
    found = fails(pool, "Ready")
    return one_line(found.get("message") or found.get("reason") or "it isn't Ready") if found else ""
