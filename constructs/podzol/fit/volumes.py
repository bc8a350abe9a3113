"""Asks: is there what the pod's volumes need: the claim, its storage class, the access mode, the driver?

Where a volume can be used is asked with the node's labels (`selector.py`).
"""

from collections.abc import Iterator

from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, error, note, warning
from podzol.fit.mounts import Mount
from podzol.fit.objects import Objects
from podzol.fit.offers import Cluster
from podzol.fit.workload import Workload
from podzol.kubernetes.buckets import GCS_DRIVER, S3_DRIVER
from podzol.kubernetes.gcs_fuse import VOLUMES, has_sidecar


def why_not(asked: Asked, cluster: Cluster, objects: Objects) -> Iterator[Finding]:
    """What is the matter with each volume of a workload."""
    for mount in asked.pod.mounts:
        if not mount.found:
            yield note(
                "volumes",
                f"the claim {mount.claim} is neither among the manifests nor in the cluster: not judged",
                "give its manifest too",
            )
        else:
            yield from _driver(mount, asked.workload, cluster)
            yield from _class(mount, cluster, objects)
            yield from _shared(mount, asked.workload)
            yield from _bound_to_a_zone(mount, asked, cluster)


def _driver(mount: Mount, workload: Workload, cluster: Cluster) -> Iterator[Finding]:
    if not mount.driver:
        return
    name = mount.claim or mount.driver
    if mount.driver not in cluster.drivers:
        yield error(
            "volumes", f"{name} needs the CSI driver {mount.driver}, which the cluster has not", "add the driver"
        )
    elif mount.driver == GCS_DRIVER and cluster.provider == "gke" and not has_sidecar(workload.annotations):
        yield error(
            "volumes",
            f"{name} is mounted by GKE's Cloud Storage FUSE, but the pods lack the annotation {VOLUMES}",
            "set gcsFuse.enabled, or write the annotation on the pod template",
        )
    elif mount.driver == S3_DRIVER and cluster.provider == "eks":
        yield note(
            "volumes",
            f"{name} brings a Mountpoint pod onto the node after scheduling, which no autoscaler counts",
            "leave room for it",
        )


def _class(mount: Mount, cluster: Cluster, objects: Objects) -> Iterator[Finding]:
    """A class that is there and gives the access mode. With a volume of its own a claim may name any class."""
    if mount.bound or mount.driver:
        return
    if mount.storage_class == "":
        yield note("volumes", f"the claim {mount.claim} wants a volume that is there already: not judged")
        return
    name = mount.storage_class or cluster.default_storage_class
    offer = cluster.storage_classes.get(name)
    if offer is None and objects.find("StorageClass", "", name):
        return
    if offer is None:
        known = ", ".join(sorted(cluster.storage_classes)) or "none"
        asks = f"wants the storage class {name}" if name else "names no storage class, and the cluster has no default"
        yield error("volumes", f"the claim {mount.claim} {asks}; there are {known}", "name one of them")
    elif offer.access_modes and (
        wrong := [mode for mode in mount.access_modes if mode not in _gives(offer.access_modes)]
    ):
        yield error(
            "volumes",
            f"the claim {mount.claim} wants {', '.join(wrong)}; the class {name} gives "
            f"{', '.join(sorted(offer.access_modes))}",
            "use a bucket or NFS for data that many pods share",
        )


def _gives(modes: frozenset[str]) -> frozenset[str]:
    """A block device that one node can mount, one pod can have alone."""
    return modes | {"ReadWriteOncePod"} if "ReadWriteOnce" in modes else modes


def _shared(mount: Mount, workload: Workload) -> Iterator[Finding]:
    """A volume of one node, or of one pod, and several pods."""
    own = {(each.get("metadata") or {}).get("name") for each in workload.claims}
    pods = workload.most
    if pods <= 1 or mount.claim in own or not mount.claim:
        return
    if mount.access_modes == ("ReadWriteOncePod",):
        yield error(
            "volumes", f"{pods} pods share the claim {mount.claim}, which one pod can have", "let one pod run at a time"
        )
    elif mount.access_modes == ("ReadWriteOnce",):
        yield warning(
            "volumes",
            f"{pods} pods share the claim {mount.claim}, which one node can mount (ReadWriteOnce)",
            "use a bucket or NFS, or let one pod run at a time",
        )


def _bound_to_a_zone(mount: Mount, asked: Asked, cluster: Cluster) -> Iterator[Finding]:
    """A new disk is made in the zone of its first node; a group of several zones may then not grow in that one.

    Source: cluster-autoscaler/cloudprovider/aws/README.md, "Common Notes and Gotchas" (2026-11-23).
    """
    offer = cluster.storage_classes.get(mount.storage_class or cluster.default_storage_class)
    if mount.bound or offer is None or not offer.zonal:
        return
    pools = [each.pool for each in asked.fitting if each.pool.autoscaler == "cluster-autoscaler"]
    spanning = [pool.name for pool in pools if any(len(node.zones) > 1 for node in pool.nodes)]
    if spanning:
        yield warning(
            "volumes",
            f"the disk of the claim {mount.claim} is in one zone, and Cluster Autoscaler grows {', '.join(spanning)} "
            "in whichever of several",
            "give the pool one zone",
        )
