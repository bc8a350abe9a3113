"""A spec as fit reads it: nodes, autoscaler, storage and drivers of each provider."""

import pytest

from podzol.clusters import Provider, load_spec
from podzol.fit import planned


@pytest.mark.parametrize(
    ("provider", "autoscaler"), [("eks", "cluster-autoscaler"), ("gke", "gke"), ("local", "karpenter")]
)
def test_each_provider_has_the_pools_of_the_spec_and_an_autoscaler_of_its_own(
    provider: Provider, autoscaler: str
) -> None:
    cluster = planned.cluster_of(load_spec("soil"), provider)
    assert [(pool.name, pool.min, pool.max, pool.autoscaler) for pool in cluster.pools] == [
        ("cpu-pool", 1, 6, autoscaler),
        ("gpu-pool", 0, 4, autoscaler),
    ]


def test_a_node_has_what_the_machine_offers_less_daemonsets() -> None:
    pool = planned.cluster_of(load_spec("soil"), "gke").pools[1]
    (node,) = pool.nodes
    assert node.kind == "a g2-standard-8"
    assert node.free["nvidia.com/gpu"] == 1
    assert 0 < node.free["cpu"] < node.allocatable["cpu"] < 8000
    assert node.labels["podzol.dev/pool"] == "gpu-pool"
    assert [str(taint) for taint in node.taints] == ["nvidia.com/gpu=present:NoSchedule"]


def test_a_machine_without_gpus_offers_none() -> None:
    pool = planned.cluster_of(load_spec("soil"), "eks").pools[0]
    assert all("nvidia.com/gpu" not in node.allocatable for node in pool.nodes)


def test_drivers_are_those_of_the_cloud_and_all_of_them_locally() -> None:
    spec = load_spec("soil")
    drivers = {provider: planned.cluster_of(spec, provider).drivers for provider in ("eks", "gke", "local")}
    assert drivers["eks"] == {"ebs.csi.aws.com", "s3.csi.aws.com"}
    assert drivers["gke"] == {"pd.csi.storage.gke.io", "gcsfuse.csi.storage.gke.io"}
    assert drivers["local"] == drivers["eks"] | drivers["gke"]


@pytest.mark.parametrize(("machine", "words"), [("e2-standard-4", "an e2-standard-4"), ("g6.2xlarge", "a g6.2xlarge")])
def test_a_machine_has_its_article(machine: str, words: str) -> None:
    assert planned.with_article(machine) == words


def test_a_machine_of_two_pools_is_two_instance_types_locally() -> None:
    spec = load_spec("soil")
    twin = spec.pools[0].model_copy(update={"name": "other-pool"})
    cluster = planned.cluster_of(spec.model_copy(update={"pools": [*spec.pools, twin]}), "local")
    names = {pool.name: pool.nodes[0].labels["node.kubernetes.io/instance-type"] for pool in cluster.pools}
    assert names == {
        "cpu-pool": "m7i.xlarge.cpu-pool",
        "gpu-pool": "g6.2xlarge",
        "other-pool": "m7i.xlarge.other-pool",
    }
