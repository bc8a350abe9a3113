"""A namespace that is being deleted takes nothing new.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ (2026-11-23).
"""

from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.why.case import Case
from podzol.why.evidence import one_line, reference, status_of
from podzol.why.findings import Finding, Rank

HELD_BY = ("NamespaceFinalizersRemaining", "NamespaceContentRemaining", "NamespaceDeletionContentFailure")


def causes(case: Case) -> Iterator[Finding]:
    it = case.evidence.find("Namespace", "", case.namespace)
    if it and (it["metadata"].get("deletionTimestamp") or status_of(it).get("phase") == "Terminating"):
        held = [condition(it, kind) for kind in HELD_BY]
        yield Finding(
            "namespace",
            Rank.WILLED,
            (reference(it),),
            "the namespace is being deleted: nothing new is made in it",
            "wait until it is gone and make it anew, or install into another namespace",
            tuple(one_line(each["message"]) for each in held if each.get("status") == "True"),
        )
