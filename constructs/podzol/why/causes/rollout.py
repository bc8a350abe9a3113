"""A rollout that doesn't go on: the new pods don't become Ready, while the old ones may still serve.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment (2026-11-23).
"""

from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.why.case import Case
from podzol.why.evidence import name_of, one_line, spec_of, status_of
from podzol.why.findings import Finding, Rank


def causes(case: Case) -> Iterator[Finding]:
    for part in case.parts:
        status, spec = status_of(part.it), spec_of(part.it)
        progressing = condition(part.it, "Progressing")
        if progressing.get("status") == "False" and not part.state.runs:
            limit = spec.get("progressDeadlineSeconds", 600)
            old = int(status.get("readyReplicas") or 0)
            serving = (
                f", and {old} of the old pods still serve"
                if old and int(status.get("updatedReplicas") or 0) < old
                else ""
            )
            yield Finding(
                "rollout",
                Rank.FOLLOWS,
                (part.name,),
                f"its rollout has got no further for {limit} s{serving}",
                "mend what its new pods wait for, or go back: "
                f"`kubectl rollout undo deployment/{name_of(part.it)} -n {case.namespace}`",
                (one_line(progressing.get("message") or ""),),
            )
        short = part.sick and len(part.pods) < int(spec.get("replicas") or 0)
        if part.it["kind"] == "StatefulSet" and short and spec.get("podManagementPolicy") != "Parallel":
            first = name_of(part.sick[0])
            reason = f"its further pods wait until {first} is Ready (podManagementPolicy OrderedReady)"
            yield Finding("rollout", Rank.FOLLOWS, (part.name,), reason, f"mend {first} first")
