"""Defines what is in the volumes that the API fills: ConfigMap, Secret, downward API, projected.

What changes is written again, a file at a time, so a container sees each file as it was or as it is; one that is
mounted by subPath stays as it was. Source: https://kubernetes.io/docs/concepts/storage/projected-volumes/ (2026-11-23).
"""

import os
from pathlib import Path
from typing import Any

from podzol.kubelet.environment import ConfigError, Get, entries, field, resource

Object = dict[str, Any]
KINDS = ("configMap", "secret", "downwardAPI", "projected")
API_ACCESS = "kube-api-access-"
"""How the volume begins that every pod has for its service account: it never changes while the pod lives."""
DEFAULT_MODE = 0o644


def is_filled(volume: Object) -> bool:
    """Whether the API fills a volume of a pod."""
    return any(kind in volume for kind in KINDS)


def changes(pod: Object) -> bool:
    """Whether a pod has a volume whose content may change."""
    volumes = pod["spec"].get("volumes") or []
    return any(is_filled(each) and not each["name"].startswith(API_ACCESS) for each in volumes)


def fill(pod: Object, volume: Object, folder: Path, get: Get, token: str) -> None:
    """Have a folder hold what the API says is in a volume, and nothing else.

    Args:
        token: of the pod's service account.

    Raises:
        ConfigError: the volume refers to what isn't there.
    """
    parts = volume["projected"].get("sources") or [] if "projected" in volume else [volume]
    usual = volume.get("projected", {}).get("defaultMode", DEFAULT_MODE)
    wanted = {path: file for part in parts for path, file in files(pod, part, usual, get, token).items()}
    for path, (content, mode) in wanted.items():
        write(folder / path, content, mode)
    for old in [path for path in folder.rglob("*") if path.is_file()]:
        if str(old.relative_to(folder)) not in wanted:
            old.unlink()


def write(path: Path, content: bytes, mode: int) -> None:
    """Write a file, unless it is so already."""
    if path.is_file() and os.access(path, os.R_OK) and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.chmod(mode)
    beside.replace(path)


def files(pod: Object, part: Object, usual: int, get: Get, token: str) -> dict[str, tuple[bytes, int]]:
    """Path -> content and mode of one source of a volume.

    Args:
        usual: mode of a file where the source doesn't say another.
    """
    match part:
        case {"configMap": it}:
            return chosen("configmaps", it.get("name", ""), it, usual, get)
        case {"secret": it}:
            return chosen("secrets", it.get("secretName") or it.get("name", ""), it, usual, get)
        case {"downwardAPI": it}:
            mode = it.get("defaultMode", usual)
            items = it.get("items") or []
            return {each["path"]: (told(pod, each).encode(), each.get("mode", mode)) for each in items}
        case {"serviceAccountToken": it}:
            return {it["path"]: (token.encode(), usual)}
    raise ConfigError(f"a volume's source {', '.join(part)} is not known here")


def told(pod: Object, item: Object) -> str:
    """What the downward API says in one file."""
    if reference := item.get("fieldRef"):
        return field(pod, reference["fieldPath"])
    return resource(pod, {"name": item["resourceFieldRef"]["containerName"]}, item["resourceFieldRef"])


def chosen(kind: str, name: str, it: Object, usual: int, get: Get) -> dict[str, tuple[bytes, int]]:
    """The entries of a ConfigMap or Secret, all or those that are asked for."""
    found = get(kind, name)
    if found is None and not it.get("optional"):
        raise ConfigError(f'{kind[:-1]} "{name}" not found')
    content, mode = entries(found or {}), it.get("defaultMode", usual)
    if not (items := it.get("items")):
        return {key: (text, mode) for key, text in content.items()}
    missing = [item["key"] for item in items if item["key"] not in content]
    if missing and not it.get("optional"):
        raise ConfigError(f'references non-existent config key: {missing[0]} of {kind[:-1]} "{name}"')
    there = [item for item in items if item["key"] in content]
    return {item["path"]: (content[item["key"]], item.get("mode", mode)) for item in there}
