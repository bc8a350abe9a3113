"""An HPA that can't measure, can't scale, or is at its limit.

Source: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/, "status conditions"
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
"""Pods younger than this may have no metrics yet, for metrics-server needs two scrapes."""


def causes(case: Case) -> Iterator[Finding]:
    for scaler in case.scalers:
        part = next((each for each in case.parts if each.name == target(scaler)), None)
        if stuck := fails(scaler, "AbleToScale"):
            reason = f"it can't scale {target(scaler)}: {one_line(stuck.get('message') or '')}"
            yield Finding("autoscaling", Rank.SAID, (reference(scaler),), reason, "correct its scaleTargetRef")
        elif (blind := fails(scaler, "ScalingActive")) and blind.get("reason") != "ScalingDisabled":
            new = case.evidence.since(blind.get("lastTransitionTime")) < YOUNG_SECONDS
            young = part is not None and any(case.evidence.age(pod) < YOUNG_SECONDS for pod in part.pods)
            yield from _blind(case, scaler, part, one_line(blind.get("message") or ""), new or young)
        limited = condition(scaler, "ScalingLimited")
        if limited.get("status") == "True" and limited.get("reason") == "TooManyReplicas":
            most = spec_of(scaler)["maxReplicas"]
            reason = f"it wants more than its maximum of {most} replicas"
            todo = change(case, part, "autoscaling.maxReplicas", "higher", "raise spec.maxReplicas")
            yield Finding("autoscaling", Rank.ASIDE, (reference(scaler),), reason, todo)


def _blind(case: Case, scaler: Object, part: Part | None, said: str, young: bool) -> Iterator[Finding]:
    """It can't measure: for want of a request, of pods, or of whoever measures."""
    about, seen = (reference(scaler),), (f"condition ScalingActive is False: {said}",)
    if found := NO_REQUEST.search(said):
        resource, container = found["resource"], found["container"]
        reason = f"it can't scale by {resource}: the pods request none" + (f" in {container}" if container else "")
        plain = f"give every container a {resource} request"
        todo = change(case, part, f"resources.requests.{resource}", "to what a pod needs", plain)
        yield Finding("autoscaling", Rank.SAID, about, reason, todo, seen)
    elif part and not part.state.runs and "the server" not in said:
        return  # a consequence
    elif young and "the server" not in said:
        yield Finding("autoscaling", Rank.ASIDE, about, "it has no figures just now", "wait a minute or two", seen)
    else:
        metrics = {each.get("type") for each in spec_of(scaler).get("metrics") or ()}
        adapter = "the metrics adapter that knows its metric (Prometheus Adapter, KEDA)"
        server = "metrics-server" if metrics <= {"Resource", "ContainerResource"} else adapter
        reason = f"it can't scale, for it gets no metrics: {said}"
        yield Finding("autoscaling", Rank.SAID, about, reason, f"see that {server} is installed and runs", seen)
