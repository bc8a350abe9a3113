"""A running cluster as fit reads it."""

from typing import Any

import pytest
from builders import container, deployment, other, pod_spec, refusals, said, verdict

from podzol.fit import check, live
from podzol.fit.objects import Objects
from podzol.fit.workloads import workloads


def node(name: str, cpu: str = "4", labels: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    has = {"cpu": cpu, "memory": "16Gi", "pods": "110"}
    return {
        "kind": "Node",
        "metadata": {"name": name, "labels": {"podzol.dev/pool": "cpu-pool", **(labels or {})}},
        "spec": spec,
        "status": {"allocatable": has},
    }


def running(
    name: str, on: str, cpu: str = "3", phase: str = "Running", labels: dict[str, str] | None = None
) -> dict[str, Any]:
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "default", "labels": labels or {}},
        "spec": pod_spec(container(cpu), nodeName=on),
        "status": {"phase": phase},
    }


def test_pods_that_run_take_their_share_of_a_node() -> None:
    cluster = live.cluster_of([node("a"), running("x", "a")], "lab")
    assert refusals(deployment(pod_spec(container("2"))), cluster=cluster) == {
        "cpu-pool": ("asks for 2 CPU; node a offers 4, its pods take 3",)
    }


def test_pods_that_have_ended_take_nothing() -> None:
    cluster = live.cluster_of(
        [node("a"), running("x", "a", phase="Succeeded"), running("y", "a", phase="Failed")], "lab"
    )
    assert verdict(deployment(pod_spec(container("2"))), cluster=cluster).answer == "fits"


def test_pods_that_are_about_to_be_replaced_make_room() -> None:
    own = deployment(pod_spec(container("2")))
    items = [node("a"), running("api-1", "a", labels={"app": "x", "pod-template-hash": "1"})]
    cluster = live.cluster_of(items, "lab", but=workloads(Objects([own], "default"), []))
    assert verdict(own, cluster=cluster).answer == "fits"


def test_a_cordoned_node_takes_no_pod() -> None:
    cluster = live.cluster_of([node("a", unschedulable=True)], "lab")
    assert refusals(deployment(), cluster=cluster) == {
        "cpu-pool": ("does not tolerate node.kubernetes.io/unschedulable:NoSchedule",)
    }


def test_a_pool_is_told_by_its_nearest_node_and_its_nodes_hold_what_they_hold_together() -> None:
    cluster = live.cluster_of([node("a", "2"), node("b", "4")], "lab")
    assert said(deployment(pod_spec(container("2")), replicas=4), cluster=cluster) == [
        "error: has 4 pods at once; 3 of them fit on cpu-pool (2 nodes); ask for fewer or raise the pool's max"
    ]


def test_nodes_without_the_label_of_podzol_are_told_by_the_label_of_their_cloud() -> None:
    eks = {**node("a"), "metadata": {"name": "a", "labels": {"eks.amazonaws.com/nodegroup": "workers"}}}
    bare = {**node("b"), "metadata": {"name": "b"}}
    assert verdict(deployment(), cluster=live.cluster_of([eks, bare], "lab")).pools == ["(no pool)", "workers"]


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("podzol.dev/capacity-type", "spot"),
        ("karpenter.sh/capacity-type", "spot"),
        ("eks.amazonaws.com/capacityType", "SPOT"),
        ("cloud.google.com/gke-provisioning", "spot"),
    ],
)
def test_a_spot_node_is_told_by_the_label_of_podzol_or_of_its_cloud(label: str, value: str) -> None:
    (pool,) = live.cluster_of([node("a", labels={label: value})], "lab").pools
    assert pool.capacity_type == "spot"


def test_quotas_of_the_cluster_count() -> None:
    quota = {**other("ResourceQuota", {"hard": {"pods": "5"}}, "team"), "status": {"used": {"pods": "5"}}}
    quota["metadata"]["namespace"] = "default"
    (only,) = check([deployment()], live.cluster_of([node("a"), quota], "lab")).verdicts
    assert [str(each) for each in only.findings] == [
        "with it, namespace and all, 6 pods are asked for (pods); quota team allows 5; ask for less, or raise the quota"
    ]
