"""Defines: who may read and write a dataset at once (access modes), and which of that its source allows. Does not
define: the sources (`dataset_source.py`).
Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes, 2026-11-23.
"""

from collections.abc import Iterator
from typing import Any, Literal

from podzol.template import all_of, any_of, count, each, not_, pick, present, rule, when

AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]


def access_modes(v: Any) -> Any:
    """The access modes given, or those that fit the source."""
    alone = any_of(v.source == "claim", v.source == "hostPath", v.source == "csi")
    fitting = pick(v.read_only, "ReadOnlyMany", pick(alone, "ReadWriteOnce", "ReadWriteMany"))
    return when(count(v.access_modes) > 0, v.access_modes, [fitting])


def access_rules(v: Any) -> Iterator[Any]:
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
    yield each(
        v.access_modes,
        lambda mode: rule(
            any_of(mode != "ReadWriteOncePod", count(v.access_modes) == 1),
            at=mode,
            must="be the only access mode",
            fix="remove it or the others",
        ),
    )
