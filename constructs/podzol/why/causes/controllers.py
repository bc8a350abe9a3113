"""A workload that its controller hasn't looked at: the controller doesn't run, or isn't installed.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/architecture/controller/, `observedGeneration` in the API
reference of Kubernetes v1.37.
"""

from collections.abc import Iterator

from podzol.why.case import Case
from podzol.why.evidence import Object, duration, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank

PATIENCE_SECONDS = 30.0
"""A controller that runs has looked long before."""
RUN_BY = {"JobSet": "the JobSet controller", "TrainJob": "Kubeflow Trainer"}
"""Kind -> who looks at it; at all others kube-controller-manager does, unless their `managedBy` names another."""


def causes(case: Case) -> Iterator[Finding]:
    for part in case.parts:
        for maker in [] if part.state.runs else part.makers:
            age = case.evidence.age(maker)
            if unseen(maker) and not case.evidence.events(maker) and age > PATIENCE_SECONDS:
                reason = f"no controller has looked at it as it is now; it was made {duration(age)} ago"
                who = spec_of(maker).get("managedBy") or RUN_BY.get(maker["kind"], "kube-controller-manager")
                yield Finding("controllers", Rank.FOLLOWS, (reference(maker),), reason, f"see that {who} runs")
                break


def unseen(it: Object) -> bool:
    """Whether its status says that no controller has seen its spec."""
    status = status_of(it)
    match it["kind"]:
        case "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet":
            return int(status.get("observedGeneration") or 0) < int(it["metadata"].get("generation") or 0)
        case "Job" | "JobSet" | "TrainJob":
            return not status and not spec_of(it).get("suspend")
        case _:
            return False
