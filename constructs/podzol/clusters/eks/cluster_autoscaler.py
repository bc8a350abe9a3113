"""Defines the Helm values of Cluster Autoscaler on EKS.

Source: cluster-autoscaler/charts/cluster-autoscaler/values.yaml and cluster-autoscaler/FAQ.md of kubernetes/autoscaler
(2026-08-22).
"""

from typing import Any

from podzol.clusters.spec import ClusterSpec

REPOSITORY = "https://kubernetes.github.io/autoscaler"
CHART = "cluster-autoscaler"
CHART_VERSION = "9.59.0"
"""Source: cluster-autoscaler/charts/cluster-autoscaler/Chart.yaml (2026-08-22)."""


def cluster_autoscaler_values(spec: ClusterSpec) -> dict[str, Any]:
    """Values: groups found by their tags, one image for each minor version of Kubernetes."""
    assert spec.eks is not None
    return {
        "fullnameOverride": "cluster-autoscaler",
        "cloudProvider": "aws",
        "awsRegion": spec.eks.region,
        "autoDiscovery": {"clusterName": spec.name},
        "image": {"tag": f"v{spec.kubernetes_version}.0"},
        "rbac": {"serviceAccount": {"create": True, "name": "cluster-autoscaler"}},
        "extraArgs": {
            "expander": "least-waste",
            "balance-similar-node-groups": True,
            # CoreDNS and the like move when a node is hardly used; their own PodDisruptionBudgets keep enough of them.
            "skip-nodes-with-system-pods": False,
        },
        "resources": {"requests": {"cpu": "100m", "memory": "300Mi"}, "limits": {"memory": "600Mi"}},
        "containerSecurityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65534,
            "fsGroup": 65534,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
