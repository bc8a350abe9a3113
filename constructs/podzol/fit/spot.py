"""Asks: does work that can't start again, or needs long to stop, land on machines that may be taken away?

Sources, 2026-11-23: https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms (15 seconds for pods),
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html (2 minutes).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, warning
from podzol.fit.offers import Cluster
from podzol.fit.workload import BATCH, Workload
from podzol.kubernetes.job_values import SPOT_GRACE_SECONDS

NOTICE_SECONDS = {"gke": SPOT_GRACE_SECONDS, "eks": 120}
"""From the notice to the kill, for pods. GKE can be told to give up to 120."""
GRACE_SECONDS = 30
"""terminationGracePeriodSeconds of a pod that doesn't say.
Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination (2026-11-23)."""


def taken_away(asked: Asked, cluster: Cluster) -> Iterator[Finding]:
    """What a spot pool does to the workload, if it may land on one."""
    workload, spot = asked.workload, [each.pool.name for each in asked.fitting if each.pool.capacity_type == "spot"]
    if not spot or workload.kind == "DaemonSet":
        return
    names = ", ".join(spot)
    if workload.kind == "Pod":
        yield warning(
            "spot", f"a pod without a controller does not come back when {names} loses its node", "make it a Job"
        )
    elif workload.kind in BATCH and not (workload.restarts or _survives(workload.spec)):
        yield warning(
            "spot",
            f"backoffLimit is 0 and podFailurePolicy does not ignore DisruptionTarget: "
            f"when {names} loses its node the Job fails",
            "add the rule, or use an on-demand pool",
        )
    if workload.gang:
        yield warning(
            "spot", f"when {names} loses one node, all {workload.pods} pods of the gang stop", "use on-demand"
        )
    grace = workload.pod_spec.get("terminationGracePeriodSeconds")
    grace = GRACE_SECONDS if grace is None else int(grace)
    notice = NOTICE_SECONDS.get(cluster.provider or "")
    if notice and grace > notice and _stops_slowly(workload):
        yield warning(
            "spot",
            f"it may take {grace} s to stop, but {names} gives {notice} s of notice",
            f"finish within {notice} s, and say so in terminationGracePeriodSeconds",
        )


def _survives(job: Mapping[str, Any]) -> bool:
    """Whether the loss of a node does not end the Job."""
    for rule in (job.get("podFailurePolicy") or {}).get("rules") or ():
        conditions = [each.get("type") for each in rule.get("onPodConditions") or ()]
        if rule.get("action") == "Ignore" and "DisruptionTarget" in conditions:
            return True
    limit = job.get("backoffLimit")
    return limit is None or int(limit) > 0


def _stops_slowly(workload: Workload) -> bool:
    """Who says how long it takes to stop, and it isn't just the usual: a Job may write a checkpoint then."""
    grace = workload.pod_spec.get("terminationGracePeriodSeconds")
    return grace is not None and (workload.ends or int(grace) > GRACE_SECONDS)
