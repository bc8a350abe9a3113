"""Defines how the pools of a spec come alive on a cluster: the real Karpenter with its kwok provider, which makes nodes
that kwok plays. It is one more program of the cluster: counted, started again when it died, ended with the rest.

Source: pkg/operator/options and kwok/ of sigs.k8s.io/karpenter v1.14.1 (2026-11-23).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import yaml

from podzol.clusters.local.instance_types import instance_types
from podzol.clusters.local.nodes import floor_nodes
from podzol.clusters.local.pace import CLOUD, Pace
from podzol.clusters.local.pools import node_pools
from podzol.clusters.spec import ClusterSpec
from podzol.clusters.specs import parse_spec
from podzol.clusters.storage import csi_drivers, storage_classes
from podzol.clusters.texts import json_text
from podzol.local import programs
from podzol.local.cluster import Cluster
from podzol.local.programs import Program
from podzol.local.toolchain import require

NAME = "karpenter"
PORTS = {"karpenterMetricsPort": "METRICS_PORT", "karpenterHealthPort": "HEALTH_PROBE_PORT"}
"""What it listens on, on every address of the machine: it has no option for that."""
INSTANCE_TYPES = "instance-types.json"
SETTINGS = {
    "DISABLE_LEADER_ELECTION": "true",
    "KARPENTER_SERVICE": "karpenter",
    "SYSTEM_NAMESPACE": "kube-system",
    "PREFERENCE_POLICY": "Ignore",  # else a preferred spread over hosts keeps a node that its pods don't need
    "FEATURE_GATES": "NodeRepair=false,ReservedCapacity=false,SpotToSpotConsolidation=false,NodeOverlay=false",
}
READY_SECONDS = 60


@dataclass(frozen=True)
class Elastic:
    """The pools of a spec, and how fast their machines come and go."""

    spec: ClusterSpec
    pace: Pace = CLOUD

    def nodes(self) -> list[dict[str, Any]]:
        """The Node objects that are there from the start."""
        return floor_nodes(self.spec)

    @property
    def facts(self) -> dict[str, Any]:
        """What a cluster's record says of it."""
        return {"spec": self.spec.model_dump(mode="json", by_alias=True), "pace": asdict(self.pace)}


def elastic_of(cluster: Cluster) -> Elastic | None:
    """The pools of a cluster that was started with a spec; None of another."""
    facts = cluster.facts
    return Elastic(parse_spec(facts["spec"]), Pace(**facts["pace"])) if "spec" in facts else None


def start(cluster: Cluster, elastic: Elastic) -> None:
    """Start it with the pools, and wait until it has taken them.

    Raises:
        Failure: it doesn't, within a minute.
    """
    cluster.kubectl.add_kinds(require("karpenter-crds").read_text(encoding="utf-8"))
    cluster.write(INSTANCE_TYPES, json_text(instance_types(elastic.spec)))
    programs.add(cluster, program(cluster), require(NAME))
    cluster.kubectl.apply(yaml.safe_dump_all(objects(elastic)))
    cluster.kubectl.run("wait", "--for=condition=Ready", "nodepools", "--all", f"--timeout={READY_SECONDS}s")


def forget_what_was_coming(cluster: Cluster, ended: datetime) -> None:
    """Delete the claims whose machine was starting when Karpenter ended: its kwok provider has forgotten them.

    Args:
        ended: when. What it has ordered since is coming, and would be a node without a claim.
    """
    for claim in cluster.kubectl.items("nodeclaims"):
        made = datetime.fromisoformat(claim["metadata"]["creationTimestamp"])
        if made <= ended and not node_of(claim):
            cluster.kubectl.run("delete", "nodeclaim", claim["metadata"]["name"], "--wait=false")


def node_of(claim: dict[str, Any]) -> str:
    """Name of the node that a NodeClaim's machine became; empty while it comes. A claim that is new has no status."""
    return str(claim.get("status", {}).get("nodeName", ""))


def program(cluster: Cluster) -> Program:
    """How it is started."""
    environment = {
        **SETTINGS,
        "KUBECONFIG": str(cluster.kubeconfig),
        "INSTANCE_TYPES_FILE_PATH": str(cluster.folder / INSTANCE_TYPES),
        **{variable: str(cluster.facts["ports"][port]) for port, variable in PORTS.items()},
    }
    return Program(NAME, [], environment)


def objects(elastic: Elastic) -> list[dict[str, Any]]:
    """The pools, and what a cloud's cluster has besides."""
    return [*node_pools(elastic.spec, elastic.pace), *storage_classes("local"), *csi_drivers(elastic.spec)]
