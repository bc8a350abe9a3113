"""Defines what a cluster's own pods take of a node: DaemonSets, and what comes with a mounted bucket.

The rows are in `tables/system-pods.csv`. `only` says where a row counts: on GPU nodes, or with (or without) an add-on.
"""

import functools
from dataclasses import dataclass
from typing import Literal

from podzol.clusters import tables
from podzol.clusters.resources import MIB, Resources
from podzol.clusters.spec import Cloud


@dataclass(frozen=True)
class SystemPod:
    """A pod that the cluster adds by itself."""

    cloud: Cloud
    name: str
    kind: Literal["daemonset", "volume"]
    """`daemonset`: one on every node. `volume`: one for every pod that mounts a bucket (GKE: a sidecar in the pod; EKS:
    a Mountpoint pod beside it, on the same node)."""
    only: str
    requests: Resources


@functools.cache
def system_pods() -> tuple[SystemPod, ...]:
    """Every row of the table."""
    return tuple(
        SystemPod(
            cloud=row["cloud"],  # type: ignore[arg-type]
            name=row["name"],
            kind=row["kind"],  # type: ignore[arg-type]
            only=row["only"],
            requests=Resources(
                int(row["cpu_milli"]),
                int(row["memory_mib"]) * MIB,
                int(row["ephemeral_mib"]) * MIB,
                # A sidecar is no pod of its own.
                pods=0 if row["name"].endswith("sidecar") else 1,
            ),
        )
        for row in tables.rows("system-pods.csv")
    )


def on_node(cloud: Cloud, addons: list[str], gpu: bool) -> Resources:
    """What the DaemonSets of a node ask for, in all."""
    found = (each for each in system_pods() if each.kind == "daemonset" and _counts(each, cloud, addons, gpu))
    return sum((each.requests for each in found), Resources())


def with_bucket(cloud: Cloud) -> Resources:
    """What a pod that mounts a bucket brings along, unless its volume or annotations say otherwise."""
    return sum((each.requests for each in system_pods() if each.kind == "volume" and each.cloud == cloud), Resources())


def _counts(pod: SystemPod, cloud: Cloud, addons: list[str], gpu: bool) -> bool:
    where, _, addon = pod.only.partition(":")
    if pod.cloud != cloud:
        return False
    match where:
        case "gpu":
            return gpu
        case "addon":
            return addon in addons
        case "no-addon":
            return addon not in addons
    return True
