"""Nothing is asked for: 0 replicas, a Job of 0 pods at a time, a DaemonSet for no node, a rollout that is paused.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (2026-11-23).
"""

from collections.abc import Iterator

from podzol.why.case import Case, target
from podzol.why.evidence import name_of, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

SCALED = ("Deployment", "StatefulSet", "ReplicaSet")


def causes(case: Case) -> Iterator[Finding]:
    for part in case.parts:
        kind, name, spec = part.it["kind"], name_of(part.it), spec_of(part.it)
        if kind in SCALED and spec.get("replicas") == 0:
            scaled = any(target(scaler) == part.name for scaler in case.scalers)
            plain = f"`kubectl scale {kind.lower()}/{name} --replicas=1 -n {case.namespace}`"
            yield Finding(
                "scale",
                Rank.WILLED,
                (part.name,),
                "it is scaled to 0" + (", and its HPA leaves it there: 0 replicas switch it off" if scaled else ""),
                plain if scaled else change(case, part, "replicas", "to 1 or more", plain),
                (f"spec.replicas of {part.name} is 0",),
            )
        if kind == "Job" and spec.get("parallelism") == 0 and not part.state.runs:
            yield Finding(
                "scale",
                Rank.WILLED,
                (part.name,),
                "it may run no pod at a time: its parallelism is 0",
                f'`kubectl patch job {name} -n {case.namespace} --type=merge -p \'{{"spec":{{"parallelism":1}}}}\'`',
                (f"spec.parallelism of {part.name} is 0",),
            )
        if kind == "DaemonSet" and not status_of(part.it).get("desiredNumberScheduled"):
            yield Finding(
                "scale",
                Rank.SAID,
                (part.name,),
                "no node is meant to run it: none has the labels it wants, or it doesn't tolerate their taints",
                "compare its nodeSelector, affinity and tolerations with `kubectl get nodes --show-labels`",
                (f"status.desiredNumberScheduled of {part.name} is 0",),
            )
        if kind == "Deployment" and spec.get("paused") and not part.state.runs:
            yield Finding(
                "scale",
                Rank.WILLED,
                (part.name,),
                "its rollout is paused: a change isn't carried out",
                f"`kubectl rollout resume deployment/{name} -n {case.namespace}`",
                (f"spec.paused of {part.name} is true",),
            )
