"""Defines what a real node says of itself: that it is Ready, where its kubelet is, and that it still lives.

Source: https://kubernetes.io/docs/concepts/architecture/nodes/ and .../leases/ (2026-11-23).
"""

import platform
import time
from datetime import UTC, datetime
from typing import Any

from podzol.kubelet.apiserver import MERGE, ApiServer
from podzol.kubelet.local_ports import HOST_IP
from podzol.kubelet.status import moment
from podzol.version import VERSION

Object = dict[str, Any]
LEASE_SECONDS = 40
HEARTBEAT_SECONDS = 10.0
METRICS_PATH = "metrics.k8s.io/resource-metrics-path"
"""Annotation that tells metrics-server where a node's figures are: one agent has several nodes."""


async def come_up(api: ApiServer, name: str, port: int) -> None:
    """Say that a node is there, and where its kubelet listens."""
    own = {"metadata": {"annotations": {METRICS_PATH: metrics_path(name)}}}
    await api.send("PATCH", f"/api/v1/nodes/{name}", own, MERGE)
    await api.send("PATCH", f"/api/v1/nodes/{name}/status", {"status": status(name, port)}, MERGE)


def status(name: str, port: int) -> Object:
    """The part of a node's status that its kubelet writes."""
    now = moment(time.time())
    healthy = {
        "MemoryPressure": ("False", "KubeletHasSufficientMemory"),
        "DiskPressure": ("False", "KubeletHasNoDiskPressure"),
        "PIDPressure": ("False", "KubeletHasSufficientPID"),
        "Ready": ("True", "KubeletReady"),
    }
    return {
        "conditions": [
            {"type": kind, "status": is_so, "reason": reason, "lastHeartbeatTime": now, "lastTransitionTime": now}
            for kind, (is_so, reason) in healthy.items()
        ],
        "addresses": [{"type": "InternalIP", "address": HOST_IP}],  # a name would be looked up first, in vain
        "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
        # kubectl exec and attach reach us as WebSockets: KEP-4006, beta since Kubernetes 1.36
        "declaredFeatures": ["ExtendWebSocketsToKubelet"],
        "nodeInfo": {
            "architecture": {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine()),
            "operatingSystem": platform.system().lower(),
            "kernelVersion": platform.release(),
            "osImage": "this machine",
            "containerRuntimeVersion": f"process://{VERSION}",
            "kubeletVersion": f"podzol-{VERSION}",
            "kubeProxyVersion": "",
            "bootID": "",
            "machineID": "",
            "systemUUID": "",
        },
    }


def metrics_path(name: str) -> str:
    """Where metrics-server finds a node's figures."""
    return f"/metrics/nodes/{name}/metrics/resource"


async def renew(api: ApiServer, name: str) -> None:
    """Say that a node still lives."""
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    folder = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
    spec = {"holderIdentity": name, "leaseDurationSeconds": LEASE_SECONDS, "renewTime": now}
    if await api.get(f"{folder}/{name}"):
        await api.send("PATCH", f"{folder}/{name}", {"spec": spec}, MERGE)
    else:
        await api.send("POST", folder, {"metadata": {"name": name}, "spec": spec})
