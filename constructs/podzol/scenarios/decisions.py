"""Defines `decision`: what an autoscaler, the scheduler or the scenario has just decided, and why, from one record."""

from dataclasses import dataclass

from podzol.elasticity.records import Record
from podzol.elasticity.timeline import pool
from podzol.elasticity.told_objects import reasons
from podzol.elasticity.words import several

LONGEST = 160
"""Characters of a reason."""


@dataclass(frozen=True)
class Decision:
    """A line of the live view."""

    who: str
    what: str

    @property
    def gist(self) -> str:
        """It without its reason."""
        return f"{self.who} {self.what.partition(': ')[0]}"


def decision(record: Record) -> Decision | None:
    """The decision that a record tells of; None when it tells of none."""
    fields = record.fields
    if record.kind == "Note":
        return Decision("scenario", fields.get("text", ""))
    if record.kind == "NodeClaim" and record.change == "added":
        return Decision("Karpenter", f"orders {fields.get('machine') or 'a machine'} for {pool(fields)}")
    if record.kind == "Event" and record.change == "added":
        return said(fields)
    return None


def said(fields: dict) -> Decision | None:
    """A decision that an event tells of."""
    reason, message, name = (fields.get(key, "") for key in ("reason", "message", "about_name"))
    match reason:
        case "SuccessfulRescale":
            size, _, why = message.removeprefix("New size: ").partition("; reason: ")
            return Decision("HPA", f"{name} to {several(float(size), 'replica')}: {why}")
        case "FailedScheduling":
            return Decision("scheduler", shortened(f"no room for {name}: {reasons(message)}"))
        case "DisruptionTerminating" if fields.get("about") == "Node":
            return Decision("Karpenter", shortened(f"removes {name}: {message.rpartition(': ')[2].lower()}"))
        case "Completed" if fields.get("about") == "Job":
            return Decision("Job", f"{name} is complete")
        case "BackoffLimitExceeded" | "SpotInterrupted" | "MachineFailed" | "ZoneLost" | "InsufficientCapacity":
            return Decision("cluster", shortened(f"{name}: {message}"))
    return None


def shortened(text: str) -> str:
    """As much of a text as a line takes."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
