"""A pod that the quota or the limits of the namespace refuse.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/policy/resource-quotas/ and
https://kubernetes.io/docs/concepts/policy/limit-range/; the words are those of k8s.io/apiserver v0.37.2
(admission/plugin/resourcequota) and plugin/pkg/admission/limitranger.
"""

import re
from collections.abc import Iterator

from podzol.why.case import Case
from podzol.why.findings import Finding, Rank
from podzol.why.refusals import Refusal, refusals
from podzol.why.remedies import change, describe

EXCEEDED = re.compile(
    r"exceeded quota: (?P<quota>[^,]+), requested: (?P<asked>.+), used: (?P<used>.+), limited: (?P<hard>.+)"
)
UNSAID = re.compile(r"failed quota: (?P<quota>[^:]+): must specify (?P<what>.+)")
LIMITS = re.compile(
    r"(?:minimum|maximum) \S+ (?:usage|limit to request ratio) per \w+ is .+|must be less than or equal to .+ limit"
)
VALUES = {"cpu": "resources.requests.cpu", "memory": "resources.requests.memory", "nvidia.com/gpu": "gpus"}
"""Resource -> the value of our Helm charts that asks for it."""


def causes(case: Case) -> Iterator[Finding]:
    for refusal in refusals(case):
        if found := EXCEEDED.search(refusal.message):
            yield _exceeded(case, refusal, **found.groupdict())
        elif found := UNSAID.search(refusal.message):
            yield _unsaid(case, refusal, **found.groupdict())
        elif LIMITS.search(refusal.message):
            todo = f"ask for what the LimitRange allows (`kubectl describe limitrange -n {case.namespace}`)"
            reason = f"a LimitRange of the namespace refuses its pods: {refusal.message}"
            yield Finding("quota", Rank.SAID, (refusal.part.name,), reason, todo, (refusal.seen,))


def _exceeded(case: Case, refusal: Refusal, quota: str, asked: str, used: str, hard: str) -> Finding:
    """The very numbers, and who has the rest."""
    pairs = [dict(each.split("=", 1) for each in text.split(",") if "=" in each) for text in (asked, used, hard)]
    told = ", ".join(
        f"it asks for {amount} of {name.removeprefix('requests.')}, {used_now} of {limit} are taken"
        for name, amount in pairs[0].items()
        for used_now, limit in [(pairs[1].get(name, "?"), pairs[2].get(name, "?"))]
    )
    first = next(iter(pairs[0]), "cpu").removeprefix("requests.").removeprefix("limits.")
    less = change(case, refusal.part, VALUES.get(first, "resources.requests"), "lower", "ask for less")
    it = case.evidence.find("ResourceQuota", case.namespace, quota)
    todo = f"{less}, end something else in the namespace, or have the quota raised"
    seen = (refusal.seen, f"see {describe(it, case.namespace)}") if it else (refusal.seen,)
    return Finding("quota", Rank.SAID, (refusal.part.name,), f"the quota {quota} is used up: {told}", todo, seen)


def _unsaid(case: Case, refusal: Refusal, quota: str, what: str) -> Finding:
    todo = change(
        case,
        refusal.part,
        "resources",
        "with requests and limits of it",
        "set it on every container, or give the namespace a LimitRange with defaults",
    )
    reason = f"the quota {quota} wants every container to say {what}"
    return Finding("quota", Rank.SAID, (refusal.part.name,), reason, todo, (refusal.seen,))
