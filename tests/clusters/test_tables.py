"""The tables of machines, reserves and names: every row has a source, and the formulas give what others published."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from podzol.clusters import allocatable, load_spec, node_shapes, system_pods, tables
from podzol.clusters.machines import Machine, accelerators, machines
from podzol.clusters.prices import written
from podzol.clusters.regions import regions
from podzol.clusters.resources import MIB, Resources
from podzol.clusters.spec import Cloud, Provider

CSV = (
    "accelerators.csv",
    "fees.csv",
    "kubernetes-versions.csv",
    "regions.csv",
    "system-pods.csv",
)
BOTH: tuple[Cloud, ...] = ("eks", "gke")
ALL = [machine for cloud in BOTH for machine in machines(cloud).values()]


@pytest.mark.parametrize("name", CSV)
def test_every_row_names_a_source(name: str) -> None:
    for row in tables.rows(name):
        assert row["source"] in tables.sources(), row


@pytest.mark.parametrize("name", ["machines-ec2.csv", "machines-gce.csv"])
def test_every_machine_names_the_source_of_its_shape_and_of_each_price(name: str) -> None:
    for row in tables.rows(name):
        assert row["shape_source"] in tables.sources(), row
        for price, source in (("on_demand_usd", "price_source"), ("spot_usd", "spot_source")):
            assert bool(row[price]) == bool(row[source]), row
            assert not row[source] or row[source] in tables.sources(), row


def test_every_source_has_a_date_and_is_used() -> None:
    files = [each for each in tables.FOLDER.iterdir() if each.name != "sources.csv"]
    texts = "".join(each.read_text(encoding="utf-8") for each in [*files, Path(allocatable.__file__)])
    for name, source in tables.sources().items():
        assert re.fullmatch(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", source.date), name
        assert name in texts, f"{name} is used nowhere"


@pytest.mark.parametrize("name", ["cloud-labels.yaml", "addons.yaml"])
def test_every_entry_of_a_yaml_table_has_source_and_date(name: str) -> None:
    content = tables.document(name)
    for entry in content if isinstance(content, list) else content.values():
        assert entry["source"].startswith("https://")
        assert str(entry["date"]) == "2026-11-23"


def test_there_are_more_than_sixty_machines_on_each_cloud() -> None:
    assert len(machines("eks")) > 60
    assert len(machines("gke")) > 60


@pytest.mark.parametrize("cloud", BOTH)
def test_each_cloud_has_general_compute_and_memory_machines_and_gpus(cloud: Cloud) -> None:
    assert {machine.kind for machine in machines(cloud).values()} >= {"general", "compute", "memory", "gpu"}


def test_every_current_nvidia_gpu_of_each_cloud_is_there() -> None:
    ec2 = {
        "g4dn",
        "g5",
        "g5g",
        "g6",
        "gr6",
        "g6e",
        "g7",
        "g7e",
        "p4d",
        "p4de",
        "p5",
        "p5e",
        "p5en",
        "p6-b200",
        "p6-b300",
    }
    gce = {"g2", "g4", "a2", "a3", "a4", "a4x", "n1"}
    assert {name.split(".")[0] for name, each in machines("eks").items() if each.gpus} >= ec2
    assert {name.split("-")[0] for name, each in machines("gke").items() if each.gpus or each.attaches} == gce


@pytest.mark.parametrize("machine", ALL, ids=lambda machine: machine.name)
def test_a_machine_is_whole(machine: Machine) -> None:
    assert machine.vcpu >= 2
    assert machine.memory_gib >= 4
    assert bool(machine.accelerator) == bool(machine.gpus) == (machine.kind == "gpu")
    assert not machine.accelerator or machine.accelerator in accelerators()
    assert not machine.attaches or machine.attaches in accelerators()
    if machine.spot_usd:
        assert machine.on_demand_usd is not None
        assert 0.1 < machine.spot_usd / machine.on_demand_usd < 0.95


def test_a_bigger_machine_of_a_family_costs_more() -> None:
    for family in ("m7i", "c7i", "r7i", "g6"):
        of = [each for name, each in machines("eks").items() if name.startswith(f"{family}.") and each.gpus <= 1]
        for small, big in pairwise(sorted(of, key=lambda each: (each.vcpu, each.memory_gib))):
            assert (small.on_demand_usd or 0) < (big.on_demand_usd or 0), (small.name, big.name)


@pytest.mark.parametrize("cloud", BOTH)
def test_every_zone_begins_with_its_region(cloud: Cloud) -> None:
    for region, zones in regions(cloud).items():
        assert len(zones) >= 2
        assert all(re.fullmatch(rf"{region}-?[a-f]", zone) for zone in zones)


PUBLISHED_EKS = {
    "m7i.xlarge": (3920, 14162, 58),
    "m6a.8xlarge": (31850, 118312, 234),
    "g6.2xlarge": (7910, 29317, 58),
    "g5.48xlarge": (191450, 723299, 345),
    "p5.48xlarge": (191450, 1938410, 100),
    "r7i.4xlarge": (15890, 118312, 234),
}
"""CPU, memory in MiB and pods that Karpenter's page of instance types lists (source karpenter-instance-types)."""


@pytest.mark.parametrize("name", PUBLISHED_EKS)
def test_a_node_of_eks_offers_what_karpenter_publishes(name: str) -> None:
    _, offered = allocatable.eks_node(machines("eks")[name], 100)
    assert (offered.cpu_milli, offered.memory_bytes // MIB, offered.pods) == PUBLISHED_EKS[name]


def test_a_node_of_gke_offers_what_googles_page_shows() -> None:
    """The example of the page plan-node-sizes: an e2-standard-4 with a boot disk of 100 GB, without image streaming."""
    _, offered = allocatable.gke_node(machines("gke")["e2-standard-4"], 100, image_streaming=False)
    assert offered.cpu_milli == 3920
    assert offered.memory_bytes == pytest.approx(13498416 * 1024, rel=0.01)
    assert offered.ephemeral_bytes == pytest.approx(47060071478, rel=0.01)
    assert offered.pods == 110


def test_image_streaming_takes_memory_of_its_own() -> None:
    machine = machines("gke")["g2-standard-8"]
    _, without = allocatable.gke_node(machine, 100, image_streaming=False)
    _, streaming = allocatable.gke_node(machine, 100, image_streaming=True)
    # 10 % of the first 4 GiB, 8 % of the next 4, 4 % of the next 8, 2.4 % of the next 16.
    assert without.memory_bytes - streaming.memory_bytes == pytest.approx(
        (0.4 + 0.32 + 0.32 + 0.384) * 1024 * MIB, abs=2
    )


def test_the_gcs_fuse_sidecar_is_counted_as_its_webhook_sets_it() -> None:
    assert system_pods.with_bucket("gke") == Resources(250, 256 * MIB, 5120 * MIB)


def test_a_mountpoint_pod_is_a_pod_more_on_the_node() -> None:
    assert system_pods.with_bucket("eks") == Resources(pods=1)


def test_daemonsets_count_where_they_run_only() -> None:
    plain = system_pods.on_node("eks", [], gpu=False)
    with_gpu = system_pods.on_node("eks", [], gpu=True)
    assert (with_gpu.cpu_milli - plain.cpu_milli, with_gpu.pods - plain.pods) == (10, 1)
    dataplane = system_pods.on_node("gke", ["network-policy"], gpu=False)
    kube_proxy = system_pods.on_node("gke", [], gpu=False)
    assert dataplane.cpu_milli - kube_proxy.cpu_milli == 105


@pytest.mark.parametrize(
    ("provider", "pool", "expected"),
    [
        (
            "eks",
            "gpu-pool",
            {
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": "g6.2xlarge",
                "topology.kubernetes.io/region": "us-east-1",
                "eks.amazonaws.com/nodegroup": "gpu-pool",
                "eks.amazonaws.com/capacityType": "ON_DEMAND",
                "k8s.amazonaws.com/accelerator": "nvidia-l4",
            },
        ),
        (
            "gke",
            "cpu-pool",
            {
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": "e2-standard-4",
                "topology.kubernetes.io/region": "us-central1",
                "cloud.google.com/gke-nodepool": "cpu-pool",
                "cloud.google.com/gke-spot": "true",
                "cloud.google.com/gke-provisioning": "spot",
            },
        ),
        (
            "gke",
            "gpu-pool",
            {
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": "g2-standard-8",
                "topology.kubernetes.io/region": "us-central1",
                "cloud.google.com/gke-nodepool": "gpu-pool",
                "cloud.google.com/gke-provisioning": "standard",
                "cloud.google.com/gke-accelerator": "nvidia-l4",
            },
        ),
        (
            "local",
            "cpu-pool",
            {
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": "m7i.xlarge",
                "karpenter.sh/nodepool": "cpu-pool",
                "karpenter.sh/capacity-type": "spot",
            },
        ),
    ],
)
def test_what_a_provider_writes_on_nodes_by_itself(provider: Provider, pool: str, expected: dict[str, str]) -> None:
    spec = load_spec("soil")
    (found,) = (each for each in spec.pools if each.name == pool)
    assert node_shapes(spec, found, provider)[0].cloud_labels == expected


def test_attached_gpus_are_paid_for() -> None:
    spec = load_spec("soil-small")
    (shape,) = node_shapes(spec, spec.pools[1], "gke")
    assert shape.price_usd == pytest.approx(0.19 + 0.35)


def test_a_price_that_nobody_published_is_unknown() -> None:
    assert machines("gke")["a4-highgpu-8g"].on_demand_usd is None
    assert written(None) == "unknown"
