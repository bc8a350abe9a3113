"""Defines `tell`: a fault as a warning Event, where a recorder and `kubectl get events` see it."""

import json
from datetime import UTC, datetime

from podzol.local.cluster import Cluster

SOURCE = "podzol-fault"


def tell(cluster: Cluster, kind: str, name: str, reason: str, message: str) -> None:
    """Write a warning about an object; it need not exist. The namespace is that of Events about nodes."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{name}-", "namespace": "default"},
        "involvedObject": {"kind": kind, "name": name, "uid": name},
        "type": "Warning",
        "reason": reason,
        "message": message,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
        "source": {"component": SOURCE},
        "reportingComponent": SOURCE,
    }
    cluster.kubectl.run("create", "-f", "-", stdin=json.dumps(event))
