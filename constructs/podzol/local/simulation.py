"""Defines `simulation`: the objects by which kwok plays nodes, pods, volumes and metrics, from `manifests/`.

The words of `stages.jq` stand before the jq expressions of the stages that use them.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from podzol.local.control_plane import manifest

FILES = ("nodes", "pods", "annotations", "metrics", "storage")
MACHINE, OFF = "podzol.dev/simulated-machine", "off"
"""Annotation of a pod, and its value while the machine is off: nothing happens to the pod (manifests/pods.yaml)."""


def simulation() -> Iterator[dict[str, Any]]:
    """Every object."""
    words = manifest("stages.jq").read_text(encoding="utf-8")
    for name in FILES:
        for each in yaml.safe_load_all(manifest(f"{name}.yaml").read_text(encoding="utf-8")):
            yield with_words(each, words)


def with_words(part: Any, words: str) -> Any:
    """The part of a stage, with the words before its jq expressions; those that start with a dot are plain paths."""
    if isinstance(part, list):
        return [with_words(each, words) for each in part]
    if not isinstance(part, dict):
        return part
    if "jq" in part:
        (name,) = part["jq"].keys() & {"key", "expression"}
        text = part["jq"][name]
        return part if text.startswith(".") else {"jq": part["jq"] | {name: f"{words}\n{text}"}}
    return {name: with_words(each, words) for name, each in part.items()}
