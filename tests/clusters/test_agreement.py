"""One pool model for all: EKS, GKE and the local cluster give a pod the same labels, taints and resources."""

import json
import re
import shlex
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from random_specs import specs

from podzol.clusters import ClusterSpec, parse_spec
from podzol.clusters.machines import accelerators
from podzol.clusters.nodes import node_shapes
from podzol.clusters.render import render
from podzol.clusters.resources import MIB

OWN = re.compile(r"^(podzol\.dev|team|soil\.example)/")
Seen = dict[str, dict[str, Any]]
"""Pool -> what a rendering says of it."""


def load_all(text: str) -> list[Any]:
    return list(yaml.load_all(text, yaml.CSafeLoader))


def taint(key: str, value: str, effect: str) -> tuple[str, str, str]:
    return key, value, effect


def own(labels: dict[str, str]) -> dict[str, str]:
    """Labels that a pod may choose a node by on every provider."""
    return {key: value for key, value in labels.items() if OWN.match(key)}


def on_eks(spec: ClusterSpec) -> Seen:
    files = render(spec, "eks")
    if spec.node_autoscaler == "karpenter":
        return of_node_pools(load_all(files["node-pools.yaml"]))
    return {
        group["name"]: {
            "labels": own(group["labels"]),
            "taints": [taint(**each) for each in group.get("taints", [])],
            "gpus": group["tags"].get("k8s.io/cluster-autoscaler/node-template/resources/nvidia.com/gpu", "0"),
            "max": group["maxSize"],
        }
        for group in load_all(files["cluster.yaml"])[0]["managedNodeGroups"]
    }


def of_node_pools(documents: list[dict[str, Any]]) -> Seen:
    out = {}
    for pool in (each for each in documents if each["kind"] == "NodePool"):
        template = pool["spec"]["template"]
        limits = pool["spec"]["limits"]
        out[pool["metadata"]["name"]] = {
            "labels": own(template["metadata"]["labels"]),
            "taints": [taint(**each) for each in template["spec"].get("taints", [])],
            "limits": limits,
        }
    return out


def on_gke(spec: ClusterSpec) -> Seen:
    script = render(spec, "gke")["create.sh"].replace("\\\n", " ")
    out = {}
    for found in re.finditer(r"gcloud container node-pools create (\S+) (.*)", script):
        flags = dict(word.partition("=")[::2] for word in shlex.split(found[2]) if word.startswith("--"))
        accelerator = dict(part.split("=") for part in flags.get("--accelerator", "count=0").split(","))
        out[found[1]] = {
            "labels": dict(part.split("=") for part in flags["--node-labels"].split(",")),
            "taints": [
                taint(*re.fullmatch(r"(.+)=(.+):(.+)", each).groups())  # type: ignore[union-attr]
                for each in flags.get("--node-taints", "").split(",")
                if each
            ],
            "gpus": accelerator["count"],
            "accelerator": accelerator.get("type"),
            "max": int(flags["--total-max-nodes"]),
        }
    return out


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=specs())
def test_all_three_renderings_say_the_same_of_every_pool(content: dict[str, Any]) -> None:
    spec = parse_spec(content)
    eks, gke = on_eks(spec), on_gke(spec)
    files = render(spec, "local")
    local = of_node_pools(load_all(files["node-pools.yaml"]))
    floors = [node for node in load_all(files["floor-nodes.yaml"]) if node]
    for pool in spec.pools:
        gpus = str(pool.accelerator.count if pool.accelerator else 0)
        expected = {
            "labels": pool.all_labels,
            "taints": [taint(**each.model_dump()) for each in pool.taints],
        }
        assert {key: eks[pool.name][key] for key in expected} == expected
        assert {key: gke[pool.name][key] for key in expected} == expected
        assert (gke[pool.name]["gpus"], gke[pool.name]["max"]) == (gpus, pool.max)
        if spec.node_autoscaler == "cluster-autoscaler":
            assert (eks[pool.name]["gpus"], eks[pool.name]["max"]) == (gpus, pool.max)
        if pool.accelerator:
            assert gke[pool.name]["accelerator"] == accelerators()[pool.accelerator.type]["gke_label"]
        if pool.max > pool.min:
            assert {key: local[pool.name][key] for key in expected} == expected
            assert local[pool.name]["limits"] == {"nodes": str(pool.max - pool.min)}
        mine = [node for node in floors if own(node["metadata"]["labels"])["podzol.dev/pool"] == pool.name]
        assert len(mine) == pool.min
        for node in mine:
            assert own(node["metadata"]["labels"]) == expected["labels"]
            assert [taint(**each) for each in node.get("spec", {}).get("taints", [])] == expected["taints"]


@settings(max_examples=100, deadline=None)
@given(content=specs())
def test_the_local_cluster_leaves_pods_what_its_cloud_leaves(content: dict[str, Any]) -> None:
    spec = parse_spec(content)
    files = render(spec, "local")
    machines = {each["name"]: each for each in json.loads(files["instance-types.json"])}
    assert len(machines) == sum(len(pool.machines.of(spec.local_like)) for pool in spec.pools)
    for pool in spec.pools:
        (here,) = node_shapes(spec, pool, "local")
        (there,) = node_shapes(spec, pool, spec.local_like)
        assert here.free == there.free == here.allocatable
        name = next(each for each in (f"{here.machine.name}.{pool.name}", here.machine.name) if each in machines)
        offered = machines[name]["resources"]
        # The kwok provider takes 100m and 10Mi off every machine.
        assert int(offered["cpu"].removesuffix("m")) - 100 == there.free.cpu_milli
        assert int(offered["memory"].removesuffix("Mi")) - 10 == there.free.memory_bytes // MIB
        assert int(offered["pods"]) == there.free.pods
        assert int(offered.get("nvidia.com/gpu", 0)) == there.free.gpus
        zones = [each["Requirements"][1]["values"][0] for each in machines[name]["offerings"]]
        assert zones == spec.zones_of(pool, spec.local_like)
