"""Defines what a NodePool of Karpenter says of a pod that waits: would it make a node for it, are its limits reached,
has the cloud a machine?

Sources, 2026-11-23: https://karpenter.sh/docs/concepts/nodepools/ and pkg/events of sigs.k8s.io/karpenter v1.14.1.
"""

from collections.abc import Mapping
from typing import Any

from podzol.elasticity.kinds import condition
from podzol.fit.amounts import amounts_of, compared, words
from podzol.fit.offers import Taint
from podzol.fit.taints import tolerates
from podzol.kubernetes.accelerators import POOL
from podzol.why.case import Case
from podzol.why.evidence import Event, Object, fails, name_of, one_line, spec_of, status_of

NO_CAPACITY = ("InsufficientCapacityError", "NoCompatibleInstanceTypes", "FailedScaleUp")
NO_OFFER = ("has the required offering", "had enough resources, had a required offering", "InsufficientCapacity")
"""In Karpenter's words: machines would do, but none is to be had."""
RECENT_SECONDS = 600.0
"""How long what an autoscaler said of a pool counts for a pod that waits now."""


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
    taints = [Taint(each["key"], each.get("value") or "", each["effect"]) for each in node.get("taints") or ()]
    return all(any(tolerates(each, taint) for each in spec.get("tolerations") or ()) for taint in taints)


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
