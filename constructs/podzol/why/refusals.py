"""Defines `refusals`: what the API server said when a controller tried to make a pod or a Job, and could not."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from podzol.elasticity.kinds import condition
from podzol.why.case import Case, Part
from podzol.why.evidence import Object, holds, one_line, reference, spec_of, status_of

FAILED = ("FailedCreate", "FailedDaemonPod")
NAME = re.compile(
    r"^(?:\(combined from similar events\): )?(?:Error creating(?: job)?: |create .*? failed error: )?"
    r'(?:\w+ "[^"]*" is forbidden: |\w+ "[^"]*" not found: )?'
)
"""What stands before the reason. The name in it is new at each try."""


class Refusal(NamedTuple):
    """A pod that could not be made."""

    part: Part
    maker: Object
    message: str
    """The API server's own words, without the name of the pod."""
    seen: str


def refusals(case: Case) -> Iterator[Refusal]:
    """The newest refusal of each maker that is short of pods."""
    for part in case.parts:
        if part.state.runs:
            continue
        for maker in part.makers:
            if not short(maker):
                continue
            if events := case.evidence.events(maker, *FAILED):
                yield Refusal(part, maker, said(events[0].message), case.evidence.told(events[0]))
            elif (failed := condition(maker, "ReplicaFailure")).get("status") == "True":
                words = one_line(failed.get("message") or "")
                yield Refusal(part, maker, said(words), f"condition ReplicaFailure of {reference(maker)}: {words}")


def said(message: str) -> str:
    return NAME.sub("", one_line(message))


def short(it: Object) -> bool:
    """Whether a maker has fewer pods than it should."""
    spec, status = spec_of(it), status_of(it)
    match it["kind"]:
        case "ReplicaSet" | "StatefulSet":
            return int(status.get("replicas") or 0) < int(spec.get("replicas") or 0)
        case "DaemonSet":
            return int(status.get("currentNumberScheduled") or 0) < int(status.get("desiredNumberScheduled") or 0)
        case "Job":
            done = holds(it, "Complete") or holds(it, "Failed") or spec.get("suspend")
            left = int(spec.get("completions") or 1) - int(status.get("succeeded") or 0)
            return not done and int(status.get("active") or 0) < min(int(spec.get("parallelism", 1)), left)
        case "CronJob" | "TrainJob" | "JobSet":
            return True
        case _:
            return False
