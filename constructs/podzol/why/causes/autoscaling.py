"""An HPA that can't measure, can't scale, or is at its limit.

Source: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#appendix-horizontal-pod-autoscaler-status-conditions
(2026-11-23).
"""

import re
from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.why.case import Case, Part, target
from podzol.why.evidence import Object, fails, one_line, reference, spec_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

NO_REQUEST = re.compile(r"missing request for (?P<resource>\w+)(?: in container (?P<container>\S+))?")
YOUNG_SECONDS = 120.0
"""Pods younger than this may have no metrics yet: metrics-server needs two scrapes."""


def causes(case: Case) -> Iterator[Finding]:
    for scaler in case.scalers:
        part = next((each for each in case.parts if each.name == target(scaler)), None)
        if stuck := fails(scaler, "AbleToScale"):
            reason = f"it can't scale {target(scaler)}: {one_line(stuck.get('message') or '')}"
            yield Finding("autoscaling", Rank.SAID, (reference(scaler),), reason, "correct its scaleTargetRef")
        elif (blind := fails(scaler, "ScalingActive")) and blind.get("reason") != "ScalingDisabled":
            yield _blind(case, scaler, part, one_line(blind.get("message") or ""))
        limited = condition(scaler, "ScalingLimited")
        if limited.get("status") == "True" and limited.get("reason") == "TooManyReplicas":
            most = spec_of(scaler)["maxReplicas"]
            reason = f"it wants more than its maximum of {most} replicas"
            todo = (
                change(case, part, "autoscaling.maxReplicas", "higher", "raise spec.maxReplicas")
                if part
                else "raise spec.maxReplicas"
            )
            yield Finding("autoscaling", Rank.ASIDE, (reference(scaler),), reason, todo)


def _blind(case: Case, scaler: Object, part: Part | None, said: str) -> Finding:
    """It can't measure."""
    about, seen = (reference(scaler),), (f"condition ScalingActive is False: {said}",)
    if found := NO_REQUEST.search(said):
        container = f" of the container {found['container']}" if found["container"] else ""
        reason = f"it can't scale by {found['resource']}: the pods request none{container}"
        plain = f"give every container a {found['resource']} request"
        todo = (
            change(case, part, f"resources.requests.{found['resource']}", "to what a pod needs", plain)
            if part
            else plain
        )
        return Finding("autoscaling", Rank.SAID, about, reason, todo, seen)
    young = part is not None and all(case.evidence.age(pod) < YOUNG_SECONDS for pod in part.pods)
    unready = part is not None and not part.state.runs
    if (young or unready) and "the server" not in said:
        reason = (
            "it has no figures yet: its pods are new or not ready"
            if young
            else "it has no figures: its pods aren't ready"
        )
        return Finding("autoscaling", Rank.ASIDE, about, reason, "", seen)
    metrics = {each.get("type") for each in spec_of(scaler).get("metrics") or ()}
    server = (
        "metrics-server"
        if metrics <= {"Resource", "ContainerResource"}
        else "the metrics adapter (Prometheus Adapter, KEDA) that knows its metric"
    )
    reason = f"it can't scale: it gets no metrics: {said}"
    return Finding("autoscaling", Rank.SAID, about, reason, f"see that {server} is installed and runs", seen)
