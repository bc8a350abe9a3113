"""Defines `decision`: what an autoscaler, the scheduler or the scenario has just decided, and why, from one record."""

import re
from dataclasses import dataclass

from podzol.elasticity.no_room import is_of_volume, reasons
from podzol.elasticity.records import Record
from podzol.elasticity.states import pool
from podzol.elasticity.told_nodes import WHY
from podzol.elasticity.words import several

LONGEST = 160
"""Characters of a reason."""
HPA = (
    (
        re.compile(r"(\w+) (?:container )?resource utilization \(percentage of request\) (above|below) target"),
        r"\1 is \2 its target",
    ),
    (re.compile(r"All metrics below target"), "all is below target"),
    (re.compile(r"Current number of replicas below Spec.MinReplicas"), "it had fewer than its minimum"),
    (re.compile(r"Current number of replicas above Spec.MaxReplicas"), "it had more than its maximum"),
)
"""Reasons of SuccessfulRescale, in fewer words.
Source: pkg/controller/podautoscaler of Kubernetes v1.37.2 (2026-11-23)."""


@dataclass(frozen=True)
class Decision:
    """A line of the live view."""

    who: str
    what: str
    key: str = ""
    """Tells it from another one in the same words."""

    @property
    def gist(self) -> str:
        """It without its reason."""
        return f"{self.who} {self.what.partition(': ')[0]} {self.key}"


def decision(record: Record) -> Decision | None:
    """The decision that a record tells of; None when it tells of none."""
    fields = record.fields
    if record.kind == "Note":
        return Decision("scenario", fields.get("text", ""))
    if record.kind == "NodeClaim" and fields.get("machine") and not (fields.get("launched") or fields.get("leaving")):
        return Decision("Karpenter", f"orders {fields['machine']} for {pool(fields)}", key=record.name)
    if record.kind == "Event" and record.change == "added":
        return said(fields)
    return None


def said(fields: dict) -> Decision | None:
    """A decision that an event tells of."""
    reason, message, name = (fields.get(key, "") for key in ("reason", "message", "about_name"))
    match reason:
        case "SuccessfulRescale":
            size, _, why = message.removeprefix("New size: ").partition("; reason: ")
            return Decision("HPA", f"{name} to {several(float(size), 'replica')}: {because(why)}")
        case "FailedScheduling" if fields.get("from") == "karpenter":
            return Decision("Karpenter", shortened(f"has no machine for {name}: {message}"))
        case "FailedScheduling":
            waits = f"{name} waits" if is_of_volume(message) else f"no room for {name}"
            return Decision("scheduler", shortened(f"{waits}: {reasons(message)}"))
        case "DisruptionTerminating" if fields.get("about") == "Node":
            why = message.rpartition(": ")[2].lower()
            return Decision("Karpenter", shortened(f"takes {name} away: {WHY.get(why, why)}"))
        case "Completed" if fields.get("about") == "Job":
            return Decision("Job", f"{name} is complete")
        case "SpotInterrupted" | "MachineFailed":
            return Decision("cloud", shortened(f"{name}: {message}"))
        case "ZoneLost" | "InsufficientCapacity" | "CapacityRestored":
            return Decision("cloud", shortened(message))
        case "BackoffLimitExceeded":
            return Decision("Job", shortened(f"{name} fails: {message}"))
    return None


def because(reason: str) -> str:
    """An HPA's reason in fewer words; one that isn't known, as it is."""
    return next((found.expand(words) for pattern, words in HPA if (found := pattern.fullmatch(reason))), reason)


def shortened(text: str) -> str:
    """As much of a text as a line takes."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
