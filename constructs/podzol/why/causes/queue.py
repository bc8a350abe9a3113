"""A Job that waits in a queue of Kueue, or is suspended by hand.

Source: https://kueue.sigs.k8s.io/docs/concepts/workload/ (2026-11-23).
"""

from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.kubernetes.job import QUEUE
from podzol.why.case import WHOLE, Case, Part
from podzol.why.evidence import Object, fails, labels_of, name_of, one_line, reference, spec_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change


def causes(case: Case) -> Iterator[Finding]:
    for part in case.parts:
        for it in part.makers:
            if it["kind"] in ("Job", *WHOLE) and spec_of(it).get("suspend") and not part.state.runs:
                queue = labels_of(it).get(QUEUE)
                yield _queued(case, part, it, queue) if queue else _suspended(case, it)
                break


def _suspended(case: Case, it: Object) -> Finding:
    kind, name = it["kind"].lower(), name_of(it)
    return Finding(
        "queue",
        Rank.WILLED,
        (reference(it),),
        "it is suspended, and no queue will start it",
        f'`kubectl patch {kind} {name} -n {case.namespace} --type=merge -p \'{{"spec":{{"suspend":false}}}}\'`',
        (f"spec.suspend of {reference(it)} is true",),
    )


def _queued(case: Case, part: Part, it: Object, queue: str) -> Finding:
    """Why Kueue hasn't admitted it."""
    evidence, about = case.evidence, (reference(it),)
    if not evidence.knows("LocalQueue") and "forbidden" not in evidence.unseen["LocalQueue"]:
        todo = change(case, part, "queueName", "to null", f"remove its label {QUEUE}")
        reason = f"it waits for the queue {queue}, but no Kueue is installed that would start it"
        return Finding("queue", Rank.SAID, about, reason, f"install Kueue, or {todo}", (evidence.unseen["LocalQueue"],))
    there = evidence.find("LocalQueue", case.namespace, queue)
    if there is None and evidence.knows("LocalQueue"):
        names = ", ".join(sorted(name_of(each) for each in evidence.all("LocalQueue", case.namespace))) or "none"
        todo = change(case, part, "queueName", "to one of them", f"set its label {QUEUE} to one of them")
        reason = f"it waits for the queue {queue}, which the namespace has not; there are {names}"
        return Finding("queue", Rank.SAID, about, reason, todo if names != "none" else f"make the LocalQueue {queue}")
    if there and (stopped := fails(there, "Active")):
        reason = f"it waits for the queue {queue}, which takes nothing: {one_line(stopped.get('message', ''))}"
        cluster_queue = spec_of(there).get("clusterQueue", "")
        return Finding("queue", Rank.SAID, about, reason, f"mend the ClusterQueue {cluster_queue}")
    mine = [each for each in evidence.all("Workload", case.namespace) if owned_by(each, it)]
    waiting = [found for each in mine for found in (fails(each, "QuotaReserved"), fails(each, "Admitted")) if found]
    evicted = [condition(each, "Evicted") for each in mine if condition(each, "Evicted").get("status") == "True"]
    why = [one_line(each.get("message", "")) for each in (*waiting, *evicted)]
    return Finding(
        "queue",
        Rank.SAID,
        about,
        f"it waits in the queue {queue}" + (f": {why[0]}" if why else ", which hasn't looked at it yet"),
        "ask for less, wait until others have ended, or raise the quota of its ClusterQueue",
        tuple(f"Workload of {reference(it)}: {each}" for each in why),
    )


def owned_by(it: Object, owner: Object) -> bool:
    uid = owner["metadata"].get("uid")
    return any(each.get("uid") == uid for each in it["metadata"].get("ownerReferences") or ())
