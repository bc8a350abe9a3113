"""Defines: the sidecar by which GKE mounts Cloud Storage buckets into a pod, and a bucket mounted without a claim. Does
not define: the claim on a bucket (`podzol.workloads.dataset_volume`).

Sources, read on 2026-11-23: https://github.com/GoogleCloudPlatform/gcs-fuse-csi-driver pkg/webhook/mutatingwebhook.go
(annotations), cmd/webhook/main.go (the sidecar asks for 250m CPU, 256Mi and 5Gi of disk unless told otherwise),
pkg/webhook/parsers.go (what counts as true), pkg/csi_driver/utils.go (bucketName of an inline volume),
docs/troubleshooting.md (a small sidecar is a slow one).
"""

from collections.abc import Mapping
from typing import Any

from podzol.kubernetes.buckets import GCS_DRIVER
from podzol.template import when
from podzol.values import Memory, Quantity, Values

VOLUMES = "gke-gcsfuse/volumes"
"""Annotation of a pod: GKE adds the sidecar. On the pod itself; on a Job or Deployment it does nothing."""
YES = ("true", "True")
"""Values of the annotation that GKE takes for one."""


class GcsFuse(Values):
    """GKE's sidecar for Cloud Storage buckets. What it asks for is added to what the pod asks for."""

    enabled: bool = False
    """Whether GKE adds it: for datasets with gcsBucket, and for claims of a DatasetVolume with source gcs."""
    cpu: Quantity | None = None
    """CPU of the sidecar, request and limit. Unset: GKE's default of 250m."""
    memory: Memory | None = None
    """Memory of the sidecar, request and limit. Unset: GKE's default of 256Mi."""
    ephemeral_storage: Memory | None = None
    """Disk of the sidecar, request and limit; a file cache lives there. Unset: GKE's default of 5Gi."""


def gcs_fuse_annotations(fuse: GcsFuse) -> Any:
    """Annotations of a pod whose buckets GKE mounts, if it does."""
    sizes = {"cpu": fuse.cpu, "memory": fuse.memory, "ephemeral-storage": fuse.ephemeral_storage}
    sidecar = {f"gke-gcsfuse/{name}-{bound}": size for name, size in sizes.items() for bound in ("request", "limit")}
    return when(fuse.enabled, {VOLUMES: "true", **sidecar})


def has_sidecar(annotations: Mapping[str, Any]) -> bool:
    """Whether GKE adds the sidecar to a pod with these annotations."""
    return annotations.get(VOLUMES) in YES


def inline_bucket(bucket: Any, read_only: Any) -> dict[str, Any]:
    """The `csi` source of a volume that lives and dies with its pod."""
    return {
        "driver": GCS_DRIVER,
        "readOnly": when(read_only, True),
        "volumeAttributes": {"bucketName": bucket, "mountOptions": "implicit-dirs"},
    }
