"""Defines the IAM policies of what runs on an EKS cluster: each may do what it must, to this cluster's things only.

Does not define who gets them (`cluster_config.py`). Sources, read on 2026-11-23: cluster-autoscaler/cloudprovider/aws/
README.md of kubernetes/autoscaler (2026-08-22), docs/CONFIGURATION.md of awslabs/mountpoint-s3-csi-driver (2026-08-08).
"""

from typing import Any

from podzol.clusters.spec import ClusterSpec

VERSION = "2012-10-17"
"""Of the language of policies.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html (2026-11-23)."""
SAME_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
"""Bucket names end in the account's number, which isn't known here: other accounts' buckets are kept out this way.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (2026-11-23)."""


def cluster_autoscaler(spec: ClusterSpec) -> dict[str, Any]:
    """Reads are open, for AWS offers no narrower form; writes are for this cluster's groups only."""
    return _policy(
        {
            "Effect": "Allow",
            "Action": [
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ],
            "Resource": ["*"],
        },
        {
            "Effect": "Allow",
            "Action": ["eks:DescribeNodegroup"],
            "Resource": [f"arn:aws:eks:*:*:nodegroup/{spec.name}/*"],
        },
        {
            "Effect": "Allow",
            "Action": ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
            "Resource": ["*"],
            "Condition": {
                "StringEquals": {
                    "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
                    f"aws:ResourceTag/k8s.io/cluster-autoscaler/{spec.name}": "owned",
                }
            },
        },
    )


def bucket_driver(spec: ClusterSpec) -> dict[str, Any]:
    """The Mountpoint driver reads every bucket of the cluster, and writes those that have writers."""
    all_buckets = [f"arn:aws:s3:::{spec.name}-{bucket.name}-*" for bucket in spec.buckets]
    written = [f"arn:aws:s3:::{spec.name}-{bucket.name}-*/*" for bucket in spec.buckets if bucket.writers]
    statements = [
        _allow(["s3:ListBucket"], all_buckets),
        _allow(["s3:GetObject"], [f"{arn}/*" for arn in all_buckets]),
    ]
    if written:
        statements.append(_allow(["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"], written))
    return _policy(*statements)


def _allow(actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, "Condition": SAME_ACCOUNT}


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}
