"""Defines `DatasetVolume`: a claim on data (a disk, an export, a bucket) that every workload mounts by its name.

Does not define what stands behind the claim (`podzol.kubernetes.dataset_source`, `buckets`), how a pod mounts it
(`volumes`), nor a bucket inline in a pod, which is no object.
Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/ (claimRef, storageClassName "", reclaim policy),
read on 2026-11-23.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.buckets import GcsSource, S3Source
from podzol.kubernetes.dataset_access import AccessMode, access_modes, access_rules
from podzol.kubernetes.dataset_source import (
    ClaimSource,
    CsiSource,
    HostPathSource,
    NfsSource,
    data_source,
    mount_options,
    node_affinity,
    source_rules,
    sources,
)
from podzol.kubernetes.labels import KEEP, ObjectValues, metadata
from podzol.template import Form, any_of, count, named, not_, or_else, pick, present, rule, when
from podzol.values import DnsSubdomain, Memory
from podzol.workloads.workload import Workload

GCS_NOTE = "  gcsFuse: {enabled: true}"

MountOption = Annotated[
    str,
    Field(pattern=r"^[!-~]([ -~]*[!-~])?$", max_length=256),
    Form("one mount option", fix="write one option an item, such as nfsvers=4.2, without a leading --"),
]
AttributeName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=128)]


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
    """Who may mount it (accessModes). Empty: ReadOnlyMany if readOnly, else ReadWriteOnce for claim, hostPath and csi,
    and ReadWriteMany for nfs and buckets."""
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
    keywords = ("dataset", "gcs", "persistent-volume", "s3", "storage")
    links = {"Persistent volumes": "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"}

    @staticmethod
    def rules(v: DatasetVolumeValues) -> Iterator[Any]:
        yield from source_rules(v)
        yield from access_rules(v)
        yield from option_rules(v)

    @staticmethod
    def manifests(v: DatasetVolumeValues, release: Any) -> dict[str, Any]:
        claim, volume = claim_name(v, release), volume_name(v, release)
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
                        "nodeAffinity": node_affinity(v),
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
        claim, namespace = claim_name(v, release), " --namespace " + release.namespace
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
                    when(v.source != "claim", "  kubectl delete pv " + volume_name(v, release)),
                ],
                "keep is false: `helm uninstall` deletes the claim.",
            ),
            when(
                v.source == "claim",
                "A disk's data goes with its claim, unless the reclaim policy of its StorageClass is Retain.",
                "The data itself stays where it is: the volume's reclaim policy is Retain.",
            ),
        ]


def claim_name(v: DatasetVolumeValues, release: Any) -> Any:
    """Name of the claim."""
    return named("claimName", or_else(v.claim_name, release.fullname), "The claim's name, which workloads mount.")


def volume_name(v: DatasetVolumeValues, release: Any) -> Any:
    """Name of the volume. A namespace holds no dot, so no two claims of the cluster share one."""
    name = release.namespace + "." + claim_name(v, release)
    return named("volumeName", name, "The volume's name, unique in the cluster: namespace and claim.")


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
    yield when(
        v.storage_class_name,
        lambda name: rule(
            v.source != "s3", at=name, must="be left unset for an S3 bucket, whose driver wants none", fix="remove it"
        ),
    )
    ephemeral = v.s3.cache == "ephemeral"
    yield rule(
        any_of(not_(ephemeral), present(v.s3.cache_storage_class_name)),
        at=v.s3.cache_storage_class_name,
        must="be given for s3.cache ephemeral",
        fix="write a StorageClass, such as gp3",
    )
    yield when(
        v.s3.cache_storage_class_name,
        lambda name: rule(
            ephemeral,
            at=name,
            must="be left unset unless s3.cache is ephemeral",
            fix="set s3.cache to ephemeral or remove it",
        ),
    )
    yield rule(
        any_of(not_(v.gcs.file_cache_for_range_read), present(v.gcs.file_cache_capacity)),
        at=v.gcs.file_cache_for_range_read,
        must="be false without gcs.fileCacheCapacity",
        fix="set gcs.fileCacheCapacity, such as 20Gi",
    )
