"""What is being deleted: the namespace, in which nothing new is made, or the workload itself.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/ (2026-11-23).
"""

from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.why.case import Case
from podzol.why.evidence import duration, one_line, reference, status_of
from podzol.why.findings import Finding, Rank

HELD_BY = ("NamespaceFinalizersRemaining", "NamespaceContentRemaining", "NamespaceDeletionContentFailure")


def causes(case: Case) -> Iterator[Finding]:
    it = case.evidence.find("Namespace", "", case.namespace)
    if it and (it["metadata"].get("deletionTimestamp") or status_of(it).get("phase") == "Terminating"):
        held = [condition(it, kind) for kind in HELD_BY]
        yield Finding(
            "deletion",
            Rank.WILLED,
            (reference(it),),
            "the namespace is being deleted: nothing new is made in it",
            "wait until it is gone and make it anew, or install into another namespace",
            tuple(one_line(each["message"]) for each in held if each.get("status") == "True"),
        )
    for part in case.parts:
        meta = part.it["metadata"]
        if meta.get("deletionTimestamp") and part.it["kind"] != "Pod":
            since = duration(case.evidence.since(meta["deletionTimestamp"]))
            held_by = f"; held by its finalizers {', '.join(meta['finalizers'])}" if meta.get("finalizers") else ""
            todo = "wait until it is gone, then install it again"
            yield Finding("deletion", Rank.WILLED, (part.name,), f"it is being deleted, since {since}{held_by}", todo)
