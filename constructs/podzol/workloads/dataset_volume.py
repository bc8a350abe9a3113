"""Defines `DatasetVolume`: a claim on data (a disk, an export, a bucket) that every workload mounts by its name.

Does not define how a pod mounts it (`podzol.kubernetes.volumes`), nor a bucket inline in a pod, which is no object.
Sources, read on 2026-11-23:
https://kubernetes.io/docs/concepts/storage/persistent-volumes/ (claimRef, storageClassName "", reclaim policy);
https://github.com/awslabs/mountpoint-s3-csi-driver docs/CONFIGURATION.md, docs/CACHING.md, pkg/driver/node/node.go;
https://github.com/GoogleCloudPlatform/gcs-fuse-csi-driver pkg/csi_driver/utils.go, pkg/util/util.go (volumeHandle).
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.buckets import (
    GCS_DRIVER,
    S3_DRIVER,
    GcsSource,
    S3Source,
    gcs_attributes,
    gcs_options,
    s3_attributes,
    s3_options,
)
from podzol.kubernetes.labels import KEEP, ObjectValues, metadata
from podzol.template import (
    Form,
    all_of,
    any_of,
    count,
    each,
    not_,
    or_else,
    pick,
    present,
    rule,
    spread,
    when,
)
from podzol.values import AbsolutePath, DnsSubdomain, HostName, Memory, Values
from podzol.workloads.workload import Workload

SNAPSHOT = "snapshot.storage.k8s.io"
GCS_NOTE = "  gcsFuse: {enabled: true}"

MountOption = Annotated[
    str,
    Field(pattern=r"^[!-~]([ -~]*[!-~])?$", max_length=256),
    Form("one mount option", fix="write one option an item, such as nfsvers=4.2, without a leading --"),
]
AttributeName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=128)]
AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]


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


class DatasetVolumeValues(ObjectValues):
    """Values of a DatasetVolume."""

    source: Literal["claim", "hostPath", "nfs", "csi", "s3", "gcs"] = "claim"
    """Where the data is: a new disk (claim), or what exists: a node's folder (hostPath), an NFS export (nfs), a volume
    of any CSI driver (csi), a bucket (s3, gcs). The section of that name says more; the others stay as they are."""
    claim_name: Annotated[DnsSubdomain, Field(max_length=180)] | None = None
    """Name of the claim, which workloads mount. Unset: the name of the release's objects."""
    size: Memory = "10Gi"
    """Bytes to ask for (resources.requests.storage); buckets ignore it, but Kubernetes wants one."""
    access_modes: Annotated[list[AccessMode], Field(max_length=4)] = []
    """Who may mount it (accessModes). Empty: ReadOnlyMany if readOnly, else ReadWriteOnce for claim and hostPath and
    ReadWriteMany for the rest."""
    storage_class_name: DnsSubdomain | None = None
    """StorageClass (storageClassName). Unset: the cluster's default for claim; none, written "", for what exists."""
    read_only: bool = False
    """Whether the volume itself is mounted read-only, whatever a pod asks for."""
    mount_options: list[MountOption] = []
    """Further mount options (mountOptions) for nfs, csi, s3 and gcs, such as `nfsvers=4.2` or `uid=1000`."""
    volume_attributes: dict[AttributeName, str] = {}
    """Further attributes for the driver (csi.volumeAttributes) of csi, s3 and gcs."""
    keep: bool = True
    """Whether `helm uninstall` leaves claim and volume, and with them the data, in place."""
    claim: ClaimSource = ClaimSource()
    """A new disk. For source claim."""
    host_path: HostPathSource = HostPathSource()
    """A folder of the node. For source hostPath."""
    nfs: NfsSource = NfsSource()
    """An NFS export. For source nfs."""
    csi: CsiSource = CsiSource()
    """An existing volume. For source csi."""
    s3: S3Source = S3Source()
    """An S3 bucket. For source s3."""
    gcs: GcsSource = GcsSource()
    """A Cloud Storage bucket. For source gcs."""


class DatasetVolume(Workload):
    """A PersistentVolumeClaim and, for data that exists already, the PersistentVolume behind it."""

    Values = DatasetVolumeValues

    @staticmethod
    def rules(v: DatasetVolumeValues) -> Iterator[Any]:
        yield from source_rules(v)
        yield from access_rules(v)
        yield from option_rules(v)

    @staticmethod
    def manifests(v: DatasetVolumeValues, release: Any) -> dict[str, Any]:
        claim = or_else(v.claim_name, release.fullname)
        volume = release.namespace + "." + claim  # no namespace holds a dot, so no two claims share a volume's name
        exists = v.source != "claim"
        about = metadata(v, release, annotations={key: when(v.keep, value) for key, value in KEEP.items()})
        modes = access_modes(v)
        return {
            "persistentvolume": when(
                exists,
                {
                    "apiVersion": "v1",
                    "kind": "PersistentVolume",
                    "metadata": {**about, "name": volume, "namespace": None},
                    "spec": {
                        "capacity": {"storage": v.size},
                        "accessModes": modes,
                        "persistentVolumeReclaimPolicy": "Retain",
                        "storageClassName": or_else(v.storage_class_name, ""),
                        "claimRef": {"namespace": release.namespace, "name": claim},
                        "mountOptions": mount_options(v),
                        **sources(v, volume),
                    },
                },
            ),
            "persistentvolumeclaim": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {**about, "name": claim},
                "spec": {
                    "accessModes": modes,
                    # "" keeps the admission's default class away from a claim on a volume that exists
                    "storageClassName": when(exists, or_else(v.storage_class_name, ""), v.storage_class_name),
                    "resources": {"requests": {"storage": v.size}},
                    "volumeName": when(exists, volume),
                    "dataSource": data_source(v),
                },
            },
        }

    @staticmethod
    def notes(v: DatasetVolumeValues, release: Any) -> list[Any]:
        claim, namespace = or_else(v.claim_name, release.fullname), " --namespace " + release.namespace
        return [
            "The claim " + claim + " was made in the namespace " + release.namespace + ". See whether it is bound:",
            "  kubectl get pvc " + claim + namespace,
            "Mount it in a workload of Podzol, in its values:",
            "  datasets:",
            "    - {claim: " + claim + ", path: /data" + pick(v.read_only, ", readOnly: true", "") + "}",
            when(v.source == "gcs", GCS_NOTE),
            "",
            when(
                v.keep,
                [
                    "`helm uninstall` leaves the claim and its data. To delete them for good, after that:",
                    "  kubectl delete pvc " + claim + namespace,
                    when(v.source != "claim", "  kubectl delete pv " + release.namespace + "." + claim),
                ],
                "keep is false: `helm uninstall` deletes the claim.",
            ),
            when(
                v.source == "claim",
                "A disk's data goes with its claim, unless the reclaim policy of its StorageClass is Retain.",
                "The data itself stays where it is: the volume's reclaim policy is Retain.",
            ),
        ]


def access_modes(v: DatasetVolumeValues) -> Any:
    """The access modes given, or those that fit the source."""
    alone = any_of(v.source == "claim", v.source == "hostPath")
    fitting = pick(v.read_only, "ReadOnlyMany", pick(alone, "ReadWriteOnce", "ReadWriteMany"))
    return when(count(v.access_modes) > 0, v.access_modes, [fitting])


def data_source(v: DatasetVolumeValues) -> Any:
    """What a new disk starts from."""
    return when(
        v.claim.snapshot_name,
        lambda name: {"apiGroup": SNAPSHOT, "kind": "VolumeSnapshot", "name": name},
        when(v.claim.clone_of, lambda name: {"kind": "PersistentVolumeClaim", "name": name}),
    )


def sources(v: DatasetVolumeValues, volume: Any) -> dict[str, Any]:
    """The volume's source, under its Kubernetes name: only that of `v.source` is rendered.

    Args:
        v: the values.
        volume: the volume's name, unique in the cluster; a driver mounts one volume per handle and node only.
    """
    read_only = when(v.read_only, True)
    csi = {
        "driver": v.csi.driver,
        "volumeHandle": v.csi.volume_handle,
        "readOnly": read_only,
        "fsType": when(v.csi.fs_type != "", v.csi.fs_type),
        "volumeAttributes": v.volume_attributes,
    }
    s3 = {"driver": S3_DRIVER, "volumeHandle": volume, "volumeAttributes": s3_attributes(v.s3, v.volume_attributes)}
    gcs = {
        "driver": GCS_DRIVER,
        "volumeHandle": when(v.gcs.bucket, lambda bucket: bucket + ":" + volume),
        "readOnly": read_only,
        "volumeAttributes": gcs_attributes(v.gcs, v.volume_attributes),
    }
    return {
        "hostPath": when(
            v.source == "hostPath",
            {"path": v.host_path.path, "type": when(v.host_path.type != "", v.host_path.type)},
        ),
        "nfs": when(v.source == "nfs", {"server": v.nfs.server, "path": v.nfs.path, "readOnly": read_only}),
        "csi": when(v.source == "csi", csi, when(v.source == "s3", s3, when(v.source == "gcs", gcs))),
    }


def mount_options(v: DatasetVolumeValues) -> list[Any]:
    """The source's own options and the user's. `readOnly` of a volume reaches no mount, so that is one too."""
    plain = any_of(v.source == "nfs", v.source == "csi")
    return [
        when(all_of(plain, v.read_only), "ro"),
        *[when(v.source == "s3", option) for option in s3_options(v.s3, v.read_only)],
        *[when(v.source == "gcs", option) for option in gcs_options(v.gcs, v.read_only)],
        spread(v.mount_options),
    ]


def source_rules(v: DatasetVolumeValues) -> Iterator[Any]:
    """What a source needs is given, and nothing of another source, which would be ignored without a word."""
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
        other = f"set source to {source} or remove it"
        yield rule(any_of(chosen, not_(present(value))), at=value, must="be left unset for another source", fix=other)
    for origin in (v.claim.snapshot_name, v.claim.clone_of):
        yield rule(
            any_of(v.source == "claim", not_(present(origin))),
            at=origin,
            must="be left unset for another source",
            fix="set source to claim or remove it",
        )
    yield rule(
        any_of(v.source != "csi", present(v.csi.volume_handle)),
        at=v.csi.volume_handle,
        must="be given for source csi",
        fix="write what the driver calls the volume, such as vol-0123456789abcdef0",
    )
    yield rule(
        not_(all_of(present(v.claim.snapshot_name), present(v.claim.clone_of))),
        at=v.claim.clone_of,
        must="be left unset when snapshotName is set",
        fix="start the disk from one of the two",
    )


def access_rules(v: DatasetVolumeValues) -> Iterator[Any]:
    """Who may read and write fits the source."""
    starts_full = any_of(present(v.claim.snapshot_name), present(v.claim.clone_of))
    yield rule(
        not_(all_of(v.read_only, v.source == "claim", not_(starts_full))),
        at=v.read_only,
        must="be false for a new, empty disk, which would stay empty",
        fix="set claim.snapshotName or claim.cloneOf, or mount it read-only in the workload",
    )
    yield rule(
        not_(all_of(v.read_only, v.source == "hostPath")),
        at=v.read_only,
        must="be false for a folder of the node, which Kubernetes can't mount read-only",
        fix="set readOnly where the workload mounts it",
    )
    yield rule(
        not_(all_of(v.read_only, any_of(v.s3.allow_delete, v.s3.allow_overwrite))),
        at=v.read_only,
        must="be false with s3.allowDelete or s3.allowOverwrite",
        fix="decide for one of the two",
    )
    yield each(
        v.access_modes,
        lambda mode: rule(
            any_of(not_(v.read_only), mode == "ReadOnlyMany"),
            at=mode,
            must="be ReadOnlyMany for a read-only volume",
            fix="leave accessModes empty",
        ),
    )
    yield each(
        v.access_modes,
        lambda mode: rule(
            any_of(v.source != "s3", mode == "ReadWriteMany", mode == "ReadOnlyMany"),
            at=mode,
            must="be ReadWriteMany or ReadOnlyMany for an S3 bucket",
            fix="leave accessModes empty",
        ),
    )


def option_rules(v: DatasetVolumeValues) -> Iterator[Any]:
    """Options are given only to sources that read them."""
    folder = any_of(v.source == "claim", v.source == "hostPath")
    yield rule(
        any_of(not_(folder), count(v.mount_options) == 0),
        at=v.mount_options,
        must="be empty for the sources claim and hostPath",
        fix="set them in the StorageClass",
    )
    yield rule(
        any_of(v.source == "csi", v.source == "s3", v.source == "gcs", count(v.volume_attributes) == 0),
        at=v.volume_attributes,
        must="be empty for the sources claim, hostPath and nfs, which have no driver to read them",
        fix="remove them",
    )
    yield rule(
        any_of(v.source != "s3", not_(present(v.storage_class_name))),
        at=v.storage_class_name,
        must="be left unset for an S3 bucket, whose driver wants none",
        fix="remove it",
    )
    ephemeral = v.s3.cache == "ephemeral"
    yield rule(
        any_of(not_(ephemeral), present(v.s3.cache_storage_class_name)),
        at=v.s3.cache_storage_class_name,
        must="be given for cache ephemeral",
        fix="write a StorageClass, such as gp3",
    )
    yield rule(
        any_of(ephemeral, not_(present(v.s3.cache_storage_class_name))),
        at=v.s3.cache_storage_class_name,
        must="be left unset unless cache is ephemeral",
        fix="set s3.cache to ephemeral or remove it",
    )
    yield rule(
        any_of(not_(v.gcs.file_cache_for_range_read), present(v.gcs.file_cache_capacity)),
        at=v.gcs.file_cache_for_range_read,
        must="be false without gcs.fileCacheCapacity",
        fix="set gcs.fileCacheCapacity, such as 20Gi",
    )
