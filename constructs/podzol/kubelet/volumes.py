"""Defines what a pod's volumes are here: folders of this machine. A claim's outlives the pod, an emptyDir's doesn't.

    <root>/volumes/<volume>        what the storage class `standard` provides; every node sees it
    <root>/disks/<node>/<path>     a hostPath or local volume: the node's own disk, never this machine's files
    <root>/remote/<name>           NFS and CSI volumes (buckets): a folder stands for them
    <pod>/volumes/<name>           emptyDir, ConfigMap, Secret, downward API, projected

Source: https://kubernetes.io/docs/concepts/storage/volumes/ (2026-11-23). Sizes are not enforced; a ConfigMap that
changes is not written again into a pod that runs.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podzol.kubelet.environment import ConfigError, Get, entries, expand, field, resource

Object = dict[str, Any]
PROVISIONED = "/var/lib/podzol/volumes/"
"""Where the volumes of the class `standard` say that they are (local/manifests/storage.yaml)."""
REMOTE = ("csi", "nfs", "glusterfs", "cephfs", "rbd", "iscsi", "fc", "awsElasticBlockStore", "gcePersistentDisk")
NEVER_WRITTEN = ("configMap", "secret", "downwardAPI", "projected")


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
        ConfigError: a volume refers to what isn't there.
    """
    sources = {}
    for volume in pod["spec"].get("volumes") or []:
        source = source_of(pod, volume, root, folder / "volumes" / volume["name"], known)
        try:
            source.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"volume {volume['name']}: {source.folder}: {error.strerror}") from error
        if any(kind in volume for kind in NEVER_WRITTEN):
            write(pod, volume, source.folder, known)
        sources[volume["name"]] = source
    return sources


def source_of(pod: Object, volume: Object, root: Path, own: Path, known: Known) -> Source:
    """What a volume is."""
    match volume:
        case {"emptyDir": _}:
            return Source(own)
        case {"persistentVolumeClaim": claim}:
            return Source(folder_of(known.volumes[claim["claimName"]]["spec"], pod, root), claim.get("readOnly", False))
        case {"ephemeral": _}:
            return Source(folder_of(known.volumes[f"{pod['metadata']['name']}-{volume['name']}"]["spec"], pod, root))
    if any(kind in volume for kind in NEVER_WRITTEN):
        return Source(own, read_only=True)
    return Source(folder_of(volume, pod, root), any(volume.get(kind, {}).get("readOnly") for kind in REMOTE))


def folder_of(volume: Object, pod: Object, root: Path) -> Path:
    """The folder that stands for a PersistentVolume's spec, or for a volume that a pod names itself."""
    if path := (volume.get("hostPath") or volume.get("local") or {}).get("path"):
        if path.startswith(PROVISIONED):
            return beneath(root / "volumes", path.removeprefix(PROVISIONED))
        return beneath(root / "disks" / pod["spec"]["nodeName"], path)
    for kind in REMOTE:
        if it := volume.get(kind):
            attributes = it.get("volumeAttributes", {})
            name = attributes.get("bucketName") or it.get("volumeHandle") or it.get("driver") or it.get("server", kind)
            return beneath(root / "remote" / re.sub(r"[^A-Za-z0-9._-]", "_", name), it.get("path", ""))
    raise ConfigError(f"volumes of the kind {', '.join(set(volume) - {'name'})} have no folder here")


def beneath(root: Path, path: str) -> Path:
    """A path inside a folder, wherever it points.

    Raises:
        ConfigError: it points out of it.
    """
    joined = root / path.lstrip("/")
    if ".." in joined.parts:
        raise ConfigError(f"{path} points out of its volume")
    return joined


def write(pod: Object, volume: Object, folder: Path, known: Known) -> None:
    """Write the files of a volume that the API fills."""
    parts = volume["projected"].get("sources") or [] if "projected" in volume else [volume]
    for part in parts:
        for path, content in files(pod, part, known).items():
            place = beneath(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)  # it may be there from the run before, and not writable
            place.write_bytes(content)
            place.chmod(mode(volume, part))


def mode(volume: Object, part: Object) -> int:
    """The mode of a file; an item's own mode isn't looked at."""
    for it in (part.get("configMap"), part.get("secret"), part.get("downwardAPI"), volume.get("projected")):
        if it and "defaultMode" in it:
            return int(it["defaultMode"])
    return 0o644


def files(pod: Object, part: Object, known: Known) -> dict[str, bytes]:
    """Path -> content of one source of a volume."""
    match part:
        case {"configMap": it}:
            return chosen("configmaps", it.get("name", ""), it, known.get)
        case {"secret": it}:
            return chosen("secrets", it.get("secretName") or it.get("name", ""), it, known.get)
        case {"downwardAPI": it}:
            return {each["path"]: told(pod, each).encode() for each in it.get("items") or []}
        case {"serviceAccountToken": it}:
            return {it["path"]: known.token.encode()}
    raise ConfigError(f"a volume's source {', '.join(part)} is not known here")


def told(pod: Object, item: Object) -> str:
    """What the downward API says in one file."""
    if reference := item.get("fieldRef"):
        return field(pod, reference["fieldPath"])
    return resource(pod, {"name": item["resourceFieldRef"]["containerName"]}, item["resourceFieldRef"])


def chosen(kind: str, name: str, it: Object, get: Get) -> dict[str, bytes]:
    """The entries of a ConfigMap or Secret, all or those that are asked for."""
    found = get(kind, name)
    if found is None and not it.get("optional"):
        raise ConfigError(f'{kind[:-1]} "{name}" not found')
    content = entries(found or {})
    if not (items := it.get("items")):
        return content
    missing = [item["key"] for item in items if item["key"] not in content]
    if missing and not it.get("optional"):
        raise ConfigError(f'references non-existent config key: {missing[0]} of {kind[:-1]} "{name}"')
    return {item["path"]: content[item["key"]] for item in items if item["key"] in content}


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
    for each in sorted(mounts, key=lambda mount: -len(mount.target)):
        pattern = rf"(?<![\w./-]){re.escape(each.target.rstrip('/'))}(?![\w.-])"
        text = re.sub(pattern, lambda _, source=each.source: str(source), text)  # type: ignore[misc]
    return text


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


def claims(pod: Object) -> list[str]:
    """Names of the claims that the pod mounts."""
    found = []
    for volume in pod["spec"].get("volumes") or []:
        if source := volume.get("persistentVolumeClaim"):
            found.append(source["claimName"])
        elif "ephemeral" in volume:
            found.append(f"{pod['metadata']['name']}-{volume['name']}")
    return found


def wants_token(pod: Object) -> bool:
    """Whether a volume of the pod holds the token of its service account."""
    parts = [
        part for volume in pod["spec"].get("volumes") or [] for part in volume.get("projected", {}).get("sources") or []
    ]
    return any("serviceAccountToken" in part for part in parts)
