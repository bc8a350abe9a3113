"""Defines the names that Podzol gives to things on a cloud, and which of them the cloud refuses."""

from collections.abc import Iterator

from podzol.clusters.spec import Bucket, ClusterSpec
from podzol.faults import Fault

DEFAULT_POOL = "default-pool"
"""GKE makes a pool of this name with every cluster, and the script removes it."""
SYSTEM_POOL = "system"
"""With Karpenter on EKS: the nodes that Karpenter itself runs on."""

ACCOUNT_SUFFIX = "-nodes"
LONGEST_ACCOUNT = 30
"""Characters of a Google service account's id.
Source: https://cloud.google.com/iam/docs/service-accounts-create (2026-11-23)."""

LONGEST_BUCKET = 63
LONGEST_PROJECT = 30
"""Bucket: https://cloud.google.com/storage/docs/buckets#naming and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; project id:
https://cloud.google.com/resource-manager/docs/creating-managing-projects. 2026-11-23."""
BUCKET_PREFIXES = ("goog", "xn--", "sthree-", "amzn-s3-demo-")
BUCKET_PARTS = ("google", "g00gle")


def node_account(spec: ClusterSpec) -> str:
    """Id of the Google service account of the nodes."""
    return f"{spec.name}{ACCOUNT_SUFFIX}"


def cluster_faults(spec: ClusterSpec) -> Iterator[Fault]:
    """Faults of the cluster's name: things of its own are named after it."""
    longest = LONGEST_ACCOUNT - len(ACCOUNT_SUFFIX)
    if "gke" in spec.clouds and len(spec.name) > longest:
        yield Fault(
            "name",
            f"must have at most {longest} characters on GKE, where the nodes' service account is NAME{ACCOUNT_SUFFIX}",
            spec.name,
            "shorten it",
        )


def bucket_faults(spec: ClusterSpec, bucket: Bucket, where: str) -> Iterator[Fault]:
    """Faults of a bucket's name on either cloud: a project id or an account number is added to it."""
    name = f"{spec.name}-{bucket.name}"
    longest = LONGEST_BUCKET - 1 - LONGEST_PROJECT
    if len(name) > longest:
        yield Fault(
            where,
            f"must have at most {longest - len(spec.name) - 1} characters, for {spec.name}- and a project id are added",
            bucket.name,
            "shorten it",
        )
    if name.startswith(BUCKET_PREFIXES) or any(part in name for part in BUCKET_PARTS):
        yield Fault(
            where, "must not make a bucket name that a cloud reserves", name, "rename the bucket or the cluster"
        )
