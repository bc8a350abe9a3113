"""Defines `Metrics`: what metrics.k8s.io says that nodes and pods use. It can only be asked, not watched.

Source: https://github.com/kubernetes/metrics, pkg/apis/metrics/v1beta1 (2026-11-23).
"""

from collections.abc import Mapping
from typing import Any

from podzol.elasticity.api import Api
from podzol.kubernetes.quantities import bytes_of, cpu_milli

RESOURCES = {"NodeMetrics": "nodes", "PodMetrics": "pods"}
"""Kind of record -> resource."""
ASK_SECONDS = 5.0
"""Between two askings; metrics-server itself looks every 10 to 60 s."""


class Metrics:
    """What nodes or pods use, each measurement once."""

    def __init__(self, api: Api, kind: str, namespace: str | None) -> None:
        scope = f"namespaces/{namespace}/" if namespace and kind == "PodMetrics" else ""
        self.api, self.kind = api, kind
        self.path = f"apis/metrics.k8s.io/v1beta1/{scope}{RESOURCES[kind]}"
        self.measured: dict[str, str] = {}
        """When each was last measured."""

    async def news(self) -> dict[str, list[int]]:
        """CPU in thousandths of a core and memory in bytes, by node or by `namespace/pod`, where newly measured.

        Raises:
            ApiFailure, httpx2.HTTPError: there is no metrics server, or it can't be asked.
        """
        items = {key(it): it for it in (await self.api.get(self.path))["items"]}
        new = {name: it for name, it in items.items() if self.measured.get(name) != it["timestamp"]}
        self.measured = {name: it["timestamp"] for name, it in items.items()}
        return {name: used(it) for name, it in new.items()}


def key(it: Mapping[str, Any]) -> str:
    """`node` or `namespace/pod`."""
    meta = it["metadata"]
    return f"{meta['namespace']}/{meta['name']}" if meta.get("namespace") else meta["name"]


def used(it: Mapping[str, Any]) -> list[int]:
    """CPU in thousandths of a core and memory in bytes of a node, or of all containers of a pod."""
    usages = [it["usage"]] if "usage" in it else [each["usage"] for each in it["containers"]]
    return [
        sum(cpu_milli(each.get("cpu", "0")) for each in usages),
        sum(bytes_of(each.get("memory", "0")) for each in usages),
    ]
