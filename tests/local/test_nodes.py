"""Simulated nodes."""

import pytest

from podzol.faults import UserError
from podzol.local.nodes import DEFAULT_POOLS, Pool, sized


def test_a_number_is_of_the_cpu_pool_and_the_others_keep_theirs() -> None:
    assert {pool.name: pool.count for pool in sized(["5"])} == {"cpu-pool": 5, "gpu-pool": 1}


def test_a_pool_may_be_empty() -> None:
    assert {pool.name: pool.count for pool in sized(["cpu-pool=3", "gpu-pool=0"])} == {"cpu-pool": 3, "gpu-pool": 0}


def test_without_wishes_the_pools_are_the_default_ones() -> None:
    assert sized([]) == DEFAULT_POOLS


def test_every_wish_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(UserError) as error:
        sized(["three", "tpu-pool=1", "gpu-pool=-1", "3000"])
    assert [str(fault) for fault in error.value.faults] == [
        '--nodes: must be a number from 0 to 2000, or POOL=NUMBER, got "three"',
        '--nodes: must name one of cpu-pool, gpu-pool, got "tpu-pool"',
        '--nodes: must be a number from 0 to 2000, or POOL=NUMBER, got "gpu-pool=-1"',
        '--nodes: must be a number from 0 to 2000, or POOL=NUMBER, got "3000"',
    ]


def test_only_gpu_nodes_have_gpus_their_label_and_the_taint() -> None:
    gpu, cpu = Pool("gpu-pool", 1, 8, 32, gpus=2, accelerator="nvidia-l4").node(0), Pool("cpu-pool", 1, 8, 32).node(0)
    assert gpu["spec"]["taints"] == [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}]
    assert gpu["status"]["allocatable"]["nvidia.com/gpu"] == "2"
    assert gpu["metadata"]["labels"]["podzol.dev/accelerator"] == "nvidia-l4"
    assert "nvidia" not in str(cpu)


def test_the_nodes_of_a_pool_take_turns_in_three_zones() -> None:
    zones = [node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in Pool("cpu-pool", 4, 8, 32).nodes()]
    assert zones == ["local-a", "local-b", "local-c", "local-a"]
