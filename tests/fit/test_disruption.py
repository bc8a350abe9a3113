"""What keeps a node from going, and what its going does to a workload."""

from dataclasses import replace
from typing import Any

import pytest
from builders import CLUSTER, CPUS, GPUS, LABELS, deployment, gpu_spec, job, other, pod_spec, said, with_pools

ON_AWS = with_pools(replace(CPUS, autoscaler="cluster-autoscaler"), GPUS)
SCRATCH = pod_spec(volumes=[{"name": "tmp", "emptyDir": {}}, {"name": "shm", "emptyDir": {"medium": "Memory"}}])
HELD = {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false", "karpenter.sh/do-not-disrupt": "true"}


def budget(name: str = "keep", **spec: Any) -> dict[str, Any]:
    return other("PodDisruptionBudget", {"selector": {"matchLabels": LABELS}, **spec}, name)


@pytest.mark.parametrize(
    "spec", [{"minAvailable": 2}, {"maxUnavailable": 0}, {"minAvailable": "51%"}, {"maxUnavailable": "0%"}]
)
def test_a_budget_that_lets_no_pod_go_keeps_nodes(spec: dict[str, Any]) -> None:
    assert said(deployment(replicas=2), budget(**spec)) == [
        "warning: the PodDisruptionBudget keep lets none of 2 pods go, so their nodes can't be emptied; "
        "write maxUnavailable: 1"
    ]


@pytest.mark.parametrize(
    "spec", [{"minAvailable": 1}, {"maxUnavailable": 1}, {"maxUnavailable": "1%"}, {"maxUnavailable": None}]
)
def test_a_budget_that_lets_a_pod_go_is_fine(spec: dict[str, Any]) -> None:
    assert said(deployment(replicas=2), budget(**spec)) == []


def test_two_budgets_on_one_pod_stop_every_eviction() -> None:
    assert said(deployment(replicas=2), budget("one", maxUnavailable=1), budget("two", maxUnavailable=1)) == [
        "warning: one, two select the same pods, so none can be evicted; keep one"
    ]


def test_a_pod_without_a_controller_keeps_its_node_and_is_lost_with_a_spot_node() -> None:
    assert said({"kind": "Pod", "metadata": {"name": "alone"}, "spec": pod_spec()}) == [
        "warning: a pod without a controller is lost with its node, so an autoscaler keeps the node; "
        "make it a Job or a Deployment",
        "warning: a pod without a controller does not come back when cpu-pool loses its node; make it a Job",
    ]


def test_a_service_that_must_not_be_disturbed_holds_its_node_for_ever() -> None:
    assert said(deployment(annotations=HELD)) == [
        "warning: cluster-autoscaler.kubernetes.io/safe-to-evict holds a node of cpu-pool at 0.08 USD an hour "
        "for ever; leave it to work that ends"
    ]


def test_a_gpu_job_that_must_not_be_disturbed_needs_a_deadline() -> None:
    assert said(job(gpu_spec(), annotations=HELD)) == [
        "warning: cluster-autoscaler.kubernetes.io/safe-to-evict holds a node of gpu-pool at 0.85 USD an hour, "
        "and nothing ends a pod that hangs; set activeDeadlineSeconds"
    ]
    assert said(job(gpu_spec(), annotations=HELD, activeDeadlineSeconds=3600)) == []


def test_local_volumes_keep_cluster_autoscaler_from_removing_a_node_of_a_service() -> None:
    assert said(deployment(SCRATCH), cluster=ON_AWS) == [
        "warning: its local volumes (tmp) keep Cluster Autoscaler from removing the node; "
        'annotate the pods with cluster-autoscaler.kubernetes.io/safe-to-evict: "true"'
    ]
    assert said(job(SCRATCH), cluster=ON_AWS) == []
    spared = {"cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "tmp"}
    assert said(deployment(SCRATCH, annotations=spared), cluster=ON_AWS) == []


def test_a_job_that_does_not_start_again_is_not_for_spot_nodes() -> None:
    assert said(job(backoffLimit=0)) == [
        "warning: backoffLimit is 0 and podFailurePolicy does not ignore DisruptionTarget: "
        "when cpu-pool loses its node the Job fails; add the rule, or use an on-demand pool"
    ]
    rules = [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]
    assert said(job(backoffLimit=0, podFailurePolicy={"rules": rules})) == []
    assert said(job(gpu_spec(), backoffLimit=0)) == []


def test_a_job_that_takes_longer_to_stop_than_the_notice_is_warned() -> None:
    slow = pod_spec(terminationGracePeriodSeconds=60)
    assert said(job(slow)) == [
        "warning: it may take 60 s to stop, but cpu-pool gives 15 s of notice; "
        "finish within 15 s, and say so in terminationGracePeriodSeconds"
    ]
    assert said(job(slow), cluster=replace(CLUSTER, provider="eks")) == []


def test_a_gang_on_spot_nodes_stops_with_any_of_them() -> None:
    assert said(job(pod_spec(subdomain="train"), parallelism=2)) == [
        "warning: when cpu-pool loses one node, all 2 pods of the gang stop; use on-demand"
    ]
