"""How fast the machines of a local cluster come and go."""

import pytest

from podzol.clusters import ClusterSpec, load_spec
from podzol.clusters.local.nodes import joining
from podzol.clusters.local.pace import Join, Pace
from podzol.clusters.local.pools import node_pools


@pytest.fixture(scope="module")
def spec() -> ClusterSpec:
    return load_spec("soil")


def test_a_machine_joins_as_on_the_cloud_that_is_imitated(spec: ClusterSpec) -> None:
    cpu, gpu = spec.pools
    on_gke = spec.model_copy(update={"local_like": "gke"})
    assert Pace().join(spec, cpu) == Join(register=26, ready=10)
    assert Pace().join(spec, gpu) == Join(register=52, ready=10, gpu=30)
    assert Pace().join(on_gke, gpu) == Join(register=120, ready=20, gpu=60)
    assert (Pace().notice_seconds(spec), Pace().notice_seconds(on_gke)) == (120, 30)


def test_a_wish_is_the_whole_time_until_ready(spec: ClusterSpec) -> None:
    cpu, gpu = spec.pools
    assert Pace(join_seconds=60).join(spec, cpu) == Join(register=50, ready=10)
    assert Pace(join_seconds=5).join(spec, cpu) == Join(register=3, ready=2)
    assert Pace(join_seconds=60).join(spec, gpu) == Join(register=50, ready=10, gpu=30)


def test_fast_is_faster_in_everything(spec: ClusterSpec) -> None:
    cloud, fast = Pace(), Pace(fast=True)
    for pool in spec.pools:
        slow, quick = cloud.join(spec, pool), fast.join(spec, pool)
        assert quick.register + quick.ready + quick.gpu <= 5 < slow.register
    assert fast.notice_seconds(spec) < cloud.notice_seconds(spec)
    assert fast.consolidate_after_seconds < cloud.consolidate_after_seconds
    assert all(getattr(fast.heartbeat, name) < getattr(cloud.heartbeat, name) for name in vars(cloud.heartbeat))


def test_a_lease_is_renewed_several_times_before_its_node_is_given_up() -> None:
    for pace in (Pace(), Pace(fast=True)):
        assert pace.heartbeat.lease / 4 * 3 < pace.heartbeat.grace  # kwok and the kubelet renew at a quarter


def test_the_pools_tell_kwok_how_their_nodes_join(spec: ClusterSpec) -> None:
    cpu_class, cpu_pool, gpu_class, gpu_pool = node_pools(spec, Pace(fast=True))
    assert (cpu_class["spec"], gpu_class["spec"]) == (
        {"nodeRegistrationDelay": "2s"},
        {"nodeRegistrationDelay": "3s"},
    )
    assert [pool["spec"]["template"]["metadata"]["annotations"] for pool in (cpu_pool, gpu_pool)] == [
        {"podzol.dev/simulated-ready": "1s"},
        {"podzol.dev/simulated-ready": "1s", "podzol.dev/simulated-gpu": "1s", "podzol.dev/simulated-gpus": "1"},
    ]
    assert joining(spec.pools[0], Join(2, 1)) == {"podzol.dev/simulated-ready": "1s"}
