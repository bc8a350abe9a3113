"""Defines `Finding`: one thing to know about a workload on a cluster."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""`error`: it won't run. `warning`: it will run, but not as is probably meant. `note`: this was not judged."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """What is the matter, in words with numbers, and what to do about it."""

    severity: Severity
    question: str
    """The file of this room that asked, such as `resources`."""
    reason: str
    """Lowercase, no final period."""
    fix: str = ""
    """What to do; empty when there is nothing to do."""

    def __str__(self) -> str:
        return self.reason + (f"; {self.fix}" if self.fix else "")


def error(question: str, reason: str, fix: str = "") -> Finding:
    return Finding("error", question, reason, fix)


def warning(question: str, reason: str, fix: str = "") -> Finding:
    return Finding("warning", question, reason, fix)


def note(question: str, reason: str, fix: str = "") -> Finding:
    return Finding("note", question, reason, fix)
