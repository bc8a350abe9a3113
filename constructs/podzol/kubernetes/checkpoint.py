"""Defines: the volume in which a program keeps its checkpoints, and how the program learns of it. Does not define: what
is written there; every program of Podzol goes on from the newest whole checkpoint it finds.
"""

from collections.abc import Iterator
from typing import Any

from podzol.kubernetes.volumes import SHARED_MEMORY, TMP, claim_name
from podzol.template import all_of, any_of, each, not_, present, rule, when
from podzol.values import DnsLabel, DnsSubdomain, MountPath, RelativePath, Values

CHECKPOINT_DIR = "PODZOL_CHECKPOINT_DIR"
"""Environment variable that tells a program where its checkpoints live."""
VOLUME = "checkpoints"


class Checkpoint(Values):
    """A volume for checkpoints: a pod that starts again goes on from there."""

    enabled: bool = False
    """Whether it is mounted, and its path given to the program in PODZOL_CHECKPOINT_DIR."""
    claim: DnsSubdomain | None = None
    """Name of a PersistentVolumeClaim in the namespace (claimName)."""
    dataset: DnsLabel | None = None
    """Alias of a DatasetVolume in the same release, instead of claim."""
    path: MountPath = "/checkpoints"
    """Where the container sees it (mountPath)."""
    sub_path: RelativePath | None = None
    """Folder of the volume to mount instead of its root (subPath)."""


def checkpoint_rules(v: Any) -> Iterator[Any]:
    enabled, claim, dataset = v.checkpoint.enabled, v.checkpoint.claim, v.checkpoint.dataset
    yield rule(
        any_of(not_(enabled), present(claim), present(dataset)),
        at=claim,
        must="be given for checkpoints, or checkpoint.dataset",
        fix="write the name of a PersistentVolumeClaim",
    )
    yield when(
        dataset,
        lambda alias: rule(
            not_(present(claim)),
            at=alias,
            must="be left unset when checkpoint.claim is set",
            fix="name the volume one way",
        ),
    )
    yield rule(
        any_of(enabled, not_(any_of(present(claim), present(dataset)))),
        at=enabled,
        must="be true when a volume for checkpoints is named",
        fix="set it to true or remove the name",
    )
    for mounts in (v.datasets, v.scratch):
        yield each(
            mounts,
            lambda mount: rule(
                any_of(not_(enabled), mount.path != v.checkpoint.path),
                at=mount.path,
                must="not be checkpoint.path",
                fix="choose another path",
            ),
        )
    path = v.checkpoint.path
    yield rule(
        any_of(not_(enabled), all_of(path != TMP, path != SHARED_MEMORY, path != v.config_path)),
        at=path,
        must="be neither /tmp nor /dev/shm nor configPath",
        fix="mount it elsewhere",
    )
    yield each(
        v.env,
        lambda name, value: rule(
            name != CHECKPOINT_DIR,
            at=name,
            must=f"not be {CHECKPOINT_DIR}, which checkpoint.path sets",
            fix="remove it",
        ),
    )


def checkpoint_volume(v: Any, release: Any) -> Any:
    """The volume of the pod, if there is one. `v` is the workload's values, with `checkpoint`."""
    claim = {"claimName": claim_name(v.checkpoint, release)}
    return when(v.checkpoint.enabled, {"name": VOLUME, "persistentVolumeClaim": claim})


def checkpoint_mount(v: Any) -> Any:
    """The mount of the main container."""
    mount = {"name": VOLUME, "mountPath": v.checkpoint.path, "subPath": v.checkpoint.sub_path}
    return when(v.checkpoint.enabled, mount)


def checkpoint_env(v: Any) -> Any:
    """The environment entry of the main container."""
    return when(v.checkpoint.enabled, {"name": CHECKPOINT_DIR, "value": v.checkpoint.path})
