"""Defines the storage classes of a cluster and the CSIDriver objects, from `tables/storage-classes.yaml`.

Does not define volumes: a DatasetVolume's claim names a class.
"""

import functools
from typing import Any

from podzol.clusters import tables
from podzol.clusters.spec import ClusterSpec, Provider

DEFAULT_CLASS = {"storageclass.kubernetes.io/is-default-class": "true"}
"""Source: https://kubernetes.io/docs/tasks/administer-cluster/change-default-storage-class/ (2026-11-23)."""


@functools.cache
def table() -> dict[str, Any]:
    """The whole table."""
    found: dict[str, Any] = tables.document("storage-classes.yaml")
    return found


def storage_classes(provider: Provider) -> list[dict[str, Any]]:
    """StorageClass objects: the same names on every provider."""
    return [_storage_class(provider, name, entry) for name, entry in table()["classes"].items()]


def _storage_class(provider: Provider, name: str, entry: dict[str, Any]) -> dict[str, Any]:
    behind = table()["providers"][provider]
    annotations = {"annotations": DEFAULT_CLASS} if name == behind["default"] else {}
    parameters = {"parameters": behind["parameters"]} if behind["parameters"] else {}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, **annotations},
        "provisioner": behind["provisioner"],
        **parameters,
        "reclaimPolicy": entry["reclaimPolicy"],
        "volumeBindingMode": "WaitForFirstConsumer" if behind["zonal"] else "Immediate",
        "allowVolumeExpansion": True,
    }


def csi_drivers(spec: ClusterSpec) -> list[dict[str, Any]]:
    """CSIDriver objects that the clouds of a spec would have, for a cluster where no driver runs."""
    return [
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "CSIDriver",
            "metadata": {"name": entry["name"]},
            "spec": entry["spec"],
        }
        for entry in table()["csiDrivers"]
        if entry["cloud"] in spec.clouds and entry["addon"] in spec.addons
    ]
