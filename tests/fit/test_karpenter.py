"""Fit against the real Karpenter: random pods, the pools of a spec, and for each pod the pool whose node it got.

PODZOL_FIT_KARPENTER_CASES says how many pods (120), PODZOL_FIT_SEED which ones.
"""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from api import Api, Refused, until
from random_cases import ZONE, Cases

from podzol.clusters import ClusterSpec, parse_spec
from podzol.clusters.local.instance_types import instance_types
from podzol.clusters.local.pace import Pace
from podzol.clusters.local.pools import node_pools
from podzol.fit import autoscaling, check, planned
from podzol.fit.offers import Cluster as Offer
from podzol.kubernetes.accelerators import POOL
from podzol.local import ports
from podzol.local.cluster import Cluster
from podzol.local.toolchain import require

pytestmark = pytest.mark.cluster

CASES = int(os.environ.get("PODZOL_FIT_KARPENTER_CASES", "120"))
SEED = int(os.environ.get("PODZOL_FIT_SEED", "20261123"))
DEADLINE_SECONDS = 180
SILENCE_SECONDS = 20
NAMESPACE = "karpenter-cases"
NODES, PODS = "/api/v1/nodes", f"/api/v1/namespaces/{NAMESPACE}/pods"
KARPENTER = {
    "DISABLE_LEADER_ELECTION": "true",
    "KARPENTER_SERVICE": "karpenter",
    "SYSTEM_NAMESPACE": "kube-system",
    "BATCH_IDLE_DURATION": "1s",
    "LOG_LEVEL": "debug",
    "FEATURE_GATES": "NodeRepair=false,ReservedCapacity=false,SpotToSpotConsolidation=false,NodeOverlay=false",
}
REFUSED = re.compile(r'"message":"(?:could not schedule|ignoring) pod".*?"Pod":\{"name":"(case-\d+)"')
# Every pool has every label: Karpenter gives a node any value of one that its pool has not, if a pod says `NotIn`.
SPEC = yaml.safe_load("""
name: fit
kubernetesVersion: "1.35"
eks: {region: us-east-1, zones: [us-east-1a, us-east-1b, us-east-1c]}
pools:
- {name: cpu-pool, capacityType: spot, min: 1, max: 200, machines: {eks: [m7i.xlarge, m6i.xlarge]},
   labels: {disk: ssd, gen: "3", example.org/rack: r1}}
- {name: small-pool, capacityType: on-demand, min: 0, max: 200, machines: {eks: [m7i.large]},
   labels: {disk: hdd, gen: "7", example.org/rack: r1}, zones: {eks: [us-east-1b]}}
- {name: arm-pool, capacityType: on-demand, min: 0, max: 200, machines: {eks: [m7g.2xlarge]},
   labels: {disk: hdd, gen: "007", example.org/rack: r2},
   taints: [{key: dedicated, value: soil, effect: PreferNoSchedule}]}
- {name: team-pool, capacityType: spot, min: 0, max: 200, machines: {eks: [r7i.2xlarge]},
   labels: {disk: ssd, gen: "1", example.org/rack: r2},
   taints: [{key: example.org/team, value: soil, effect: NoExecute}]}
- {name: gpu-pool, capacityType: on-demand, min: 0, max: 200, machines: {eks: [g6.2xlarge]},
   labels: {disk: ssd, gen: x7, example.org/rack: r1}, accelerator: {type: nvidia-l4, count: 1},
   taints: [{key: nvidia.com/gpu, value: present, effect: NoSchedule}]}
""")


@pytest.fixture(scope="module")
def spec() -> ClusterSpec:
    return parse_spec(SPEC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("karpenter")


@pytest.fixture(scope="module")
def api(bare_cluster: Cluster, spec: ClusterSpec, folder: Path) -> Iterator[Api]:
    """A cluster where Karpenter keeps the pools of the spec, and writes its log into the folder."""
    bare_cluster.kubectl.add_kinds(require("karpenter-crds").read_text())
    (folder / "types.json").write_text(json.dumps(instance_types(spec)))
    metrics, health = ports.choose(2, set())
    own = {"KUBECONFIG": str(bare_cluster.kubeconfig), "INSTANCE_TYPES_FILE_PATH": str(folder / "types.json")}
    environment = os.environ | KARPENTER | own | {"METRICS_PORT": str(metrics), "HEALTH_PROBE_PORT": str(health)}
    with (folder / "log").open("w") as log:
        running = subprocess.Popen([require("karpenter")], env=environment, stdout=log, stderr=log)
    try:
        bare_cluster.kubectl.apply(yaml.safe_dump_all([*growing_only(spec), namespace()]))
        api = Api(bare_cluster.kubeconfig)
        assert until(lambda: bool(api.items(f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts")), DEADLINE_SECONDS)
        yield api
    finally:
        running.terminate()
        running.wait()


def growing_only(spec: ClusterSpec) -> list[dict[str, Any]]:
    """The pools, which give up no node: a pod that stands for itself and is put out of one is gone, with its answer."""
    pools = node_pools(spec, Pace(fast=True))
    for pool in pools:
        if pool["kind"] == "NodePool":
            pool["spec"]["disruption"]["budgets"] = [{"nodes": "0"}]
    return pools


def namespace() -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}


def test_fit_and_the_real_karpenter_agree_on_the_pools_of_every_pod(api: Api, spec: ClusterSpec, folder: Path) -> None:
    offer = planned.cluster_of(spec, "local")
    nodes, cases = imagined(offer), Cases(SEED)
    asked = {}
    for number in range(CASES):
        pod = created(api, cases, number, nodes)
        (verdict,) = check([pod], offer).verdicts
        grown = any(autoscaling.grows(verdict.pod, each) for each in verdict.placements)
        asked[pod["metadata"]["name"]] = Asked(pod, set(verdict.pools), grown)
    got = answers(api, asked, folder / "log")
    told = Counter("fits" if each.grown else "does not fit" for each in asked.values())
    wrong = [(each.pod, sorted(each.pools), got[name]) for name, each in asked.items() if not each.agrees(got[name])]
    print(f"\n{CASES - len(wrong)} of {CASES} pods agreed upon: {dict(told)}, {Counter(got.values())}, seed {SEED}")
    assert wrong == [], json.dumps(wrong, indent=1)
    assert min(told["fits"], told["does not fit"]) > CASES // 5


def imagined(offer: Offer) -> list[dict[str, Any]]:
    """A Node object for every kind of node, for the random pods to aim at."""
    return [
        {
            "metadata": {"name": "none", "labels": dict(node.labels)},
            "spec": {"taints": [taint._asdict() for taint in node.taints]},
            "status": {"allocatable": {**{k: str(v) for k, v in node.free.items()}, "cpu": f"{node.free['cpu']}m"}},
        }
        for pool in offer.pools
        for kind in pool.nodes
        for node in kind.by_zone
    ]


def created(api: Api, cases: Cases, number: int, nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """A random pod of a form that Karpenter takes, and that it leaves where it is."""
    while True:
        pod = cases.pod(f"case-{number}", None, nodes)
        pod["metadata"] |= {"namespace": NAMESPACE, "annotations": {"karpenter.sh/do-not-disrupt": "true"}}
        pod["spec"].pop("runtimeClassName", None)
        if "matchFields" in json.dumps(pod) or ZONE in str(pod["spec"].get("topologySpreadConstraints")):
            continue
        with suppress(Refused):
            return api.call("POST", PODS, pod) and pod


class Asked(NamedTuple):
    """A pod, the pools that fit says take it, and whether Karpenter would grow one of them."""

    pod: dict[str, Any]
    pools: set[str]
    grown: bool

    def agrees(self, pool: str) -> bool:
        """Whether fit said so. A pod that no pool is grown for may still land on a node made for another."""
        return pool in self.pools if pool else not self.grown


def answers(api: Api, asked: dict[str, Asked], log: Path) -> dict[str, str]:
    """Pod -> the pool of its node, or nothing. Pods that are to land have the time that it takes; for the others
    Karpenter is heard out. It says nothing of some: for `In [3]` together with `Gt 8` it makes a node, which the
    scheduler then does not use."""

    def landed() -> dict[str, str]:
        pools = {each["metadata"]["name"]: each["metadata"]["labels"].get(POOL, "") for each in api.items(NODES)}
        return {each["metadata"]["name"]: pools.get(each["spec"].get("nodeName"), "") for each in api.items(PODS)}

    def agreed() -> bool:
        return all(asked[name].agrees(pool) for name, pool in landed().items())

    def heard() -> bool:
        return {name for name, pool in landed().items() if not pool} <= set(REFUSED.findall(log.read_text()))

    until(agreed, DEADLINE_SECONDS)
    until(heard, SILENCE_SECONDS)
    return landed()
