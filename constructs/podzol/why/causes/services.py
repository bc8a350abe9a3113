"""A Service that leads nowhere: no pod has its labels, none is Ready, or the port isn't one of theirs.

Source: https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/ (2026-11-23).
"""

from collections.abc import Iterator

from podzol.why.case import Case
from podzol.why.evidence import Object, labels_of, name_of, reference, selects, spec_of
from podzol.why.findings import Finding, Rank
from podzol.why.health import pod_runs


def causes(case: Case) -> Iterator[Finding]:
    for it in case.services:
        selector = spec_of(it).get("selector") or {}
        if not selector or spec_of(it).get("type") == "ExternalName":
            continue
        pods = [pod for pod in case.evidence.all("Pod", case.namespace) if selects(selector, labels_of(pod))]
        if not pods:
            yield from _nobody(case, it)
            continue
        if not any(map(pod_runs, pods)):
            names = ", ".join(name_of(each) for each in pods[:3])
            yield Finding(
                "services",
                Rank.FOLLOWS,
                (reference(it),),
                f"it has no endpoint: none of its pods is Ready ({names})",
                "mend the pods",
            )
        yield from _ports(it, pods)


def _nobody(case: Case, it: Object) -> Iterator[Finding]:
    """No pod has the labels: because there are no pods, or because the labels differ."""
    selector = spec_of(it)["selector"]
    wanted = ",".join(f"{key}={value}" for key, value in selector.items())
    pods = [pod for _, pod in case.pods] or [
        pod for pod in case.evidence.all("Pod", case.namespace) if set(selector) & set(labels_of(pod))
    ]
    if not pods:
        reason = f"it has no endpoint: there is no pod with {wanted}"
        yield Finding("services", Rank.FOLLOWS, (reference(it),), reason, "see why there is no pod")
        return
    differing = {
        key: labels_of(pods[0]).get(key) for key, value in selector.items() if labels_of(pods[0]).get(key) != value
    }
    have = ", ".join(f"{key}={value}" if value is not None else f"no {key}" for key, value in differing.items())
    reason = f"its selector finds no pod: it wants {wanted}; the pods have {have}"
    yield Finding("services", Rank.SAID, (reference(it),), reason, "let its selector and the pods' labels agree")


def _ports(it: Object, pods: list[Object]) -> Iterator[Finding]:
    """A named target port that no container has."""
    named = {
        port.get("name")
        for pod in pods
        for kind in ("containers", "initContainers")
        for container in spec_of(pod).get(kind) or ()
        for port in container.get("ports") or ()
    }
    for port in spec_of(it).get("ports") or ():
        wanted = port.get("targetPort")
        if isinstance(wanted, str) and wanted not in named:
            there = ", ".join(sorted(each for each in named if each)) or "none"
            reason = f"it leads to the port {wanted!r}, which no container names; there are {there}"
            yield Finding(
                "services", Rank.SAID, (reference(it),), reason, "let targetPort and the container's port agree"
            )
