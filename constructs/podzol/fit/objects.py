"""Defines `Objects`: the manifests in question, and what the cluster has already, by kind, namespace and name."""

from collections.abc import Iterable, Iterator
from typing import Any

CLUSTER_WIDE = frozenset(
    {
        *("PersistentVolume", "StorageClass", "CSIDriver", "PriorityClass", "Namespace", "RuntimeClass"),
        "ClusterTrainingRuntime",
    }
)


class Objects:
    """An index of plain manifests. Of two objects with one name the first counts: the manifests, then the cluster's."""

    def __init__(self, manifests: Iterable[dict[str, Any]], namespace: str) -> None:
        self.namespace = namespace
        """Of objects that name none."""
        self._by_kind: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
        for manifest in manifests:
            of_kind = self._by_kind.setdefault(str(manifest.get("kind")), {})
            name = name_of(manifest) or f"{len(of_kind)} without a name"  # generateName: each is one of its own
            of_kind.setdefault((self.namespace_of(manifest), name), manifest)

    def namespace_of(self, manifest: dict[str, Any]) -> str:
        """Its namespace; empty for what has none."""
        if manifest.get("kind") in CLUSTER_WIDE:
            return ""
        return str((manifest.get("metadata") or {}).get("namespace") or self.namespace)

    def all(self, *kinds: str) -> Iterator[dict[str, Any]]:
        """Every object of these kinds."""
        for kind in kinds:
            yield from self._by_kind.get(kind, {}).values()

    def within(self, namespace: str, kind: str) -> list[dict[str, Any]]:
        """The objects of a kind in a namespace."""
        return [each for (place, _), each in self._by_kind.get(kind, {}).items() if place == namespace]

    def find(self, kind: str, namespace: str, name: str) -> dict[str, Any] | None:
        """One object."""
        return self._by_kind.get(kind, {}).get((namespace, name))


def name_of(manifest: dict[str, Any]) -> str:
    """Its name."""
    return str((manifest.get("metadata") or {}).get("name") or "")
