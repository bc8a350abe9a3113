"""The file for eksctl: held against eksctl's own schema, and against what that schema and eksctl let through."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from podzol.clusters import ClusterSpec, bundled, load_spec, parse_spec
from podzol.clusters.render import render

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared/data/eksctl-schema-0.231.0-dev.json"
"""eksctl's schema stands beside the repository where CI runs; it is no part of the project."""
TEMPLATE = "k8s.io/cluster-autoscaler/node-template"


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    if not SCHEMA.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(
                "CI must have eksctl's schema beside the repository: shared/data/eksctl-schema-0.231.0-dev.json"
            )
        pytest.skip("eksctl's schema is not beside the repository: the eksctl files are checked in CI only")
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


@pytest.fixture(params=[*bundled(), "karpenter"])
def spec(request: pytest.FixtureRequest, soil: dict[str, Any]) -> ClusterSpec:
    if request.param == "karpenter":
        return parse_spec({**soil, "nodeAutoscaler": "karpenter", "apiAccessCidrs": ["203.0.113.0/24"]})
    return load_spec(request.param)


@pytest.fixture
def config(spec: ClusterSpec) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(render(spec, "eks")["cluster.yaml"])
    return found


def test_eksctls_schema_takes_the_file(config: dict[str, Any], schema: dict[str, Any]) -> None:
    errors = jsonschema.Draft7Validator(schema).iter_errors(config)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_add_ons_are_known_and_not_repeated(config: dict[str, Any]) -> None:
    """Neither the schema nor eksctl notices an unknown or repeated add-on."""
    names = [each["name"] for each in config["addons"]]
    assert sorted(names) == sorted(set(names))
    assert set(names) == {
        "vpc-cni",
        "coredns",
        "kube-proxy",
        "eks-pod-identity-agent",
        "aws-ebs-csi-driver",
        "aws-mountpoint-s3-csi-driver",
        "metrics-server",
    }


def test_network_policies_are_enforced(config: dict[str, Any]) -> None:
    (cni,) = (each for each in config["addons"] if each["name"] == "vpc-cni")
    assert json.loads(cni["configurationValues"]) == {"enableNetworkPolicy": "true"}


def test_private_nodes_have_a_way_out(config: dict[str, Any]) -> None:
    """Private nodes with NAT off pass every check of eksctl and never pull an image."""
    assert config["vpc"]["nat"]["gateway"] == "Single"
    assert all(group["privateNetworking"] for group in config["managedNodeGroups"])


def test_logs_and_disks_are_as_an_auditor_wants_them(config: dict[str, Any]) -> None:
    assert "audit" in config["cloudWatch"]["clusterLogging"]["enableTypes"]
    assert all(group["volumeEncrypted"] for group in config["managedNodeGroups"])


def test_every_group_has_machines_and_limits_in_order(config: dict[str, Any]) -> None:
    """eksctl takes maxSize 0 and a group without a machine; its schema min above max and groups of one name."""
    groups = config["managedNodeGroups"]
    assert len({group["name"] for group in groups}) == len(groups)
    for group in groups:
        assert group["instanceTypes"]
        assert 0 <= group["minSize"] <= group["desiredCapacity"] <= group["maxSize"]
        assert group["maxSize"] > 0


def test_at_least_two_zones_of_the_region(config: dict[str, Any]) -> None:
    zones = config["availabilityZones"]
    assert len(zones) >= 2
    assert all(zone.startswith(config["metadata"]["region"]) for zone in zones)


@pytest.mark.parametrize("name", bundled())
def test_cluster_autoscaler_knows_an_empty_gpu_group(name: str) -> None:
    """The taint with its effect, the GPU, the labels: eksctl's own taint tag loses the effect and is then ignored."""
    config = yaml.safe_load(render(load_spec(name), "eks")["cluster.yaml"])
    (gpu,) = (group for group in config["managedNodeGroups"] if group["name"] == "gpu-pool")
    accelerator = gpu["labels"]["podzol.dev/accelerator"]
    assert gpu["propagateASGTags"] is True
    assert gpu["tags"] == {
        f"{TEMPLATE}/label/podzol.dev/pool": "gpu-pool",
        f"{TEMPLATE}/label/podzol.dev/capacity-type": "on-demand",
        f"{TEMPLATE}/label/podzol.dev/accelerator": accelerator,
        f"{TEMPLATE}/label/k8s.amazonaws.com/accelerator": accelerator,
        f"{TEMPLATE}/taint/nvidia.com/gpu": "present:NoSchedule",
        f"{TEMPLATE}/resources/nvidia.com/gpu": "1",
        f"{TEMPLATE}/resources/ephemeral-storage": f"{gpu['volumeSize']}Gi",
    }


def test_policies_may_change_this_clusters_things_only(soil: dict[str, Any]) -> None:
    config = yaml.safe_load(render(parse_spec(soil), "eks")["cluster.yaml"])
    for identity in config["iam"]["podIdentityAssociations"]:
        for statement in identity["permissionPolicy"]["Statement"]:
            reads = all(action.split(":")[1].startswith(("Describe", "Get", "List")) for action in statement["Action"])
            assert reads or "Condition" in statement, statement
            assert not any(action.endswith("*") for action in statement["Action"])


def test_a_bucket_that_nobody_writes_is_read_only(soil: dict[str, Any]) -> None:
    soil["buckets"] = [{"name": "reference", "readers": ["soil"]}]
    text = render(parse_spec(soil), "eks")["cluster.yaml"]
    assert "s3:GetObject" in text
    assert "s3:PutObject" not in text
