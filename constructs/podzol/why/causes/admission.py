"""A pod that the API server refuses: Pod Security, a policy, a webhook, a missing ServiceAccount or PriorityClass.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/security/pod-security-admission/,
https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/,
https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/.
"""

import re
from collections.abc import Iterator

from podzol.why.case import Case
from podzol.why.causes import quota
from podzol.why.findings import Finding, Rank
from podzol.why.refusals import Refusal, refusals
from podzol.why.remedies import change

SECURITY = re.compile(r'violates PodSecurity "(?P<level>[^"]+)": (?P<what>.+)')
DENIED = re.compile(r'admission webhook "(?P<hook>[^"]+)" denied the request:? ?(?P<what>.*)')
POLICY = re.compile(r"ValidatingAdmissionPolicy '(?P<policy>[^']+)'.*? denied request: (?P<what>.+)")
SILENT = re.compile(r'failed calling webhook "(?P<hook>[^"]+)":? ?(?P<what>.*)')
ACCOUNT = re.compile(r'serviceaccount "(?P<account>[^"]+)" not found')
PRIORITY = re.compile(r"no PriorityClass with name (?P<name>\S+) was found")
ELSEWHERE = (quota.EXCEEDED, quota.UNSAID, quota.LIMITS, re.compile("because it is being terminated"))
"""What other causes tell."""


def causes(case: Case) -> Iterator[Finding]:
    for refusal in refusals(case):
        if not any(each.search(refusal.message) for each in ELSEWHERE):
            reason, todo = _told(case, refusal)
            yield Finding("admission", Rank.SAID, (refusal.part.name,), reason, todo, (refusal.seen,))


def _told(case: Case, refusal: Refusal) -> tuple[str, str]:
    """Reason and remedy."""
    message, part = refusal.message, refusal.part
    if found := SECURITY.search(message):
        return (
            f"the namespace's Pod Security level {found['level']} refuses its pods: {found['what']}",
            "take the default `securityContext` and no privileged settings, or have the namespace's label "
            "pod-security.kubernetes.io/enforce changed",
        )
    if found := DENIED.search(message):
        return (
            f"the admission webhook {found['hook']} refuses its pods: {found['what']}",
            "change what it names; the webhook's owner knows the rule",
        )
    if found := POLICY.search(message):
        return f"the admission policy {found['policy']} refuses its pods: {found['what']}", "change what it names"
    if found := SILENT.search(message):
        return (
            f"the admission webhook {found['hook']} doesn't answer, so no pod is let in: {found['what']}",
            "start what serves the webhook, or remove its configuration",
        )
    if found := ACCOUNT.search(message):
        return (
            f"its ServiceAccount {found['account']} isn't there",
            change(
                case,
                part,
                "serviceAccount.create",
                "to true, or `serviceAccount.name` to one that is there,",
                f"`kubectl create serviceaccount {found['account']} -n {case.namespace}`, or name another one",
            ),
        )
    if found := PRIORITY.search(message):
        there = ", ".join(sorted(it["metadata"]["name"] for it in case.evidence.all("PriorityClass")))
        return (
            f"its PriorityClass {found['name']} isn't there",
            change(case, part, "priorityClassName", f"to one of {there}", f"name one of {there}"),
        )
    return f"the API server refuses its pods: {message}", "change what it names"
