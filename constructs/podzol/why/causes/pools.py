"""A pod that waits for a node: why each pool doesn't take it, with numbers, as `podzol fit` reckons; and whether an
autoscaler will add a node.

Does not define what the autoscaler itself says: `growth.py` does.
"""

from collections.abc import Iterator

from podzol.faults import UserError
from podzol.fit import Verdict
from podzol.why.case import Case, Part, unschedulable
from podzol.why.causes import growth, volumes
from podzol.why.evidence import Object, one_line, reference, spec_of
from podzol.why.findings import Finding, Rank

DEFAULT = "default-scheduler"


def causes(case: Case) -> Iterator[Finding]:
    for part in case.parts:
        asked: dict[str, list[Object]] = {}
        for pod in part.waiting:
            same = {key: value for key, value in spec_of(pod).items() if key not in ("hostname", "volumes")}
            asked.setdefault(str(same), []).append(pod)
        for pods in asked.values():
            yield from _waits(case, part, pods)


def _waits(case: Case, part: Part, pods: list[Object]) -> Iterator[Finding]:
    """Pods that ask for the same: the first is asked about."""
    pod, about = pods[0], tuple(reference(each) for each in pods)
    said = one_line(unschedulable(pod))
    if gates := [each["name"] for each in spec_of(pod).get("schedulingGates") or ()]:
        reason = f"it isn't to be scheduled yet: its gates {', '.join(gates)} are closed"
        yield Finding("pools", Rank.SAID, about, reason, "look at the controller that opens them")
        return
    scheduler = spec_of(pod).get("schedulerName") or DEFAULT
    if not said:
        if scheduler != DEFAULT:
            reason = f"the scheduler {scheduler} hasn't looked at it: is it installed?"
            yield Finding("pools", Rank.FOLLOWS, about, reason, f"install {scheduler}, or take the default scheduler")
        elif case.evidence.age(pod) > 30:
            reason = "the scheduler hasn't looked at it"
            yield Finding("pools", Rank.FOLLOWS, about, reason, "see that kube-scheduler runs")
        return
    if any(words in said for words in volumes.SCHEDULER) or "persistentvolumeclaim" in said.lower():
        return
    verdict = _verdict(case, pod)
    if verdict is None:
        reason = f"the scheduler finds no node for it: {said}"
        todo = "change what it names, or ask who may see the nodes"
        yield Finding("pools", Rank.SAID, about, reason, todo)
        return
    yield growth.of_pods(case, part, pods, verdict)


def _verdict(case: Case, pod: Object) -> Verdict | None:
    """What fit says; None when nodes may not be read, or fit can't read the pod."""
    if not case.evidence.knows("Node"):
        return None
    try:
        return next(iter(case.fit(pod).verdicts), None)
    except UserError:
        return None
