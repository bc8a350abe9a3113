"""Defines `check`: every question of this room, asked of every workload among some manifests."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from podzol.faults import Fault
from podzol.fit import autoscaling, disruption, gangs, quota, room, spot, spread, volumes
from podzol.fit.admitted import admitted_pod, admitted_spec
from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, error, note
from podzol.fit.objects import Objects
from podzol.fit.offers import Cluster, PoolOffer
from podzol.fit.placement import place, takes
from podzol.fit.pods import Pod
from podzol.fit.reading import reading, refuse
from podzol.fit.report import Report, Verdict, in_order
from podzol.fit.workloads import workloads

DEFAULT_SCHEDULER = "default-scheduler"


def check(manifests: Iterable[dict[str, Any]], cluster: Cluster, namespace: str = "default") -> Report:
    """Whether these manifests will run on that cluster.

    Args:
        manifests: plain Kubernetes objects, such as `helm template` prints.
        cluster: from `planned.cluster_of(spec, provider)` or `live.cluster_of(...)`.
        namespace: of objects that name none.

    Raises:
        UserError: a request or limit is no quantity, or an object isn't of the form that the API server takes; every
            such fault at once.
    """
    objects = Objects([*manifests, *cluster.objects], namespace)
    faults: list[Fault] = []
    asked = _asked(objects, cluster, faults)
    findings: dict[int, list[Finding]] = {id(each): [] for each in asked}
    for each in asked:
        with reading(str(each.workload), faults):
            findings[id(each)].extend(_of_one(each, cluster, objects))
    with reading("ResourceQuota", faults):
        for each, finding in quota.totals(asked, objects):
            findings[id(each)].append(finding)
    refuse(faults)
    for each, finding in room.next_to_all_else(asked):
        if not any(other.question == "gangs" for other in findings[id(each)]):
            findings[id(each)].append(finding)
    return Report(
        cluster=cluster.name,
        provider=cluster.provider or "live",
        verdicts=tuple(
            Verdict(each.workload, each.pod, each.placements, in_order(findings[id(each)])) for each in asked
        ),
    )


def _asked(objects: Objects, cluster: Cluster, faults: list[Fault]) -> list[Asked]:
    """Every workload with its pod, and every pool asked for it."""
    read = []
    for workload in workloads(objects, faults):
        with reading(str(workload), faults):
            spec = admitted_spec(workload, cluster, objects)
            read.append((workload, spec, admitted_pod(workload, spec, cluster, objects)))
    pools, asked = cluster.pools, []
    for workload, _, pod in read:
        if workload.kind == "DaemonSet":
            with reading(str(workload), faults):
                pools = _with_daemon(pod, pools)
    for workload, spec, pod in read:
        with reading(str(workload), faults):
            asked.append(Asked(workload, spec, pod, tuple(place(pod, pool) for pool in pools)))
    return asked


def _with_daemon(pod: Pod, pools: tuple[PoolOffer, ...]) -> tuple[PoolOffer, ...]:
    """The pools once a DaemonSet's pod runs on each of their nodes that takes it."""
    return tuple(
        replace(pool, nodes=tuple(node.with_taken(pod.room) if takes(pod, node) else node for node in pool.nodes))
        for pool in pools
    )


def _of_one(asked: Asked, cluster: Cluster, objects: Objects) -> Iterable[Finding]:
    """What one workload brings up by itself."""
    if not asked.fitting:
        yield error("placement", "no pool takes it", "change what it asks for, or add a pool that has it")
    yield from autoscaling.scale_up(asked)
    yield from autoscaling.metrics(asked)
    yield from gangs.as_a_whole(asked)
    yield from quota.bounds(asked, objects)
    yield from volumes.why_not(asked, cluster, objects)
    yield from disruption.blockers(asked, objects)
    yield from spot.taken_away(asked, cluster)
    yield from spread.not_judged(asked.workload)
    yield from _not_judged(asked.spec)


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
