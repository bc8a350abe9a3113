"""Whether pools grow for a workload, and how many of its pods they hold."""

from dataclasses import replace
from typing import Any

import pytest
from builders import CPU_NODE, CPUS, GPUS, container, deployment, gpu_spec, job, other, pod_spec, said, with_pools

from podzol.faults import UserError
from podzol.fit import check
from podzol.kubernetes.accelerators import POOL
from podzol.kubernetes.node_labels import ZONE

ON_AWS = replace(CPUS, min=0, autoscaler="cluster-autoscaler", known_labels=frozenset({POOL, ZONE}))
SMALL_NODE = replace(CPU_NODE, kind="an m7i.large", allocatable={**CPU_NODE.allocatable, "cpu": 1930})


def hpa(least: int, most: int, metric: dict[str, Any] | None = None) -> dict[str, Any]:
    target = {"kind": "Deployment", "name": "api"}
    spec = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most, "metrics": [metric] if metric else []}
    return other("HorizontalPodAutoscaler", spec)


def test_a_hpa_whose_maximum_finds_no_room_does_not_fit() -> None:
    assert said(deployment(), hpa(1, 13)) == [
        "error: its HPA may make 13 pods; 12 of them fit on cpu-pool (4 nodes); "
        "lower maxReplicas or raise the pool's max"
    ]
    assert said(deployment(), hpa(1, 12)) == []


def test_replicas_that_find_no_room_do_not_fit() -> None:
    assert said(deployment(replicas=13)) == [
        "error: has 13 pods at once; 12 of them fit on cpu-pool (4 nodes); ask for fewer or raise the pool's max"
    ]


def test_a_job_whose_pods_may_wait_for_each_other_fits_in_turns() -> None:
    assert said(job(gpu_spec(), parallelism=4, completions=4)) == [
        "warning: runs 4 pods at once; 2 of them fit on gpu-pool (2 nodes), the rest wait; "
        "lower parallelism to what fits"
    ]


def test_a_job_runs_no_more_pods_than_it_has_to_complete() -> None:
    assert said(job(gpu_spec(), parallelism=4, completions=2)) == []


def test_a_gang_fits_as_a_whole_or_not_at_all() -> None:
    gang = job(gpu_spec(subdomain="train"), parallelism=4, completions=4)
    assert said(gang) == [
        "error: needs all of its 4 pods at once; 2 of them fit on gpu-pool (2 nodes); "
        "ask for fewer or raise the pool's max"
    ]


def test_a_jobset_is_a_gang_of_all_its_replicas() -> None:
    part = {"name": "workers", "replicas": 2, "template": {"spec": {**job(gpu_spec())["spec"], "parallelism": 2}}}
    jobset = {"kind": "JobSet", "metadata": {"name": "train"}, "spec": {"replicatedJobs": [part]}}
    assert said(jobset) == [
        "error: needs all of its 4 pods at once; 2 of them fit on gpu-pool (2 nodes); "
        "ask for fewer or raise the pool's max"
    ]


def test_a_job_set_that_starts_again_survives_the_loss_of_a_spot_node() -> None:
    part = {"name": "workers", "template": {"spec": {**job()["spec"], "backoffLimit": 0}}}
    jobset = {"kind": "JobSet", "metadata": {"name": "train"}, "spec": {"replicatedJobs": [part]}}
    dies = "backoffLimit is 0 and podFailurePolicy does not ignore DisruptionTarget"
    assert [dies in each for each in said(jobset)] == [True, False]
    jobset["spec"]["failurePolicy"] = {"rules": [{"action": "RestartJobSetAndIgnoreMaxRestarts"}]}
    assert [dies in each for each in said(jobset)] == [False]


def test_a_train_job_is_a_gang_of_its_nodes_as_its_runtime_has_them() -> None:
    assert said(*train_job({"numNodes": 4})) == [
        "error: needs all of its 4 pods at once; 2 of them fit on gpu-pool (2 nodes); "
        "ask for fewer or raise the pool's max"
    ]
    assert said(*train_job({"numNodes": 2})) == []
    assert said(*train_job({})) == said(*train_job({"numNodes": 3}))


def test_a_train_job_may_ask_for_more_than_its_runtime_and_change_its_pods() -> None:
    more = train_job({"numNodes": 2, "resourcesPerNode": {"limits": {"cpu": "9"}}})
    assert said(*more)[0] == "error: no pool takes it; change what it asks for, or add a pool that has it"
    pod = {"nodeSelector": {"podzol.dev/pool": "cpu-pool"}, "tolerations": []}
    patch = {"replicatedJobs": [{"name": "node", "template": {"spec": {"template": {"spec": pod}}}}]}
    patched = train_job({"numNodes": 2}, runtimePatches=[{"trainingRuntimeSpec": {"template": {"spec": patch}}}])
    assert said(*patched)[0] == "error: no pool takes it; change what it asks for, or add a pool that has it"


def test_a_train_job_without_its_runtime_can_not_be_judged() -> None:
    with pytest.raises(UserError) as refused:
        said(train_job({})[0])
    assert str(refused.value) == (
        "TrainJob/train: must come with its runtime, which says what a node is, got "
        '"ClusterTrainingRuntime/torch"; add the runtime\'s manifest to what you ask about'
    )


def train_job(trainer: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """A TrainJob and its runtime, of three nodes with a GPU each unless it says otherwise."""
    spec = gpu_spec()
    spec["containers"][0]["name"] = "node"
    label = {"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"}
    node = {"name": "node", "template": {"metadata": {"labels": label}, "spec": job(spec)["spec"]}}
    runtime = {"mlPolicy": {"numNodes": 3}, "template": {"spec": {"replicatedJobs": [node]}}}
    return [
        {
            "kind": "TrainJob",
            "metadata": {"name": "train"},
            "spec": {"runtimeRef": {"name": "torch"}, "trainer": trainer, **more},
        },
        {"kind": "ClusterTrainingRuntime", "metadata": {"name": "torch"}, "spec": runtime},
    ]


def test_pods_that_keep_each_other_off_a_node_need_a_node_each() -> None:
    apart = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "x"}}}
    spec = pod_spec(affinity={"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}})
    assert said(deployment(spec, replicas=5)) == [
        "error: has 5 pods at once; 4 of them fit on cpu-pool (4 nodes); ask for fewer or raise the pool's max"
    ]


def test_workloads_that_fit_alone_are_told_when_they_do_not_fit_together() -> None:
    big = deployment(pod_spec(container(cpu="3")), replicas=3)
    small = {**deployment(replicas=6), "kind": "StatefulSet"}
    from builders import CLUSTER

    verdicts = check([big, small], CLUSTER).verdicts
    assert [str(finding) for verdict in verdicts for finding in verdict.findings] == [
        "when all workloads have their most pods, 3 of its 6 find room on cpu-pool (4 nodes); "
        "raise the pool's max, or let fewer pods run at once"
    ]


def test_small_pods_go_into_the_gaps_that_big_ones_leave() -> None:
    from builders import CLUSTER

    big = deployment(pod_spec(container(cpu="2720m")), replicas=4)
    small = {**deployment(replicas=4), "kind": "StatefulSet"}
    assert [verdict.findings for verdict in check([big, small], CLUSTER).verdicts] == [(), ()]


def test_cluster_autoscaler_grows_no_empty_group_for_a_label_that_it_does_not_know() -> None:
    labels = {**CPU_NODE.labels, "eks.amazonaws.com/nodegroup": "cpu-pool"}
    cluster = with_pools(replace(ON_AWS, nodes=(replace(CPU_NODE, labels=labels),)), GPUS)
    asked = deployment(pod_spec(nodeSelector={"eks.amazonaws.com/nodegroup": "cpu-pool"}))
    assert said(asked, cluster=cluster) == [
        "error: cpu-pool has no nodes and may not be grown for it: Cluster Autoscaler does not know "
        "eks.amazonaws.com/nodegroup of a group without nodes; "
        "select by podzol.dev/pool=cpu-pool alone, or give the pool one machine type and one zone"
    ]


def test_cluster_autoscaler_may_not_grow_a_group_of_several_zones_for_a_pod_of_one() -> None:
    cluster = with_pools(replace(ON_AWS, min=1), GPUS)
    assert said(deployment(pod_spec(nodeSelector={ZONE: "zone-b"})), cluster=cluster) == [
        "warning: cpu-pool may not be grown for it: Cluster Autoscaler judges a group that spans zones by one of them, "
        "whichever it is; select by podzol.dev/pool=cpu-pool alone, or give the pool one machine type and one zone"
    ]


def test_cluster_autoscaler_judges_a_group_by_its_first_machine() -> None:
    asked = deployment(pod_spec(container(cpu="3")))
    first = with_pools(replace(ON_AWS, nodes=(CPU_NODE, SMALL_NODE)))
    assert said(asked, cluster=first) == [
        "warning: cpu-pool may grow by machines that do not take it: an m7i.large; "
        "give the pool machines of one size, or ask for less"
    ]
    second = with_pools(replace(ON_AWS, nodes=(SMALL_NODE, CPU_NODE)))
    assert said(asked, cluster=second) == [
        "error: cpu-pool has no nodes and may not be grown for it: "
        "Cluster Autoscaler judges a group by its first machine type, an m7i.large; "
        "select by podzol.dev/pool=cpu-pool alone, or give the pool one machine type and one zone"
    ]


def test_karpenter_takes_the_machine_that_fits() -> None:
    pool = replace(ON_AWS, nodes=(SMALL_NODE, CPU_NODE), autoscaler="karpenter")
    assert said(deployment(pod_spec(container(cpu="3"))), cluster=with_pools(pool)) == []


def by_utilisation(kind: str, **more: str) -> dict[str, Any]:
    source = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}, **more}
    return {"type": kind, kind[0].lower() + kind[1:]: source}


def test_a_hpa_by_utilisation_needs_a_request_of_every_container() -> None:
    spec = pod_spec(container(), {"name": "proxy"})
    assert said(deployment(spec), hpa(1, 3, by_utilisation("Resource"))) == [
        "error: its HPA goes by cpu utilisation, but container proxy asks for none, so it never scales; "
        "give every container a cpu request"
    ]
    assert said(deployment(spec), hpa(1, 3, by_utilisation("ContainerResource", container="main"))) == []
    assert said(deployment(spec), hpa(1, 3, by_utilisation("ContainerResource", container="web"))) == [
        "error: its HPA goes by cpu utilisation, but there is no such container, so it never scales; "
        "give every container a cpu request"
    ]
