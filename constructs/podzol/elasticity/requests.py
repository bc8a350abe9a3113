"""Defines what pods ask for and nodes offer: CPU in thousandths of a core, memory in bytes, GPUs."""

from collections.abc import Mapping
from typing import Any

from podzol.kubernetes.accelerators import GPU
from podzol.kubernetes.quantities import bytes_of, cpu_milli


def resources(amounts: Mapping[str, Any]) -> dict[str, int]:
    """CPU in thousandths of a core, memory in bytes, GPUs; what there is none of is left out."""
    found = {
        "cpu_milli": cpu_milli(amounts.get("cpu", "0")),
        "memory_bytes": bytes_of(amounts.get("memory", "0")),
        "gpus": int(amounts.get(GPU, 0)),
    }
    return {name: amount for name, amount in found.items() if amount}


def asked(spec: Mapping[str, Any]) -> dict[str, int]:
    """What the scheduler reckons a pod with: its containers and sidecars together, or its biggest init container.

    Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/ (2026-11-23).
    """
    total: dict[str, int] = {}
    first: dict[str, int] = {}
    for container in spec.get("initContainers") or []:
        own = resources(container.get("resources", {}).get("requests", {}))
        if container.get("restartPolicy") == "Always":
            total = {name: total.get(name, 0) + own.get(name, 0) for name in total | own}
            own = {}
        now = {name: total.get(name, 0) + own.get(name, 0) for name in total | own}
        first = {name: max(first.get(name, 0), now.get(name, 0)) for name in first | now}
    for container in spec.get("containers") or []:
        own = resources(container.get("resources", {}).get("requests", {}))
        total = {name: total.get(name, 0) + own.get(name, 0) for name in total | own}
    return {name: max(first.get(name, 0), total.get(name, 0)) for name in first | total}
