"""A Job that has failed for good, and why it gave up.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy and JobReason in
k8s.io/api v0.37.2 batch/v1/types.go (2026-11-23).
"""

from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.why.case import Case, Part
from podzol.why.evidence import Object, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

RERUN = "; a Job that has failed doesn't start again: install it anew or change a value that its pods depend on"


def causes(case: Case) -> Iterator[Finding]:
    for part in case.parts:
        jobs = [it for it in part.makers if it["kind"] == "Job"]
        for it in jobs:
            failed = condition(it, "Failed") or condition(it, "FailureTarget")
            if failed.get("status") == "True":
                yield _failed(case, part, it, str(failed.get("reason")), one_line(failed.get("message") or ""))


def _failed(case: Case, part: Part, it: Object, reason: str, message: str) -> Finding:
    spec, count = spec_of(it), status_of(it).get("failed") or 0
    pods = "1 failed pod" if count == 1 else f"{count} failed pods"
    rank = Rank.FOLLOWS
    match reason:
        case "BackoffLimitExceeded":
            told = f"it gave up after {pods} (backoffLimit {spec.get('backoffLimit', 6)})"
            todo = "mend what its pods fail of, or " + change(
                case, part, "backoffLimit", "higher", "raise spec.backoffLimit"
            )
        case "DeadlineExceeded":
            rank = Rank.SAID
            told = f"it took longer than it may: activeDeadlineSeconds is {spec.get('activeDeadlineSeconds')}"
            todo = change(case, part, "activeDeadlineSeconds", "higher", "raise spec.activeDeadlineSeconds")
        case "PodFailurePolicy":
            told = f"a pod ended in a way that no retry can mend (podFailurePolicy): {message}"
            todo = "read what the pod said, and mend its input or its program"
        case "MaxFailedIndexesExceeded" | "FailedIndexes":
            told = f"too many indexes failed: {status_of(it).get('failedIndexes', '')}"
            todo = "mend what their pods fail of"
        case _:
            told, todo = f"it failed: {reason}: {message}", ""
    return Finding("jobs", rank, (reference(it),), told, (todo or "mend what its pods fail of") + RERUN, (message,))
