"""What a pod asks for, once everything that asks for something is added up."""

from dataclasses import replace
from typing import Any

import pytest
from builders import CLUSTER, container, deployment, other, pod_spec, verdict

from podzol.faults import UserError
from podzol.fit import check
from podzol.fit.pods import pod_requests
from podzol.kubernetes.quantities import NotAQuantity, nano
from podzol.workloads import CpuBatchJob


def asks(**resources: Any) -> dict[str, Any]:
    return {"name": "x", "resources": resources}


@pytest.mark.parametrize(
    ("spec", "cpu"),
    [
        ({"containers": [asks(requests={"cpu": "1"}), asks(requests={"cpu": "500m"})]}, 1500),
        ({"containers": [asks(limits={"cpu": "2"})]}, 2000),
        ({"containers": [asks(requests={"cpu": "1"}, limits={"cpu": "2"})]}, 1000),
        ({"containers": [asks(requests={"cpu": "1"})], "initContainers": [asks(requests={"cpu": "3"})]}, 3000),
        ({"containers": [asks(requests={"cpu": "1"})], "overhead": {"cpu": "250m"}}, 1250),
        ({"containers": [asks(requests={"cpu": "1"})], "resources": {"requests": {"cpu": "4"}}}, 4000),
        ({"containers": [asks()], "resources": {"limits": {"cpu": "4"}}}, 4000),
        ({"containers": [asks(requests={"cpu": "1"})], "resources": {"limits": {"cpu": "4"}}}, 1000),
        ({"containers": [asks(requests={"cpu": "0.0001"}), asks(requests={"cpu": "0.0001"})]}, 1),
    ],
)
def test_adds_up_as_the_scheduler_does(spec: dict[str, Any], cpu: int) -> None:
    assert pod_requests(spec)["cpu"] == cpu


def test_a_sidecar_runs_beside_the_containers_and_beside_later_init_containers() -> None:
    sidecar = {**asks(requests={"cpu": "2"}), "restartPolicy": "Always"}
    before = {"containers": [asks(requests={"cpu": "1"})], "initContainers": [sidecar, asks(requests={"cpu": "5"})]}
    after = {"containers": [asks(requests={"cpu": "1"})], "initContainers": [asks(requests={"cpu": "5"}), sidecar]}
    assert (pod_requests(before)["cpu"], pod_requests(after)["cpu"]) == (7000, 5000)


@pytest.mark.parametrize(
    ("quantity", "billionths"),
    [
        ("1", 10**9),
        (2, 2 * 10**9),
        (0.5, 5 * 10**8),
        ("100m", 10**8),
        (".5", 5 * 10**8),
        ("5.", 5 * 10**9),
        ("1Ki", 1024 * 10**9),
        ("1.5Gi", 3 * 2**29 * 10**9),
        ("1e3", 10**12),
        ("1E3", 10**12),
        ("1E", 10**27),
        ("1e-3", 10**6),
        ("1e999", (2**63 - 1) * 10**9),
        ("0.1n", 1),
    ],
)
def test_reads_every_form_of_a_quantity(quantity: str | int | float, billionths: int) -> None:
    assert nano(quantity) == billionths


@pytest.mark.parametrize("quantity", ["", "1 Gi", "1GB", "-1", "two", "1K", True, "1.2.3", "Gi"])
def test_refuses_what_is_no_quantity(quantity: Any) -> None:
    with pytest.raises(NotAQuantity):
        nano(quantity)


def test_tells_every_wrong_quantity_at_once() -> None:
    wrong = [
        deployment(pod_spec(container(cpu="1 core"))),
        {**deployment(pod_spec(container(memory="1GB"))), "kind": "StatefulSet"},
    ]
    with pytest.raises(UserError) as refused:
        check(wrong, CLUSTER)
    assert str(refused.value) == (
        'Deployment/api: must ask for quantities of Kubernetes, got "1 core"; write 500m or 2Gi\n'
        'StatefulSet/api: must ask for quantities of Kubernetes, got "1GB"; write 500m or 2Gi'
    )


def test_a_limit_range_gives_what_a_container_does_not_say() -> None:
    limit = {"type": "Container", "default": {"cpu": "2", "memory": "4Gi"}, "defaultRequest": {"cpu": "250m"}}
    asked = verdict(deployment(pod_spec({"name": "main"})), other("LimitRange", {"limits": [limit]}))
    assert asked.pod.requests == {"cpu": 250, "memory": 4 * 2**30}


def test_the_sidecar_of_gke_counts_with_its_defaults_or_with_what_the_annotations_say() -> None:
    mounted = {"gke-gcsfuse/volumes": "true"}
    usual = verdict(deployment(annotations=mounted)).pod.requests
    assert usual == {"cpu": 1250, "memory": 1280 * 2**20, "ephemeral-storage": 5 * 2**30}
    sized = verdict(
        deployment(annotations={**mounted, "gke-gcsfuse/cpu-request": "1", "gke-gcsfuse/memory-limit": "3Gi"})
    )
    assert sized.pod.requests == {"cpu": 2000, "memory": 4 * 2**30, "ephemeral-storage": 5 * 2**30}
    elsewhere = verdict(deployment(annotations=mounted), cluster=replace(CLUSTER, provider="local"))
    assert elsewhere.pod.requests == {"cpu": 1000, "memory": 2**30}


def test_a_bucket_on_eks_brings_a_pod_of_its_own_onto_the_node() -> None:
    volume = other("PersistentVolume", {"csi": {"driver": "s3.csi.aws.com"}}, "bucket")
    claim = other("PersistentVolumeClaim", {"volumeName": "bucket"}, "data")
    asked = deployment(pod_spec(volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]))
    eks = replace(CLUSTER, provider="eks", drivers=frozenset({"s3.csi.aws.com"}))
    assert verdict(asked, claim, volume, cluster=eks).pod.room["pods"] == 2


def test_a_runtime_class_adds_its_overhead() -> None:
    sandbox = {"kind": "RuntimeClass", "metadata": {"name": "gvisor"}, "overhead": {"podFixed": {"cpu": "250m"}}}
    assert verdict(deployment(pod_spec(runtimeClassName="gvisor")), sandbox).pod.requests["cpu"] == 1250


def test_attempts_with_a_ladder_ask_for_its_largest_rung() -> None:
    ladder = {"memoryLadder": ["512Mi", "1536Mi", "2Gi"], "capacity": "any"}
    report = check(CpuBatchJob.render(ladder, release="a"), CLUSTER, "default")
    memory = {each.workload.kind: pod_requests(each.workload.template["spec"])["memory"] for each in report.verdicts}
    assert memory["CronJob"] == 2 * 2**30
