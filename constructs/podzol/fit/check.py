"""Defines `check`: every question of this room, asked of every workload among some manifests."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from podzol.faults import Fault, UserError
from podzol.fit import autoscaling, disruption, gangs, quota, room, spot, spread, volumes
from podzol.fit.admitted import admitted, admitted_spec
from podzol.fit.findings import Finding, error, note
from podzol.fit.objects import Objects
from podzol.fit.offers import Cluster, PoolOffer
from podzol.fit.placement import Placement, place, takes
from podzol.fit.pods import Pod
from podzol.fit.quantities import NotAQuantity
from podzol.fit.report import Report, Verdict, in_order
from podzol.fit.workloads import Workload, workloads

DEFAULT_SCHEDULER = "default-scheduler"


def check(manifests: Iterable[dict[str, Any]], cluster: Cluster, namespace: str = "default") -> Report:
    """Whether these manifests will run on that cluster.

    Args:
        manifests: plain Kubernetes objects, such as `helm template` prints.
        cluster: from `planned.cluster_of(spec, provider)` or `live.cluster_of(...)`.
        namespace: of objects that name none.

    Raises:
        UserError: a request or limit is no quantity; every such fault at once.
    """
    objects = Objects([*manifests, *cluster.objects], namespace)
    found = workloads(objects)
    pods = _pods(found, cluster, objects)
    pools = _with_daemons(found, pods, cluster.pools)
    asked = [(one, pod, tuple(place(pod, pool) for pool in pools)) for one, pod in zip(found, pods, strict=True)]
    findings = [list(_of_one(one, pod, placements, cluster, objects)) for one, pod, placements in asked]
    place_of = {id(one): number for number, one in enumerate(found)}
    specs: list[tuple[Workload, Pod, Mapping[str, Any]]] = [
        (one, pod, admitted_spec(one, cluster, objects)) for one, pod, _ in asked
    ]
    for one, finding in quota.totals(specs, objects):
        findings[place_of[id(one)]].append(finding)
    for one, finding in room.next_to_all_else(asked, pools):
        if not any(each.question == "gangs" for each in findings[place_of[id(one)]]):
            findings[place_of[id(one)]].append(finding)
    return Report(
        cluster=cluster.name,
        provider=cluster.provider or "live",
        verdicts=tuple(
            Verdict(one, pod, placements, in_order(some))
            for (one, pod, placements), some in zip(asked, findings, strict=True)
        ),
    )


def _pods(found: list[Workload], cluster: Cluster, objects: Objects) -> list[Pod]:
    pods, faults = [], []
    for workload in found:
        try:
            pods.append(admitted(workload, cluster, objects))
        except NotAQuantity as wrong:
            faults.append(
                Fault(str(workload), "must ask for quantities of Kubernetes", wrong.args[0], "write 500m or 2Gi")
            )
    if faults:
        raise UserError(faults)
    return pods


def _with_daemons(found: list[Workload], pods: list[Pod], pools: tuple[PoolOffer, ...]) -> tuple[PoolOffer, ...]:
    """The pools once the DaemonSets among the manifests run on each of their nodes."""
    daemons = [pod for workload, pod in zip(found, pods, strict=True) if workload.kind == "DaemonSet"]
    for pod in daemons:
        pools = tuple(
            replace(pool, nodes=tuple(node.with_taken(pod.room) if takes(pod, node) else node for node in pool.nodes))
            for pool in pools
        )
    return pools


def _of_one(
    workload: Workload, pod: Pod, placements: tuple[Placement, ...], cluster: Cluster, objects: Objects
) -> Iterable[Finding]:
    """What one workload brings up by itself."""
    if not any(each.fits for each in placements):
        yield error("placement", "no pool takes it", "change what it asks for, or add a pool that has it")
    yield from autoscaling.scale_up(pod, placements)
    spec = admitted_spec(workload, cluster, objects)
    yield from autoscaling.metrics(workload, spec)
    yield from gangs.as_a_whole(workload, pod, placements)
    yield from quota.bounds(workload, pod, spec, objects)
    yield from volumes.why_not(workload, pod, cluster, objects)
    yield from disruption.blockers(workload, placements, objects)
    yield from spot.taken_away(workload, placements, cluster)
    yield from spread.not_judged(workload)
    yield from _not_judged(spec)


def _not_judged(spec: Mapping[str, Any]) -> Iterable[Finding]:
    """What this room doesn't know."""
    scheduler = spec.get("schedulerName") or DEFAULT_SCHEDULER
    if scheduler != DEFAULT_SCHEDULER:
        yield note("placement", f"the scheduler {scheduler} may decide otherwise: not judged")
    for key, what in (
        ("resourceClaims", "resource claims (DRA)"),
        ("schedulingGates", "what its scheduling gates wait for"),
        ("runtimeClassName", "the overhead of its runtime class"),
    ):
        if spec.get(key) and not (key == "runtimeClassName" and "overhead" in spec):
            yield note("placement", f"{what}: not judged")
