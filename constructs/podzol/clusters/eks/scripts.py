"""Defines the scripts that make and delete an EKS cluster: what is filled into `create.sh.j2` and `delete.sh.j2`.

Sources: eksctl 0.231.0 and the AWS command line's own help (2026-11-23).
"""

from typing import Any

from podzol.clusters.eks import cluster_autoscaler, karpenter
from podzol.clusters.eks.cluster_config import managed_pools
from podzol.clusters.plans import creation_plan, deletion_plan
from podzol.clusters.spec import ClusterSpec
from podzol.clusters.system_pool import pools_of
from podzol.clusters.texts import header, script

TOOLS = {
    "aws": "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    "eksctl": "https://docs.aws.amazon.com/eks/latest/eksctl/installation.html",
    "kubectl": "https://kubernetes.io/docs/tasks/tools/",
    "helm": "https://helm.sh/docs/intro/install/",
}
TOOLS_TO_DELETE = ("aws", "eksctl", "kubectl")
NO_LOCATION = "us-east-1"
"""The region that S3 takes no LocationConstraint for.
Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html (2026-11-23)."""


def create_script(spec: ClusterSpec, manifests: list[str]) -> str:
    """The script that makes the cluster; `manifests` are applied with kubectl."""
    assert spec.eks is not None
    pools = pools_of(spec, "eks")
    region = spec.eks.region
    return script(
        "eks/create.sh.j2",
        **_common(spec),
        tools=TOOLS,
        plan=creation_plan(spec, "eks"),
        pools=[
            {"name": pool.name, "machines": pool.machines.eks, "zones": spec.zones_of(pool, "eks")} for pool in pools
        ],
        machine_types=sorted({machine for pool in pools for machine in pool.machines.eks}),
        all_zones=spec.eks.zones,
        groups=managed_pools(spec),
        buckets=spec.buckets,
        bucket_place="" if region == NO_LOCATION else f" --create-bucket-configuration LocationConstraint={region}",
        gpus=any(pool.accelerator for pool in spec.pools),
        manifests=manifests,
        autoscaler={
            "chart": cluster_autoscaler.CHART,
            "repository": cluster_autoscaler.REPOSITORY,
            "version": cluster_autoscaler.CHART_VERSION,
        },
    )


def delete_script(spec: ClusterSpec) -> str:
    """The script that deletes the cluster."""
    tools = {name: TOOLS[name] for name in TOOLS_TO_DELETE}
    return script("eks/delete.sh.j2", **_common(spec), tools=tools, plan=deletion_plan(spec, "eks"))


def _common(spec: ClusterSpec) -> dict[str, Any]:
    chosen = spec.node_autoscaler == "karpenter"
    return {
        "header": header(spec.name, "eks"),
        "spec": spec,
        "place": spec.eks,
        "karpenter": {"chart": karpenter.CHART, "version": karpenter.VERSION} if chosen else None,
    }
