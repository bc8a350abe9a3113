"""What quotas and limit ranges of a namespace have to say."""

from builders import CLUSTER, container, deployment, job, other, pod_spec, said

from podzol.fit import check


def quota(**hard: str) -> dict:
    return other(
        "ResourceQuota",
        {"hard": {key.replace("__", "/").replace("_", "."): value for key, value in hard.items()}},
        "team",
    )


def test_pods_beyond_the_quota_do_not_fit() -> None:
    assert said(deployment(replicas=3), quota(requests_cpu="2500m")) == [
        "error: with it, namespace and all, 3 CPU are asked for (requests.cpu); quota team allows 2.5; "
        "ask for less, or raise the quota"
    ]


def test_workloads_of_a_namespace_count_together_and_with_what_is_used() -> None:
    full = {**quota(pods="3"), "status": {"used": {"pods": "1"}}}
    verdicts = check([deployment(), job(), full], CLUSTER).verdicts
    assert [verdict.findings for verdict in verdicts] == [(), ()]
    full["status"]["used"]["pods"] = "2"
    first, second = check([deployment(), job(), full], CLUSTER).verdicts
    assert first.findings == ()
    assert [str(each) for each in second.findings] == [
        "with it, namespace and all, 4 pods are asked for (pods); quota team allows 3; ask for less, or raise the quota"
    ]


def test_a_peak_beyond_the_quota_is_a_warning() -> None:
    target = {"kind": "Deployment", "name": "api"}
    hpa = other("HorizontalPodAutoscaler", {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 3})
    assert said(deployment(), hpa, quota(requests_cpu="2")) == [
        "warning: with its most pods 3 CPU are asked for (requests.cpu); quota team allows 2; lower maxReplicas"
    ]


def test_another_namespace_has_its_own_quota() -> None:
    elsewhere = quota(pods="0")
    elsewhere["metadata"]["namespace"] = "other"
    assert said(deployment(), elsewhere) == []


def test_under_a_quota_every_container_says_what_it_needs() -> None:
    spec = pod_spec({"name": "main", "resources": {"requests": {"cpu": "1"}}})
    assert said(deployment(spec), quota(requests_memory="10Gi", limits_cpu="10")) == [
        "error: quota team wants every container to limit cpu, else its pods are refused; say it in the values",
        "error: quota team wants every container to request memory, else its pods are refused; say it in the values",
    ]


def test_a_quota_of_gpus_counts_them() -> None:
    from builders import gpu_spec

    assert said(job(gpu_spec()), quota(requests_nvidia_com__gpu="0")) == [
        "error: with it, namespace and all, 1 nvidia.com/gpu are asked for (requests.nvidia.com/gpu); "
        "quota team allows 0; ask for less, or raise the quota"
    ]


def test_a_quota_with_scopes_is_not_judged() -> None:
    scoped = quota(pods="0")
    scoped["spec"]["scopes"] = ["BestEffort"]
    assert said(deployment(), scoped) == ["note: quota team has scopes: not judged"]


def test_a_limit_range_has_bounds_for_containers_and_for_pods() -> None:
    container_limit = {"type": "Container", "max": {"cpu": "500m"}, "default": {}, "min": {"memory": "2Gi"}}
    pod_limit = {"type": "Pod", "max": {"cpu": "900m"}}
    limits = other("LimitRange", {"limits": [container_limit, pod_limit]})
    assert said(deployment(), limits) == [
        "error: container main asks for 1 GiB memory; a LimitRange wants 2; ask for more",
        "error: container main asks for 1 CPU; a LimitRange allows 0.5; ask for less",
        "error: the pod asks for 1 CPU; a LimitRange allows 0.9; ask for less",
    ]


def test_a_limit_range_bounds_how_far_a_limit_is_above_its_request() -> None:
    limits = other("LimitRange", {"limits": [{"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}}]})
    main = container()
    main["resources"]["limits"] = {"cpu": "3"}
    assert said(deployment(pod_spec(main)), limits) == [
        "error: container main has a cpu limit of 3 times its request; a LimitRange allows 2; "
        "bring limit and request together"
    ]
