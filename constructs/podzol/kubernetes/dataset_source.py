"""Defines: where a dataset comes from (a new disk, a node's folder, an NFS export, a CSI volume, a bucket), and what a
PersistentVolume and its claim say of it. Does not define: the two objects (`podzol.workloads.dataset_volume`), nor what
the drivers of buckets take (`buckets.py`).
Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#types-of-persistent-volumes, 2026-11-23.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.buckets import (
    GCS_DRIVER,
    S3_DRIVER,
    gcs_attributes,
    gcs_options,
    s3_attributes,
    s3_options,
)
from podzol.kubernetes.node_labels import ZONE
from podzol.template import any_of, not_, present, rule, spread, when
from podzol.values import AbsolutePath, DnsSubdomain, HostName, LabelValue, Values

SNAPSHOT = "snapshot.storage.k8s.io"


class ClaimSource(Values):
    """A disk that a StorageClass makes for the claim (dynamic provisioning)."""

    snapshot_name: DnsSubdomain | None = None
    """VolumeSnapshot of this namespace that the disk starts from (dataSource). Unset: an empty disk."""
    clone_of: DnsSubdomain | None = None
    """PersistentVolumeClaim of this namespace that the disk starts as a copy of (dataSource)."""


class HostPathSource(Values):
    """A folder of the node itself: for one-node clusters and for learning, as another node has another folder."""

    path: AbsolutePath | None = None
    """Folder on the node (hostPath.path)."""
    type: Literal["", "Directory", "DirectoryOrCreate"] = ""
    """What is checked before mounting (hostPath.type). Empty: nothing is."""


class NfsSource(Values):
    """An export of an NFS server."""

    server: HostName | None = None
    """Name or IPv4 address of the server (nfs.server)."""
    path: AbsolutePath = "/exports"
    """Exported path (nfs.path)."""


class CsiSource(Values):
    """A volume that exists already, by its CSI driver's handle."""

    driver: DnsSubdomain | None = None
    """Name of the CSI driver, such as ebs.csi.aws.com (csi.driver)."""
    volume_handle: Annotated[str, Field(pattern=r"^[!-~]+$", max_length=512)] | None = None
    """What the driver calls the volume, such as vol-0123456789abcdef0 (csi.volumeHandle)."""
    fs_type: Literal["", "ext4", "xfs"] = ""
    """File system to mount (csi.fsType). Empty: the driver's default."""
    zone: Annotated[LabelValue, Field(min_length=1)] | None = None
    """Zone of a disk that only machines of one zone can mount (nodeAffinity): pods that mount it run there."""


def data_source(v: Any) -> Any:
    """What a new disk starts from."""
    return when(
        v.claim.snapshot_name,
        lambda name: {"apiGroup": SNAPSHOT, "kind": "VolumeSnapshot", "name": name},
        when(v.claim.clone_of, lambda name: {"kind": "PersistentVolumeClaim", "name": name}),
    )


def sources(v: Any, volume: Any) -> dict[str, Any]:
    """The volume's source, under its Kubernetes name. What is given tells which: `source_rules` let only one be given.

    Args:
        v: the values.
        volume: the volume's name, unique in the cluster; a driver mounts one volume per handle and node only.
    """
    read_only = when(v.read_only, True)

    def csi(driver: Any) -> dict[str, Any]:
        return {
            "driver": driver,
            "volumeHandle": v.csi.volume_handle,
            "readOnly": read_only,
            "fsType": when(v.csi.fs_type != "", v.csi.fs_type),
            "volumeAttributes": v.volume_attributes,
        }

    def s3(bucket: Any) -> dict[str, Any]:
        attributes: dict[Any, Any] = {"bucketName": bucket, **s3_attributes(v.s3), ...: spread(v.volume_attributes)}
        return {"driver": S3_DRIVER, "volumeHandle": volume, "volumeAttributes": attributes}

    def gcs(bucket: Any) -> dict[str, Any]:
        attributes: dict[Any, Any] = {**gcs_attributes(v.gcs), ...: spread(v.volume_attributes)}
        handle = bucket + ":" + volume
        return {"driver": GCS_DRIVER, "volumeHandle": handle, "readOnly": read_only, "volumeAttributes": attributes}

    return {
        "hostPath": when(
            v.host_path.path, lambda path: {"path": path, "type": when(v.host_path.type != "", v.host_path.type)}
        ),
        "nfs": when(v.nfs.server, lambda server: {"server": server, "path": v.nfs.path, "readOnly": read_only}),
        "csi": when(v.csi.driver, csi, when(v.s3.bucket, s3, when(v.gcs.bucket, gcs))),
    }


def node_affinity(v: Any) -> Any:
    """Which nodes can mount the volume."""

    def in_zone(zone: Any) -> dict[str, Any]:
        terms = [{"matchExpressions": [{"key": ZONE, "operator": "In", "values": [zone]}]}]
        return {"required": {"nodeSelectorTerms": terms}}

    return when(v.csi.zone, in_zone)


def mount_options(v: Any) -> Any:
    """The source's own options and the user's. `readOnly` of a volume reaches no mount, so that is one too."""
    users = spread(v.mount_options)
    return when(
        v.source == "s3",
        [*s3_options(v.s3, v.read_only), users],
        when(v.source == "gcs", [*gcs_options(v.gcs, v.read_only), users], [when(v.read_only, "ro"), users]),
    )


def source_rules(v: Any) -> Iterator[Any]:
    """What a source needs is given, and nothing of another source."""
    needed = {
        "hostPath": (v.host_path.path, "write the folder, such as /mnt/data"),
        "nfs": (v.nfs.server, "write the server's name or address"),
        "csi": (v.csi.driver, "write the driver's name, such as ebs.csi.aws.com"),
        "s3": (v.s3.bucket, "write the bucket's name"),
        "gcs": (v.gcs.bucket, "write the bucket's name"),
    }
    for source, (value, fix) in needed.items():
        chosen = v.source == source
        yield rule(any_of(not_(chosen), present(value)), at=value, must=f"be given for source {source}", fix=fix)
        yield belongs_to(value, chosen, source)
    for value in (v.claim.snapshot_name, v.claim.clone_of):
        yield belongs_to(value, v.source == "claim", "claim")
    yield belongs_to(v.csi.zone, v.source == "csi", "csi")
    yield rule(
        any_of(v.source != "csi", present(v.csi.volume_handle)),
        at=v.csi.volume_handle,
        must="be given for source csi",
        fix="write what the driver calls the volume, such as vol-0123456789abcdef0",
    )
    yield when(
        v.claim.clone_of,
        lambda claim: rule(
            not_(present(v.claim.snapshot_name)),
            at=claim,
            must="be left unset when claim.snapshotName is set",
            fix="start the disk from one of the two",
        ),
    )


def belongs_to(value: Any, chosen: Any, source: str) -> Any:
    """A value of one source isn't given for another, which would ignore it without a word."""
    fix = f"set source to {source} or remove it"
    return when(value, lambda given: rule(chosen, at=given, must="be left unset for another source", fix=fix))
