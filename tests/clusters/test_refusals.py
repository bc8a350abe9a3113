"""What a spec must not say: each reason asserted whole, and what is only doubtful."""

from collections.abc import Callable
from typing import Any

import pytest

from podzol.clusters import parse_spec
from podzol.clusters.refusals import warned

Faults = Callable[[Any], list[str]]
Change = Callable[[dict[str, Any]], None]


def pool(number: int, **values: Any) -> Change:
    return lambda spec: spec["pools"][number].update(values)


def cloud(name: str, **values: Any) -> Change:
    return lambda spec: spec[name].update(values)


def top(**values: Any) -> Change:
    return lambda spec: spec.update(values)


def without(*names: str) -> Change:
    def change(spec: dict[str, Any]) -> None:
        for name in names:
            del spec[name]

    return change


TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}
REFUSED: dict[str, tuple[Change, list[str]]] = {
    "min above max": (pool(1, min=5), ["pools[1].min: must be at most max (4), got 5; lower min or raise max"]),
    "an address that can't be": (
        top(apiAccessCidrs=["203.0.113.0/24", "203.0.300.0/24"]),
        [
            'apiAccessCidrs[1]: must be an IPv4 network: four numbers up to 255, got "203.0.300.0/24"; '
            "write it like 203.0.113.0/24"
        ],
    ),
    "two pools of one name": (
        pool(1, name="cpu-pool"),
        ['pools[1].name: must differ from the other pools, got "cpu-pool"; rename it or leave it out'],
    ),
    "the pool that GKE makes": (
        pool(0, name="default-pool"),
        ['pools[0].name: must not be a name that Podzol uses itself, got "default-pool"; rename the pool'],
    ),
    "an unknown machine of EC2": (
        pool(1, machines={"eks": ["g6.2xlrge"], "gke": ["g2-standard-8"]}),
        [
            'pools[1].machines.eks[0]: unknown machine type, got "g6.2xlrge"; '
            "did you mean g6.2xlarge or g6e.2xlarge or g6.24xlarge"
        ],
    ),
    "an unknown machine of Compute Engine": (
        pool(0, machines={"eks": ["m7i.xlarge"], "gke": ["e2-standart-4"]}),
        [
            'pools[0].machines.gke[0]: unknown machine type, got "e2-standart-4"; '
            "did you mean e2-standard-4 or n2-standard-4 or g2-standard-4"
        ],
    ),
    "no machine for a cloud": (
        pool(0, machines={"eks": ["m7i.xlarge"]}),
        ["pools[0].machines.gke: must name a machine type; the spec has gke, so every pool needs one there"],
    ),
    "two machines on GKE": (
        pool(0, machines={"eks": ["m7i.xlarge"], "gke": ["e2-standard-4", "n2-standard-4"]}),
        [
            "pools[0].machines.gke: must be one machine type: a GKE node pool has no more, "
            'got ["e2-standard-4", "n2-standard-4"]; keep the first'
        ],
    ),
    "machines of two sizes under Cluster Autoscaler": (
        pool(0, machines={"eks": ["m7i.xlarge", "m7i.2xlarge"], "gke": ["e2-standard-4"]}),
        [
            "pools[0].machines.eks[1]: must have 4 vCPU and 16 GiB like m7i.xlarge: Cluster Autoscaler counts on the "
            'first type, got "m7i.2xlarge with 8 vCPU and 32 GiB"; '
            "make a pool for each size, or set nodeAutoscaler: karpenter"
        ],
    ),
    "machines of two architectures": (
        pool(0, machines={"eks": ["m7i.xlarge", "m7g.xlarge"], "gke": ["e2-standard-4"]}),
        ['pools[0].machines.eks[1]: must be amd64 like m7i.xlarge, got "arm64"; make a pool for each architecture'],
    ),
    "a machine twice": (
        pool(0, machines={"eks": ["m7i.xlarge", "m7i.xlarge"], "gke": ["e2-standard-4"]}),
        ['pools[0].machines.eks[1]: must differ from the other machine types, got "m7i.xlarge"; leave it out'],
    ),
    "a GPU machine without its taint": (
        pool(1, taints=[]),
        [
            "pools[1].taints: must keep other pods off a GPU machine; "
            "add {key: nvidia.com/gpu, value: present, effect: NoSchedule}"
        ],
    ),
    "the GPU taint without GPUs": (
        lambda spec: spec["pools"].append({**spec["pools"][0], "name": "odd", "taints": [TAINT]}),
        ["pools[2].taints: must not have the GPU taint without GPUs; leave it out, or add an accelerator"],
    ),
    "a taint twice": (
        pool(1, taints=[TAINT, {**TAINT, "effect": "NoExecute"}]),
        ['pools[1].taints[1].key: must differ from the other taints: EKS tells them by key, got "nvidia.com/gpu"'],
    ),
    "an accelerator that nobody has": (
        pool(1, accelerator={"type": "nvidia-l5", "count": 1}),
        [
            'pools[1].accelerator.type: unknown accelerator, got "nvidia-l5"; known are nvidia-tesla-t4, nvidia-t4g, '
            "nvidia-tesla-v100, nvidia-a10g, nvidia-l4, nvidia-l40s, nvidia-tesla-a100, nvidia-a100-80gb, "
            "nvidia-h100-80gb, nvidia-h100-mega-80gb, nvidia-h200-141gb, nvidia-b200, nvidia-b300, nvidia-gb200, "
            "nvidia-rtx-pro-4500, nvidia-rtx-pro-6000"
        ],
    ),
    "an accelerator that the machine has not": (
        pool(1, accelerator={"type": "nvidia-l4", "count": 2}),
        [
            'pools[1].accelerator: must be what g6.2xlarge has: 1 nvidia-l4, got "2 nvidia-l4"; '
            "change the accelerator or the machine type",
            'pools[1].accelerator: must be what g2-standard-8 has: 1 nvidia-l4, got "2 nvidia-l4"; '
            "change the accelerator or the machine type",
        ],
    ),
    "a GPU machine in a CPU pool": (
        pool(0, machines={"eks": ["g6.xlarge"], "gke": ["e2-standard-4"]}),
        [
            'pools[0].accelerator: must be what g6.xlarge has: 1 nvidia-l4, got "no GPU"; '
            "change the accelerator or the machine type"
        ],
    ),
    "a label of Kubernetes": (
        pool(0, labels={"node-role.kubernetes.io/soil": "yes"}),
        [
            "pools[0].labels: keys must not be of a domain that Kubernetes or a cloud owns, "
            'got "node-role.kubernetes.io/soil"; use your own'
        ],
    ),
    "a label of Podzol": (
        pool(0, labels={"podzol.dev/pool": "other"}),
        ['pools[0].labels: keys must not be the ones that Podzol writes itself, got "podzol.dev/pool"; leave it out'],
    ),
    "an unknown region": (
        cloud("eks", region="us-est-1"),
        [
            'eks.region: must be a known region, got "us-est-1"; did you mean us-west-1 or us-east-1 or us-west-2',
        ],
    ),
    "a zone outside the region": (
        cloud("gke", zones=["us-central1-a", "us-east1-b"]),
        [
            'gke.zones[1]: must be a zone of us-central1, got "us-east1-b"; '
            "they are us-central1-a, us-central1-b, us-central1-c, us-central1-f"
        ],
    ),
    "a zone twice": (
        cloud("gke", zones=["us-central1-a", "us-central1-a"]),
        ['gke.zones[1]: must differ from the other zones, got "us-central1-a"; rename it or leave it out'],
    ),
    "a pool's zone outside the cluster's": (
        pool(1, zones={"gke": ["us-central1-f"]}),
        ['pools[1].zones.gke[0]: must be a zone of the cluster, got "us-central1-f"; add it to gke.zones'],
    ),
    "more nodes to start with than max": (
        pool(0, max=2),
        [
            "pools[0].max: must be at least 3: GKE starts a pool with as many nodes in each of its 3 zones, got 2; "
            "raise max, or give fewer zones under pools[0].zones.gke"
        ],
    ),
    "a version that no cloud runs": (
        top(kubernetesVersion="1.29"),
        [
            'kubernetesVersion: must be a version that EKS creates, got "1.29"; take one of 1.32, 1.33, 1.34, 1.35',
            'kubernetesVersion: must be a version that GKE creates, got "1.29"; take one of 1.33, 1.34, 1.35',
        ],
    ),
    "an unknown add-on": (
        top(addons=["object-storage", "metrics-servr"]),
        ['addons[1]: unknown add-on, got "metrics-servr"; did you mean metrics-server'],
    ),
    "an add-on twice": (
        top(addons=["object-storage", "object-storage"]),
        ['addons[1]: must differ from the other add-ons, got "object-storage"; rename it or leave it out'],
    ),
    "buckets without their driver": (
        top(addons=["block-storage"]),
        ['addons: must have object-storage where there are buckets, got ["block-storage"]; add object-storage'],
    ),
    "a bucket for nobody": (
        top(buckets=[{"name": "datasets"}]),
        ["buckets[0].readers: must name a namespace, unless writers does; write [soil]"],
    ),
    "a bucket whose name gets too long": (
        top(buckets=[{"name": "d" * 28, "readers": ["soil"]}]),
        [
            "buckets[0].name: must have at most 27 characters, for soil- and a project id are added, "
            f'got "{"d" * 28}"; shorten it'
        ],
    ),
    "a bucket with a reserved name": (
        top(buckets=[{"name": "google-earth", "readers": ["soil"]}]),
        [
            'buckets[0].name: must not make a bucket name that a cloud reserves, got "soil-google-earth"; '
            "rename the bucket or the cluster"
        ],
    ),
    "a cluster name too long for GKE": (
        top(name="s" * 25, buckets=[]),
        [
            "name: must have at most 24 characters on GKE, where the nodes' service account is NAME-nodes, "
            f'got "{"s" * 25}"; shorten it'
        ],
    ),
    "no node for the cluster itself": (
        pool(0, min=0),
        [
            "pools: must have one without taints and with min of at least 1, for the cluster's own pods; "
            "set min: 1 on a pool without GPUs"
        ],
    ),
    "no cloud": (
        without("eks", "gke"),
        ["eks: must be given, unless gke is; name a region and zones of AWS or of Google Cloud"],
    ),
    "a local cluster like a cloud that is not there": (
        without("eks"),
        ['localLike: must be a cloud of this spec, got "eks"; write gke'],
    ),
    "more labels than tags": (
        pool(0, labels={f"soil/label-{number}": "x" for number in range(50)}),
        ["pools[0].labels: and taints must be at most 40 together on EKS, got 52; drop some"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(case: str, soil: dict[str, Any], faults_of: Faults) -> None:
    change, expected = REFUSED[case]
    change(soil)
    assert faults_of(soil) == expected


def test_tells_every_fault_at_once(soil: dict[str, Any], faults_of: Faults) -> None:
    soil["pools"][0]["min"] = 9
    soil["pools"][1]["taints"] = []
    soil["eks"]["zones"] = ["us-east-1a", "eu-west-1b"]
    found = faults_of(soil)
    assert [fault.split(":")[0] for fault in found] == [
        "eks.zones[1]",
        "pools[0].min",
        "pools[1].taints",
    ]


def test_karpenter_takes_machines_of_several_sizes(soil: dict[str, Any]) -> None:
    soil["nodeAutoscaler"] = "karpenter"
    soil["pools"][0]["machines"]["eks"] = ["m7i.xlarge", "m7i.2xlarge"]
    assert parse_spec(soil).pools[0].machines.eks == ["m7i.xlarge", "m7i.2xlarge"]


def test_the_bundled_specs_are_beyond_doubt(soil: dict[str, Any]) -> None:
    assert warned(parse_spec(soil)) == []


WARNED: dict[str, tuple[Change, str]] = {
    "a GPU on spot": (
        pool(1, capacityType="spot"),
        "pools[1].capacityType: a GPU on spot can be taken away while it trains: a Job that can't checkpoint loses its "
        'work, got "spot"; use on-demand, or only Jobs with checkpoints',
    ),
    "idle GPUs": (
        pool(1, min=1),
        "pools[1].min: GPU machines are paid for while they idle, got 1; set 0; a Job brings one up",
    ),
    "a pool that never grows": (
        pool(0, min=3, max=3),
        "pools[0].max: is min, so the pool never grows or shrinks, got 3; raise max or lower min",
    ),
    "machines that take Hyperdisk only": (
        pool(0, machines={"eks": ["m7i.xlarge", "m7a.xlarge"], "gke": ["n4-standard-4"]}),
        "pools[0].machines.gke: takes Hyperdisk only, so claims of the class podzol-balanced or podzol-retain can't be "
        'mounted there, got "n4-standard-4"; use a bucket, or a storage class of type hyperdisk-balanced',
    ),
    "no network policy": (
        top(addons=["object-storage", "metrics-server"]),
        "addons: without network-policy NetworkPolicies are accepted and do nothing; add network-policy",
    ),
    "no metrics": (
        top(addons=["object-storage", "network-policy"]),
        "addons: without metrics-server an HPA on EKS never scales; add metrics-server",
    ),
    "a min under Karpenter": (
        top(nodeAutoscaler="karpenter"),
        "pools[0].min: Karpenter keeps no minimum, so it counts as 0 on EKS, got 1; set 0",
    ),
}


@pytest.mark.parametrize("case", WARNED)
def test_warns_of(case: str, soil: dict[str, Any]) -> None:
    change, expected = WARNED[case]
    change(soil)
    assert expected in [str(fault) for fault in warned(parse_spec(soil))]
