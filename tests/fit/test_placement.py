"""Which pools take a pod, and what is said of those that don't."""

from dataclasses import replace
from typing import Any

import pytest
from builders import (
    CPU_NODE,
    CPUS,
    GPUS,
    container,
    deployment,
    gpu_spec,
    other,
    pod_spec,
    refusals,
    said,
    verdict,
    with_pools,
)

from podzol.fit.offers import HostPort, Taint
from podzol.kubernetes.node_labels import ZONE


def test_a_pod_for_any_node_lands_where_no_taint_keeps_it_off() -> None:
    assert verdict(deployment()).pools == ["cpu-pool"]
    assert refusals(deployment()) == {
        "cpu-pool": (),
        "gpu-pool": ("does not tolerate nvidia.com/gpu=present:NoSchedule",),
    }


def test_a_pod_with_the_toleration_and_a_gpu_lands_on_the_gpu_pool_alone() -> None:
    found = refusals(deployment(gpu_spec()))
    assert found["gpu-pool"] == ()
    assert "asks for 1 nvidia.com/gpu; an e2-standard-4 has none" in found["cpu-pool"]


def test_says_what_is_asked_what_a_node_offers_and_what_daemonsets_take() -> None:
    assert refusals(deployment(pod_spec(container(cpu="3.9"))))["cpu-pool"] == (
        "asks for 3.9 CPU; an e2-standard-4 offers 3.92, DaemonSets take 0.2",
    )


def test_writes_as_many_digits_as_tell_the_numbers_apart() -> None:
    assert refusals(deployment(pod_spec(container(memory="11264.1Mi"))))["cpu-pool"] == (
        "asks for 11.0001 GiB memory; an e2-standard-4 offers 12, DaemonSets take 1",
    )


def test_a_pod_may_take_the_last_thousandth_of_a_core_and_the_last_byte() -> None:
    assert verdict(deployment(pod_spec(container(cpu="3720m", memory="11Gi")))).answer == "fits"
    assert verdict(deployment(pod_spec(container(cpu="3721m", memory="11Gi")))).answer == "does not fit"
    assert verdict(deployment(pod_spec(container(cpu="3720m", memory=str(11 * 2**30 + 1))))).answer == "does not fit"


def test_a_pool_that_is_not_wanted_is_told_by_its_label_alone() -> None:
    asked = deployment(pod_spec(container(cpu="99"), nodeSelector={"podzol.dev/pool": "big-pool"}))
    assert refusals(asked)["gpu-pool"] == ("wants podzol.dev/pool=big-pool, a g2-standard-8 has gpu-pool",)
    assert said(asked) == ["error: no pool takes it; change what it asks for, or add a pool that has it"]


def affinity(*expressions: dict[str, Any], fields: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    term = {"matchExpressions": list(expressions), "matchFields": list(fields)}
    required = {"nodeSelectorTerms": [term]}
    return pod_spec(affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}})


@pytest.mark.parametrize(
    ("requirement", "reason"),
    [
        ({"operator": "In", "values": ["3", "5"]}, "gen one of 3, 5, an e2-standard-4 has 4"),
        ({"operator": "NotIn", "values": ["4"]}, "gen not 4, an e2-standard-4 has 4"),
        ({"operator": "DoesNotExist"}, "no gen, an e2-standard-4 has 4"),
        ({"operator": "Gt", "values": ["4"]}, "gen above 4, an e2-standard-4 has 4"),
        ({"operator": "Lt", "values": ["4"]}, "gen below 4, an e2-standard-4 has 4"),
    ],
)
def test_says_which_requirement_of_node_affinity_a_node_does_not_meet(requirement: dict[str, Any], reason: str) -> None:
    node = replace(CPU_NODE, labels={**CPU_NODE.labels, "gen": "4"})
    cluster = with_pools(replace(CPUS, nodes=(node,)))
    asked = deployment(affinity({"key": "gen", **requirement}))
    assert refusals(asked, cluster=cluster) == {"cpu-pool": (f"node affinity wants {reason}",)}


def test_a_pod_that_names_a_node_lands_on_no_node_that_is_yet_to_be_made() -> None:
    by_field = affinity(fields=({"key": "metadata.name", "operator": "In", "values": ["node-1"]},))
    assert refusals(deployment(by_field))["cpu-pool"] == (
        "node affinity wants metadata.name node-1, a new node has a name of its own",
    )
    by_label = deployment(pod_spec(nodeSelector={"kubernetes.io/hostname": "node-1"}))
    assert verdict(by_label).pools == []
    assert refusals(deployment(pod_spec(nodeName="node-1")))["cpu-pool"] == ("wants the node node-1 (nodeName)",)


def test_a_zone_that_the_pool_has_is_taken_and_another_is_not() -> None:
    assert verdict(deployment(pod_spec(nodeSelector={ZONE: "zone-b"}))).pools == ["cpu-pool"]
    assert refusals(deployment(pod_spec(nodeSelector={ZONE: "zone-c"})))["cpu-pool"] == (
        f"wants {ZONE}=zone-c, an e2-standard-4 has zone-a",
    )


def test_a_pod_on_a_volume_lands_where_the_volume_is() -> None:
    term = {"matchExpressions": [{"key": ZONE, "operator": "In", "values": ["zone-c"]}]}
    volume = other("PersistentVolume", {"nodeAffinity": {"required": {"nodeSelectorTerms": [term]}}}, "disk")
    claim = other("PersistentVolumeClaim", {"volumeName": "disk", "accessModes": ["ReadWriteOnce"]}, "data")
    asked = deployment(pod_spec(volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]))
    reason = f"its volume is elsewhere: node affinity wants {ZONE} zone-c, an e2-standard-4 has zone-a"
    assert refusals(asked, claim, volume)["cpu-pool"] == (reason,)


def test_a_pod_that_spreads_over_a_label_needs_nodes_with_it() -> None:
    spread = {"topologyKey": "example.org/rack", "whenUnsatisfiable": "DoNotSchedule", "maxSkew": 1}
    asked = deployment(pod_spec(topologySpreadConstraints=[spread]))
    assert refusals(asked)["cpu-pool"] == ("spreads over example.org/rack, which an e2-standard-4 has not",)


def test_a_host_port_that_is_taken_keeps_a_pod_off() -> None:
    node = replace(CPU_NODE, kind="node a", name="a", ports=(HostPort("0.0.0.0", "TCP", 8080),))
    cluster = with_pools(replace(CPUS, nodes=(node,), autoscaler="none"))
    asked = deployment(pod_spec(container(ports=[{"containerPort": 80, "hostPort": 8080, "hostIP": "127.0.0.1"}])))
    assert refusals(asked, cluster=cluster) == {"cpu-pool": ("wants host port 8080/TCP, which is taken on node a",)}


def test_a_taint_without_a_value_is_tolerated_by_its_key() -> None:
    node = replace(CPU_NODE, taints=(Taint("dedicated", "", "NoExecute"),))
    cluster = with_pools(replace(CPUS, nodes=(node,)), GPUS)
    assert refusals(deployment(), cluster=cluster)["cpu-pool"] == ("does not tolerate dedicated:NoExecute",)
    tolerating = deployment(pod_spec(tolerations=[{"key": "dedicated", "effect": "NoExecute", "tolerationSeconds": 1}]))
    assert verdict(tolerating, cluster=cluster).pools == ["cpu-pool"]


def test_a_taint_that_only_advises_keeps_nobody_off() -> None:
    cluster = with_pools(replace(CPUS, nodes=(replace(CPU_NODE, taints=(Taint("a", "b", "PreferNoSchedule"),)),)))
    assert verdict(deployment(), cluster=cluster).answer == "fits"


def test_a_daemonset_among_the_manifests_takes_its_share_of_every_node() -> None:
    agent = {
        "kind": "DaemonSet",
        "metadata": {"name": "agent"},
        "spec": {"template": {"spec": pod_spec(container(cpu="700m"))}},
    }
    from builders import CLUSTER

    from podzol.fit import check

    api, daemon = check([agent, deployment(pod_spec(container(cpu="3100m")))], CLUSTER).verdicts
    assert daemon.answer == "fits"
    assert api.placements[0].reasons == ("asks for 3.1 CPU; an e2-standard-4 offers 3.92, DaemonSets take 0.9",)
