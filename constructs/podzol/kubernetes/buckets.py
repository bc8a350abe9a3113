"""Defines: what the drivers of Amazon S3 and Google Cloud Storage take. Does not define: the claim on a bucket
(`podzol.workloads.dataset_volume`), nor the sidecar by which GKE mounts one into a pod (`gcs_fuse.py`).

Sources, read on 2026-11-23:
- https://github.com/awslabs/mountpoint-s3-csi-driver docs/CONFIGURATION.md, docs/CACHING.md, pkg/driver/node/node.go:
  fsGroup is honoured, so pods that aren't root can read and write
- https://github.com/GoogleCloudPlatform/gcs-fuse-csi-driver pkg/csi_driver/utils.go (attributes, fsGroup),
  pkg/util/util.go (a handle is BUCKET or BUCKET:ANYTHING)
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.template import Form, to_str, when
from podzol.values import DnsSubdomain, Memory, RelativePath, Values

S3_DRIVER = "s3.csi.aws.com"
GCS_DRIVER = "gcsfuse.csi.storage.gke.io"

BucketName = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$"),
    Form("the name of a bucket", fix="write soil-spectra, without s3:// or gs:// and without a folder"),
]


class S3Source(Values):
    """A bucket of Amazon S3, through the Mountpoint for Amazon S3 CSI driver: nothing is copied."""

    bucket: BucketName | None = None
    """Name of the bucket (volumeAttributes.bucketName)."""
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[1-9]$")] | None = None
    """Region of the bucket, such as eu-central-1. Unset: Mountpoint finds out."""
    prefix: Annotated[str, Field(pattern=r"^[!-~]+/$", max_length=512)] | None = None
    """Folder of the bucket to mount, with the slash at its end (mount option prefix). Unset: the whole bucket."""
    allow_delete: bool = False
    """Whether pods may delete objects (mount option allow-delete)."""
    allow_overwrite: bool = False
    """Whether pods may overwrite objects (mount option allow-overwrite)."""
    authentication_source: Literal["driver", "pod"] = "driver"
    """Whose AWS role reads the bucket: the driver's, or that of the pod's ServiceAccount."""
    metadata_ttl: Annotated[str, Field(pattern=r"^(minimal|indefinite|[1-9][0-9]{0,8})$")] | None = None
    """How long names and sizes are cached: seconds in quotes, minimal or indefinite. Unset: Mountpoint's default."""
    cache: Literal["none", "emptyDir", "ephemeral"] = "none"
    """Where a local copy of what was read is kept: nowhere, on the node's disk, or on a disk of its own."""
    cache_size: Memory = "10Gi"
    """Bytes of the cache (cacheEmptyDirSizeLimit or cacheEphemeralStorageResourceRequest)."""
    cache_storage_class_name: DnsSubdomain | None = None
    """StorageClass of the cache's own disk; for cache ephemeral, which needs it."""


class GcsSource(Values):
    """A bucket of Google Cloud Storage, through the Cloud Storage FUSE CSI driver: nothing is copied."""

    bucket: BucketName | None = None
    """Name of the bucket (the first part of csi.volumeHandle)."""
    only_dir: RelativePath | None = None
    """Folder of the bucket to mount (mount option only-dir). Unset: the whole bucket."""
    implicit_dirs: bool = True
    """Whether folders that exist only as part of an object's name are seen (mount option implicit-dirs)."""
    file_cache_capacity: Memory | None = None
    """Bytes of the cache for what was read (fileCacheCapacity), on the node's disk. Unset: no cache."""
    file_cache_for_range_read: bool = False
    """Whether reading a part of a file caches the whole (fileCacheForRangeRead)."""
    metadata_cache_ttl_seconds: Annotated[int, Field(ge=-1, le=2**31 - 1)] | None = None
    """Seconds that names and sizes are cached (metadataCacheTTLSeconds), -1 for ever. Unset: the driver's default."""


def s3_attributes(s3: S3Source) -> dict[str, Any]:
    """`volumeAttributes` of Mountpoint for S3 besides the bucket: who reads it, and its cache."""
    on_disk, own_disk = s3.cache == "emptyDir", s3.cache == "ephemeral"
    return {
        "authenticationSource": s3.authentication_source,
        "cache": when(s3.cache != "none", s3.cache),
        "cacheEmptyDirSizeLimit": when(on_disk, s3.cache_size),
        "cacheEphemeralStorageClassName": when(own_disk, s3.cache_storage_class_name),
        "cacheEphemeralStorageResourceRequest": when(own_disk, s3.cache_size),
    }


def s3_options(s3: S3Source, read_only: Any) -> list[Any]:
    """Mount options of Mountpoint for S3; `readOnly` of a volume reaches no mount, so that is one too."""
    return [
        when(read_only, "read-only"),
        when(s3.region, lambda region: "region " + region),
        when(s3.prefix, lambda prefix: "prefix " + prefix),
        when(s3.allow_delete, "allow-delete"),
        when(s3.allow_overwrite, "allow-overwrite"),
        when(s3.metadata_ttl, lambda ttl: "metadata-ttl " + ttl),
    ]


def gcs_attributes(gcs: GcsSource) -> dict[str, Any]:
    """`volumeAttributes` of Cloud Storage FUSE: its caches."""
    return {
        "fileCacheCapacity": gcs.file_cache_capacity,
        "fileCacheForRangeRead": when(gcs.file_cache_for_range_read, "true"),
        "metadataCacheTTLSeconds": when(gcs.metadata_cache_ttl_seconds, lambda seconds: to_str(seconds)),
    }


def gcs_options(gcs: GcsSource, read_only: Any) -> list[Any]:
    """Mount options of Cloud Storage FUSE."""
    return [
        when(read_only, "ro"),
        when(gcs.implicit_dirs, "implicit-dirs"),
        when(gcs.only_dir, lambda folder: "only-dir=" + folder),
    ]
