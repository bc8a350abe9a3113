"""Defines eksctl's ClusterConfig of a spec. Does not define the IAM policies in it (`policies.py`).

Sources: https://docs.aws.amazon.com/eks/latest/eksctl/schema.html and eksctl 0.231.0's own JSON schema; a file with
these parts was seen to pass it, `--dry-run` and a create against fakes on 2026-11-23.
"""

import json
from typing import Any

from podzol.clusters.addons import addons
from podzol.clusters.eks import policies
from podzol.clusters.spec import ClusterSpec, Pool
from podzol.clusters.system_pool import SYSTEM
from podzol.kubernetes.accelerators import GPU

AUTOSCALER_GPU_LABEL = "k8s.amazonaws.com/accelerator"
"""Label by which Cluster Autoscaler knows a GPU node that isn't ready yet; without it it adds two nodes for one pod.
Source: cluster-autoscaler/cloudprovider/aws/aws_cloud_provider.go, GPULabel (2026-08-22)."""
TEMPLATE_TAG = "k8s.io/cluster-autoscaler/node-template"
"""Tags from which Cluster Autoscaler learns what a node of an empty group would be.
Source: cluster-autoscaler/cloudprovider/aws/README.md (2026-08-22)."""
ALWAYS = ("vpc-cni", "coredns", "kube-proxy", "eks-pod-identity-agent")
"""Add-ons that every cluster needs; eksctl refuses pod identities without the agent."""
DEFAULT_POLICIES = ("vpc-cni", "aws-ebs-csi-driver")
"""Add-ons that need AWS permissions; EKS recommends a policy for each, which eksctl attaches by pod identity."""


def cluster_config(spec: ClusterSpec) -> dict[str, Any]:
    """The whole ClusterConfig."""
    assert spec.eks is not None
    reach = {"publicAccessCIDRs": spec.api_access_cidrs} if spec.api_access_cidrs else {}
    return {
        "apiVersion": "eksctl.io/v1alpha5",
        "kind": "ClusterConfig",
        "metadata": {
            "name": spec.name,
            "region": spec.eks.region,
            "version": spec.kubernetes_version,
            "tags": {"podzol.dev/cluster": spec.name, "karpenter.sh/discovery": spec.name},
        },
        "availabilityZones": spec.eks.zones,
        "vpc": {
            "nat": {"gateway": "Single"},
            "clusterEndpoints": {"privateAccess": True, "publicAccess": True},
            **reach,
        },
        "accessConfig": {"authenticationMode": "API"},
        "upgradePolicy": {"supportType": "STANDARD"},
        "autoModeConfig": {"enabled": False},
        "cloudWatch": {"clusterLogging": {"enableTypes": ["api", "audit", "authenticator"], "logRetentionInDays": 30}},
        "iam": {"withOIDC": True, "podIdentityAssociations": pod_identities(spec)},
        "addons": [addon(name) for name in addon_names(spec)],
        "managedNodeGroups": [node_group(pool) for pool in managed_pools(spec)],
    }


def addon_names(spec: ClusterSpec) -> list[str]:
    """EKS's names of the add-ons."""
    return [*ALWAYS, *(addons()[name]["eks"] for name in spec.addons if "eks" in addons()[name])]


def addon(name: str) -> dict[str, Any]:
    """An add-on; the network plugin also enforces NetworkPolicies."""
    out: dict[str, Any] = {"name": name}
    if name in DEFAULT_POLICIES:
        out["useDefaultPodIdentityAssociations"] = True
    if name == "vpc-cni":
        out["configurationValues"] = json.dumps({"enableNetworkPolicy": "true"})
    return out


def pod_identities(spec: ClusterSpec) -> list[dict[str, Any]]:
    """Which ServiceAccount may do what on AWS."""
    out = []
    if spec.node_autoscaler == "cluster-autoscaler":
        out.append(_identity("cluster-autoscaler", policies.cluster_autoscaler(spec)))
    if spec.buckets:
        out.append(_identity("s3-csi-driver-sa", policies.bucket_driver(spec)))
    return out


def _identity(service_account: str, policy: dict[str, Any]) -> dict[str, Any]:
    return {"namespace": "kube-system", "serviceAccountName": service_account, "permissionPolicy": policy}


def managed_pools(spec: ClusterSpec) -> list[Pool]:
    """Pools that are managed node groups; with Karpenter only the one that it runs on itself."""
    return [SYSTEM] if spec.node_autoscaler == "karpenter" else spec.pools


def node_group(pool: Pool) -> dict[str, Any]:
    """A managed node group. For GPU machines eksctl picks the NVIDIA image of AL2023 by itself."""
    labels = {**pool.all_labels, **({AUTOSCALER_GPU_LABEL: pool.accelerator.type} if pool.accelerator else {})}
    zones = {"availabilityZones": pool.zones.eks} if pool.zones.eks else {}
    spot = {"spot": True} if pool.capacity_type == "spot" else {}
    taints = {"taints": [taint.model_dump() for taint in pool.taints]} if pool.taints else {}
    return {
        "name": pool.name,
        "amiFamily": "AmazonLinux2023",
        "instanceTypes": pool.machines.eks,
        **spot,
        "minSize": pool.min,
        "desiredCapacity": pool.min,
        "maxSize": pool.max,
        **zones,
        "volumeType": "gp3",
        "volumeSize": pool.disk_gib,
        "volumeEncrypted": True,
        "privateNetworking": True,
        "nodeRepairConfig": {"enabled": True},
        "labels": labels,
        **taints,
        "propagateASGTags": True,
        "tags": scale_from_zero_tags(pool, labels),
    }


def scale_from_zero_tags(pool: Pool, labels: dict[str, str]) -> dict[str, str]:
    """What Cluster Autoscaler has to know of a group without nodes.

    Written by hand: eksctl's own taint tag loses the effect, and Cluster Autoscaler then ignores it and takes a GPU
    machine for a CPU pod (eksctl issue 7543, autoscaler issue 6481).
    """
    tags = {f"{TEMPLATE_TAG}/label/{key}": value for key, value in labels.items()}
    tags |= {f"{TEMPLATE_TAG}/taint/{taint.key}": f"{taint.value}:{taint.effect}" for taint in pool.taints}
    if pool.accelerator:
        tags[f"{TEMPLATE_TAG}/resources/{GPU}"] = str(pool.accelerator.count)
    tags[f"{TEMPLATE_TAG}/resources/ephemeral-storage"] = f"{pool.disk_gib}Gi"
    return tags
