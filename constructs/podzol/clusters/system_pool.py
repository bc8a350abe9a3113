"""Defines which pools a provider has: those of the spec and, with Karpenter on EKS, one for the cluster itself."""

from podzol.clusters.names import SYSTEM_POOL
from podzol.clusters.spec import ClusterSpec, Machines, Pool, Provider

SYSTEM = Pool(
    name=SYSTEM_POOL,
    capacity_type="on-demand",
    min=2,
    max=2,
    machines=Machines(eks=["m7i.large", "m6i.large"]),
    disk_gib=50,
)
"""Karpenter runs as two replicas on two nodes that it doesn't make itself; CoreDNS and metrics-server stand there too.
Source: charts/karpenter/values.yaml of aws/karpenter-provider-aws 1.14.1 (2026-08-21)."""


def karpenter_makes_nodes(spec: ClusterSpec, provider: Provider) -> bool:
    """Whether the spec's pools are Karpenter's on EKS."""
    return provider == "eks" and spec.node_autoscaler == "karpenter"


def pools_of(spec: ClusterSpec, provider: Provider) -> list[Pool]:
    """Every pool of a provider."""
    return [SYSTEM, *spec.pools] if karpenter_makes_nodes(spec, provider) else spec.pools


def nodes_at_least(spec: ClusterSpec, pool: Pool, provider: Provider) -> int:
    """Nodes that are always there: min, but Karpenter keeps none."""
    return 0 if pool is not SYSTEM and karpenter_makes_nodes(spec, provider) else pool.min
