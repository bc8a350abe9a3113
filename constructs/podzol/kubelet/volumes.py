"""Defines what a pod's volumes are here: folders of this machine. A claim's outlives the pod, an emptyDir's doesn't.

    <root>/volumes/<volume>        what the storage class `standard` provides; every node sees it
    <root>/disks/<node>/<path>     a hostPath or local volume: the node's own disk, never this machine's files
    <root>/remote/<name>           NFS and CSI volumes (buckets): a folder stands for them
    <pod>/volumes/<name>           emptyDir, ConfigMap, Secret, downward API, projected

What the API fills is the matter of `contents`.
Source: https://kubernetes.io/docs/concepts/storage/volumes/ (2026-11-23). Sizes are the matter of `disk`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podzol.kubelet import contents
from podzol.kubelet.environment import ConfigError, Get, expand

Object = dict[str, Any]
PROVISIONED = "/var/lib/podzol/volumes/"
"""Where the volumes of the class `standard` say that they are (local/manifests/storage.yaml)."""
REMOTE = ("csi", "nfs", "glusterfs", "cephfs", "rbd", "iscsi", "fc", "awsElasticBlockStore", "gcePersistentDisk")


class VolumeError(ConfigError):
    """A volume of the pod can't be made: Kubernetes calls it FailedMount.

    Args:
        volume: its name in the pod.
    """

    def __init__(self, volume: str, message: str) -> None:
        self.volume = volume
        super().__init__(message)


@dataclass(frozen=True)
class Mount:
    """A folder or file of this machine, where a container sees it."""

    source: Path
    target: str
    read_only: bool


@dataclass(frozen=True)
class Source:
    """What a volume of a pod is."""

    folder: Path
    read_only: bool = False


@dataclass(frozen=True)
class Known:
    """What was looked up in the API for a pod's volumes."""

    get: Get
    volumes: dict[str, Object]
    """PersistentVolume of each claim that the pod mounts, by the claim's name."""
    token: str = ""
    """Of the pod's service account."""


def prepare(pod: Object, root: Path, folder: Path, known: Known) -> dict[str, Source]:
    """Make the folders of a pod's volumes; gives each by the volume's name.

    Args:
        root: of all pods of this agent.
        folder: of this pod.

    Raises:
        VolumeError: a volume refers to what isn't there.
    """
    sources = {}
    for volume in pod["spec"].get("volumes") or []:
        name = volume["name"]
        try:
            source = sources[name] = source_of(pod, volume, root, folder / "volumes" / name, known)
            if contents.is_filled(volume):
                source.folder.mkdir(parents=True, exist_ok=True)
                contents.fill(pod, volume, source.folder, known.get, known.token)
            else:
                make(source.folder, volume.get("hostPath", {}).get("type", ""))
        except ConfigError as error:
            raise VolumeError(name, str(error)) from error
        except OSError as error:
            raise VolumeError(name, f"{error.filename}: {error.strerror}") from error
    return sources


def make(path: Path, kind: str) -> None:
    """Make the folder or file of a volume, unless the hostPath's type says that it has to be there.

    Raises:
        ConfigError: it isn't.
    """
    there = {"Directory": path.is_dir, "File": path.is_file}.get(kind, lambda: True)
    if not there():
        raise ConfigError(f"hostPath type check failed: {path} is not a {kind.lower()}")
    if kind == "FileOrCreate":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    elif kind != "File":
        path.mkdir(parents=True, exist_ok=True)


def source_of(pod: Object, volume: Object, root: Path, own: Path, known: Known) -> Source:
    """What a volume is."""
    match volume:
        case {"emptyDir": _}:
            return Source(own)
        case {"persistentVolumeClaim": claim}:
            return Source(folder_of(known.volumes[claim["claimName"]]["spec"], pod, root), claim.get("readOnly", False))
        case {"ephemeral": _}:
            return Source(folder_of(known.volumes[f"{pod['metadata']['name']}-{volume['name']}"]["spec"], pod, root))
    if contents.is_filled(volume):
        return Source(own, read_only=True)
    return Source(folder_of(volume, pod, root), any(volume.get(kind, {}).get("readOnly") for kind in REMOTE))


def folder_of(volume: Object, pod: Object, root: Path) -> Path:
    """The folder that stands for a PersistentVolume's spec, or for a volume that a pod names itself."""
    if folder := provisioned(volume, root):
        return folder
    if path := (volume.get("hostPath") or volume.get("local") or {}).get("path"):
        return beneath(root / "disks" / pod["spec"]["nodeName"], path)
    for kind in REMOTE:
        if it := volume.get(kind):
            attributes = it.get("volumeAttributes", {})
            name = attributes.get("bucketName") or it.get("volumeHandle") or it.get("driver") or it.get("server", kind)
            return beneath(root / "remote" / re.sub(r"[^A-Za-z0-9._-]", "_", name), it.get("path", ""))
    raise ConfigError(f"volumes of the kind {', '.join(set(volume) - {'name'})} have no folder here")


def provisioned(volume: Object, root: Path) -> Path | None:
    """The folder of a volume that the class `standard` has provided; None for any other."""
    path = (volume.get("hostPath") or {}).get("path", "")
    return beneath(root / "volumes", path.removeprefix(PROVISIONED)) if path.startswith(PROVISIONED) else None


def beneath(root: Path, path: str) -> Path:
    """A path inside a folder, wherever it points.

    Raises:
        ConfigError: it points out of it.
    """
    joined = root / path.lstrip("/")
    if ".." in joined.parts:
        raise ConfigError(f"{path} points out of its volume")
    return joined


def mounts(container: Object, sources: dict[str, Source], variables: dict[str, str]) -> list[Mount]:
    """The container's mounts."""
    found = []
    for each in container.get("volumeMounts") or []:
        source = sources[each["name"]]
        inside = each.get("subPath") or expand(each.get("subPathExpr", ""), variables)
        path = beneath(source.folder, inside)
        if not path.exists():
            path.mkdir(parents=True)
        found.append(Mount(path, each["mountPath"], source.read_only or each.get("readOnly", False)))
    return found


def rewritten(text: str, mounts: list[Mount]) -> str:
    """A text in which the folders of this machine stand where it names places of mounts: for a process that sees the
    machine's own files, as nothing can be mounted for it alone."""
    sources = {each.target.rstrip("/"): str(each.source) for each in mounts}
    if not sources:
        return text
    targets = "|".join(re.escape(target) for target in sorted(sources, key=len, reverse=True))
    return re.sub(rf"(?<![\w./-])({targets})(?![\w.-])", lambda found: sources[found[1]], text)


def references(spec: Any) -> set[tuple[str, str]]:
    """Every ConfigMap and Secret that a pod's spec refers to: kind and name."""
    found = set()
    if isinstance(spec, list):
        return set().union(*map(references, spec))
    if not isinstance(spec, dict):
        return set()
    for key, value in spec.items():
        if key in ("configMapRef", "configMapKeyRef", "configMap") and isinstance(value, dict):
            found.add(("configmaps", value.get("name", "")))
        elif key in ("secretRef", "secretKeyRef", "secret") and isinstance(value, dict):
            found.add(("secrets", value.get("secretName") or value.get("name", "")))
        found |= references(value)
    return found


def claims(pod: Object) -> dict[str, str]:
    """The claims that the pod mounts: the claim's name, and the volume's."""
    found = {}
    for volume in pod["spec"].get("volumes") or []:
        if source := volume.get("persistentVolumeClaim"):
            found[source["claimName"]] = volume["name"]
        elif "ephemeral" in volume:
            found[f"{pod['metadata']['name']}-{volume['name']}"] = volume["name"]
    return found


def wants_token(pod: Object) -> bool:
    """Whether a volume of the pod holds the token of its service account."""
    parts = [
        part for volume in pod["spec"].get("volumes") or [] for part in volume.get("projected", {}).get("sources") or []
    ]
    return any("serviceAccountToken" in part for part in parts)
