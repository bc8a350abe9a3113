"""A PodDisruptionBudget that allows no disruption, or two for one pod: nothing can be drained or moved.

Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/ (2026-11-23).
"""

from collections.abc import Iterator

from podzol.why.case import Case, pods_selected
from podzol.why.evidence import fails, labels_of, name_of, one_line, reference, status_of
from podzol.why.findings import Finding, Rank


def causes(case: Case) -> Iterator[Finding]:
    for it in case.budgets:
        status = status_of(it)
        if wrong := [each for each in [fails(it, "DisruptionAllowed")] if each.get("reason") == "SyncFailed"]:
            reason = f"it can't be reckoned: {one_line(wrong[0].get('message') or '')}"
            yield Finding(
                "disruption", Rank.ASIDE, (reference(it),), reason, "let it select pods of one controller only"
            )
        elif status.get("expectedPods") and not status.get("disruptionsAllowed"):
            healthy, wanted = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
            always = wanted >= status["expectedPods"]
            if not always and not all(part.state.runs for part in case.parts):
                continue  # because its pods aren't running: that is told
            reason = f"it allows no eviction now: {healthy} of its pods are healthy, {wanted} must be"
            held = ", and it never will: nodes can't be drained or upgraded" if always else ""
            todo = "let minAvailable be less than the replicas, or set maxUnavailable to 1" if always else ""
            yield Finding("disruption", Rank.ASIDE, (reference(it),), reason + held, todo)
    budgets = case.evidence.all("PodDisruptionBudget", case.namespace)
    for part in case.parts:
        labels = (part.template.get("metadata") or {}).get("labels") or labels_of(part.it)
        over = sorted(name_of(it) for it in budgets if pods_selected(it, labels))
        if len(over) > 1:
            reason = (
                f"{len(over)} PodDisruptionBudgets are about its pods ({', '.join(over)}): they can't be evicted at all"
            )
            yield Finding("disruption", Rank.ASIDE, (part.name,), reason, "keep one of them")
