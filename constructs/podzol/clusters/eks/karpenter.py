"""Defines Karpenter on EKS: its Helm values, a NodePool and an EC2NodeClass for each pool of the spec.

Does not define what it may do on AWS (`karpenter_stack.py`). Sources: https://karpenter.sh/docs/concepts/nodepools/ and
/nodeclasses/, charts/karpenter/values.yaml of aws/karpenter-provider-aws 1.14.1 (2026-08-21).
"""

from typing import Any

from podzol.clusters.machines import machines
from podzol.clusters.node_pool import karpenter_node_pool
from podzol.clusters.spec import ClusterSpec, Pool
from podzol.kubernetes.accelerators import GPU

CHART = "oci://public.ecr.aws/karpenter/karpenter"
VERSION = "1.14.1"
SERVICE_ACCOUNT = "karpenter"
DISCOVERY = "karpenter.sh/discovery"
"""Tag of the subnets and security groups; eksctl puts the cluster's tags on them."""
PRIVATE_SUBNET = "kubernetes.io/role/internal-elb"
"""Tag that eksctl puts on private subnets. Source: https://docs.aws.amazon.com/eks/latest/eksctl/vpc-configuration.html."""
EXPIRE_AFTER = "720h"
"""Nodes are replaced after 30 days, so that they get new images. Karpenter's default, written out."""
CONSOLIDATE_AFTER = "1m"


def node_role(spec: ClusterSpec) -> str:
    """Name of the IAM role of Karpenter's nodes."""
    return f"{spec.name}-karpenter-node"


def karpenter_values(spec: ClusterSpec) -> dict[str, Any]:
    """Helm values. Preferences are ignored: else a preferred spread over hosts keeps nodes that nothing needs."""
    return {
        "settings": {
            "clusterName": spec.name,
            "interruptionQueue": spec.name,
            "eksControlPlane": True,
            "preferencePolicy": "Ignore",
        },
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "controller": {
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
        },
    }


def node_pools(spec: ClusterSpec) -> list[dict[str, Any]]:
    """A NodePool and its EC2NodeClass for each pool."""
    return [document for pool in spec.pools for document in (node_pool(spec, pool), node_class(spec, pool))]


def node_pool(spec: ClusterSpec, pool: Pool) -> dict[str, Any]:
    """Karpenter has no minimum and counts no nodes: the limits say what the pool's max would be."""
    return karpenter_node_pool(
        pool,
        node_class={"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": pool.name},
        instance_types=pool.machines.eks,
        zones=spec.zones_of(pool, "eks"),
        expire_after=EXPIRE_AFTER,
        limits=limits(pool),
        consolidate_after=CONSOLIDATE_AFTER,
    )


def limits(pool: Pool) -> dict[str, str]:
    """As much as max nodes of the biggest machine type have."""
    cpu = pool.max * max(machines("eks")[name].vcpu for name in pool.machines.eks)
    gpus = {GPU: str(pool.max * pool.accelerator.count)} if pool.accelerator else {}
    return {"cpu": str(cpu), **gpus}


def node_class(spec: ClusterSpec, pool: Pool) -> dict[str, Any]:
    """Image, network and disk of the pool's nodes. The alias picks the NVIDIA image for GPU machines."""
    return {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": pool.name},
        "spec": {
            "amiSelectorTerms": [{"alias": "al2023@latest"}],
            "role": node_role(spec),
            "subnetSelectorTerms": [{"tags": {DISCOVERY: spec.name, PRIVATE_SUBNET: "1"}}],
            "securityGroupSelectorTerms": [{"tags": {DISCOVERY: spec.name}}],
            "metadataOptions": {"httpTokens": "required"},
            "blockDeviceMappings": [
                {
                    "deviceName": "/dev/xvda",
                    "ebs": {
                        "volumeType": "gp3",
                        "volumeSize": f"{pool.disk_gib}Gi",
                        "encrypted": True,
                        "deleteOnTermination": True,
                    },
                }
            ],
            "tags": {"podzol.dev/cluster": spec.name},
        },
    }
