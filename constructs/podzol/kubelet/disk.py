"""Defines how much of this machine's disk a pod uses, and which limit of its own it is over: for that it is evicted.

Nothing keeps a program from writing more until that is seen; an emptyDir in memory is a folder as any other.
Words and rules: pkg/kubelet/eviction of k8s.io/kubernetes v1.37.2 (2026-11-24).
"""

import contextlib
import os
from pathlib import Path
from typing import Any

from podzol.kubernetes.quantities import bytes_of

Object = dict[str, Any]
LOOK_SECONDS = 10.0
"""Between two looks, as a kubelet's."""
KIND = "ephemeral-storage"


def is_limited(pod: Object) -> bool:
    """Whether a pod has a limit that it can be over."""
    return bool(size_limits(pod) or storage_limits(pod))


def exceeded(pod: Object, folder: Path) -> str:
    """The first limit that a pod is over, in a kubelet's words; empty when there is none.

    Args:
        folder: of the pod.
    """
    scratch = {each["name"]: used(folder / "volumes" / each["name"]) for each in empty_dirs(pod)}
    for name, limit in size_limits(pod).items():
        if scratch[name] > bytes_of(limit):
            return f'Usage of EmptyDir volume "{name}" exceeds the limit "{limit}". '
    limits = storage_limits(pod)
    own = {name: used(folder / "containers" / name) + used(folder / "logs" / name) for name in limits and names(pod)}
    for name, limit in limits.items():
        if own[name] > bytes_of(limit):
            return f'Container {name} exceeded its local ephemeral storage limit "{limit}". '
    most = sum(map(bytes_of, limits.values()))
    if most and sum(scratch.values()) + sum(own.values()) > most:
        return f"Pod ephemeral local storage usage exceeds the total limit of containers {most}. "
    return ""


def names(pod: Object) -> list[str]:
    """Of all containers."""
    return [each["name"] for each in [*(pod["spec"].get("initContainers") or []), *pod["spec"]["containers"]]]


def empty_dirs(pod: Object) -> list[Object]:
    """The volumes that are the pod's own."""
    return [each for each in pod["spec"].get("volumes") or [] if "emptyDir" in each]


def size_limits(pod: Object) -> dict[str, str]:
    """The sizeLimit of each emptyDir that has one, by the volume's name."""
    sizes = {each["name"]: each["emptyDir"].get("sizeLimit") for each in empty_dirs(pod)}
    return {name: size for name, size in sizes.items() if size and bytes_of(size)}


def storage_limits(pod: Object) -> dict[str, str]:
    """The limit of each container that has one, by its name; one that only comes first has none of its own."""
    spec = pod["spec"]
    sidecars = [each for each in spec.get("initContainers") or [] if each.get("restartPolicy") == "Always"]
    limits = {
        each["name"]: each.get("resources", {}).get("limits", {}).get(KIND) for each in [*spec["containers"], *sidecars]
    }
    return {name: limit for name, limit in limits.items() if limit}


def used(folder: Path) -> int:
    """Bytes on the disk of all files in a folder."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # it has just gone
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
    return total
