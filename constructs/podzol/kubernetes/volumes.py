"""Defines: what a pod mounts: datasets, scratch space, /tmp, shared memory, config files, and volumes passed through.
Does not define: claims and what stands behind them (`podzol.workloads.dataset_volume`).
Source: https://kubernetes.io/docs/concepts/storage/volumes/, 2026-11-23.
"""

from collections.abc import Iterator
from typing import Any

from podzol.kubernetes.buckets import BucketName
from podzol.kubernetes.gcs_fuse import inline_bucket
from podzol.kubernetes.labels import metadata, object_name
from podzol.template import (
    all_of,
    any_of,
    collect,
    contains,
    each,
    lower,
    not_,
    or_else,
    pick,
    present,
    replace,
    rule,
    sha256_of,
    spread,
    trim_suffix,
    trunc,
    unique,
    when,
)
from podzol.values import DnsLabel, DnsSubdomain, Memory, MountPath, RelativePath, Values

TMP = "/tmp"
SHARED_MEMORY = "/dev/shm"
CHECKSUM = "checksum/config"
"""Annotation of a pod: changes with the config files, so that pods restart with them."""


class DatasetMount(Values):
    """A dataset that pods mount. Exactly one of `claim`, `dataset` and `gcs_bucket` names it."""

    claim: DnsSubdomain | None = None
    """Name of a PersistentVolumeClaim in the namespace (claimName)."""
    dataset: DnsLabel | None = None
    """Alias of a DatasetVolume in the same release (an umbrella): `spectra` in the release `soil` is `soil-spectra`."""
    gcs_bucket: BucketName | None = None
    """Bucket of Google Cloud Storage, mounted without a claim; needs gcsFuse.enabled."""
    path: MountPath
    """Where the container sees it (mountPath)."""
    read_only: bool = False
    """Whether the container may only read it (readOnly)."""
    sub_path: RelativePath | None = None
    """Folder of the dataset to mount instead of its root (subPath)."""


class ScratchMount(Values):
    """Working space on the node's disk (emptyDir): gone with the pod."""

    path: MountPath
    """Where the container sees it (mountPath)."""
    size_limit: Memory
    """Bytes after which the pod is evicted (sizeLimit)."""


def claim_name(mount: DatasetMount, release: Any) -> Any:
    """Name of the claim behind a dataset: as given, or what Helm's usual fullname makes of an alias in this release."""
    return when(mount.claim, lambda claim: claim, sibling_name(release, or_else(mount.dataset, "")))


def sibling_name(release: Any, alias: Any) -> Any:
    """Name of the objects of another Helm chart of this release, under its alias and without overrides."""
    joined = trim_suffix(trunc(release.name + "-" + alias, 63), "-")
    return pick(contains(release.name, alias), release.name, joined)


def volume_name(kind: str, path: Any) -> Any:
    """A DNS label from a mount path: `/var/ml_model` is `dataset-var-ml-model`."""
    return kind + dashed(path)


def dashed(path: Any) -> Any:
    """A path as part of a DNS label: `-var-ml-model`."""
    return lower(replace(replace(replace(path, "/", "-"), "_", "-"), ".", "-"))


def volumes(v: Any, release: Any) -> list[Any]:
    """A pod's `volumes`. `v` has the fields of `PodValues`."""
    return [
        {"name": "tmp", "emptyDir": {"sizeLimit": v.tmp_size_limit}},
        when(v.config, {"name": "config", "configMap": {"name": object_name(release, "-config")}}),
        each(
            v.datasets,
            lambda dataset: {
                "name": volume_name("dataset", dataset.path),
                "csi": when(dataset.gcs_bucket, lambda bucket: inline_bucket(bucket, dataset.read_only)),
                "persistentVolumeClaim": when(
                    not_(present(dataset.gcs_bucket)),
                    {"claimName": claim_name(dataset, release), "readOnly": when(dataset.read_only, True)},
                ),
            },
        ),
        each(
            v.scratch,
            lambda scratch: {
                "name": volume_name("scratch", scratch.path),
                "emptyDir": {"sizeLimit": scratch.size_limit},
            },
        ),
        when(
            v.shared_memory,
            lambda size: {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": size}},
        ),
        spread(v.extra_volumes),
    ]


def volume_mounts(v: Any) -> list[Any]:
    """A container's `volumeMounts`, in the order of `volumes`."""
    return [
        {"name": "tmp", "mountPath": TMP},
        when(v.config, {"name": "config", "mountPath": v.config_path, "readOnly": True}),
        each(
            v.datasets,
            lambda dataset: {
                "name": volume_name("dataset", dataset.path),
                "mountPath": dataset.path,
                "subPath": dataset.sub_path,
                "readOnly": when(dataset.read_only, True),
            },
        ),
        each(v.scratch, lambda scratch: {"name": volume_name("scratch", scratch.path), "mountPath": scratch.path}),
        when(v.shared_memory, {"name": "shared-memory", "mountPath": SHARED_MEMORY}),
        spread(v.extra_volume_mounts),
    ]


def names_given(mount: DatasetMount) -> Any:
    """How many of the ways to name a dataset are used."""
    return pick(present(mount.claim), 1, 0) + pick(present(mount.dataset), 1, 0) + pick(present(mount.gcs_bucket), 1, 0)


def config_map(v: Any, release: Any) -> Any:
    """The ConfigMap of the config files, if there are any."""
    return when(
        v.config,
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(v, release, "-config"), "data": v.config},
    )


def config_checksum(v: Any) -> dict[str, Any]:
    """Annotation of the pod template that changes with the config files."""
    return {CHECKSUM: when(v.config, sha256_of(v.config))}


def volume_rules(v: Any) -> Iterator[Any]:
    """Rules between the values of what a pod mounts."""
    yield each(
        v.datasets,
        lambda dataset: rule(
            names_given(dataset) == 1,
            at=dataset.path,
            must="stand beside exactly one of claim, dataset and gcsBucket",
            fix="set claim to a PersistentVolumeClaim, or dataset to a DatasetVolume's alias in this release",
        ),
    )
    yield each(
        v.datasets,
        lambda dataset: rule(
            any_of(v.gcs_fuse.enabled, not_(present(dataset.gcs_bucket))),
            at=dataset.gcs_bucket,
            must="stand beside gcsFuse.enabled, which lets GKE mount it",
            fix="set gcsFuse.enabled to true",
        ),
    )
    taken = collect(v.datasets, lambda dataset: dashed(dataset.path))
    yield rule(unique(taken), at=v.datasets, must="each have a path of their own", fix="mount them on different paths")
    yield rule(
        unique(collect(v.scratch, lambda scratch: dashed(scratch.path))),
        at=v.scratch,
        must="each have a path of their own",
        fix="mount them on different paths",
    )
    yield each(
        v.scratch,
        lambda scratch: rule(
            not_(contains(taken, dashed(scratch.path))),
            at=scratch.path,
            must="not be the path of a dataset",
            fix="mount it elsewhere",
        ),
    )
    for mounts in (v.datasets, v.scratch):
        yield each(
            mounts,
            lambda mount: rule(
                all_of(mount.path != TMP, mount.path != SHARED_MEMORY, mount.path != v.config_path),
                at=mount.path,
                must="be neither /tmp nor /dev/shm nor configPath",
                fix="mount it elsewhere",
            ),
        )
