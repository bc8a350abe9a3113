"""Defines what a pod is once the cluster has filled it in: defaults of a LimitRange, the sidecar of GKE's Cloud Storage
FUSE, the tolerations of a DaemonSet; and which pods come along on its node.

Does not define what containers add up to: `pods.py` does.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from podzol.clusters.system_pods import with_bucket
from podzol.fit.amounts import Amounts, times
from podzol.fit.mounts import Mount, mounts
from podzol.fit.objects import Objects
from podzol.fit.offers import Cluster
from podzol.fit.pods import Pod, pod_of
from podzol.fit.taints import EVERY_DAEMON
from podzol.fit.workload import Workload
from podzol.kubernetes.buckets import S3_DRIVER
from podzol.kubernetes.gcs_fuse import has_sidecar


def admitted_pod(workload: Workload, spec: Mapping[str, Any], cluster: Cluster, objects: Objects) -> Pod:
    """What a pod of the workload asks for on this cluster. `spec` is the pod's, after admission.

    Raises:
        NotAQuantity: a request or limit is none.
    """
    volumes = mounts(spec, workload.namespace, workload.claims, objects)
    return pod_of(spec, volumes, mountpoint_pods(volumes, cluster))


def admitted_spec(workload: Workload, cluster: Cluster, objects: Objects) -> dict[str, Any]:
    """The pods' spec after admission."""
    spec = dict(workload.pod_spec)
    for limit in limits_of(workload.namespace, "Container", objects):
        spec = with_defaults(spec, limit)
    runtime = objects.find("RuntimeClass", "", str(spec.get("runtimeClassName")))
    if runtime and "overhead" not in spec:
        spec["overhead"] = (runtime.get("overhead") or {}).get("podFixed") or {}
    if cluster.provider == "gke" and has_sidecar(workload.annotations):
        spec["initContainers"] = [gcs_fuse_sidecar(workload.annotations), *(spec.get("initContainers") or ())]
    if workload.kind == "DaemonSet":
        spec["tolerations"] = [*(spec.get("tolerations") or ()), *EVERY_DAEMON]
    return spec


def limits_of(namespace: str, kind: str, objects: Objects) -> Iterable[Mapping[str, Any]]:
    """Limits of the namespace's LimitRanges, for containers, pods or claims."""
    for limit_range in objects.within(namespace, "LimitRange"):
        yield from (each for each in (limit_range.get("spec") or {}).get("limits") or () if each.get("type") == kind)


def with_defaults(spec: dict[str, Any], limit: Mapping[str, Any]) -> dict[str, Any]:
    """The pod with what a LimitRange gives to containers that don't say themselves.

    Without `defaultRequest`, `default` is the request too, else `min`; `max` stands in for `default`.
    Source: SetDefaults_LimitRangeItem in pkg/apis/core/v1/defaults.go of Kubernetes v1.37.2 (2026-11-23).
    """
    limits = {**(limit.get("max") or {}), **(limit.get("default") or {})}
    requests = {**(limit.get("min") or {}), **limits, **(limit.get("defaultRequest") or {})}
    filled = {
        kind: [_filled(each, requests, limits) for each in spec.get(kind) or ()]
        for kind in ("containers", "initContainers")
    }
    return {**spec, **filled}


def _filled(container: Mapping[str, Any], requests: Mapping[str, Any], limits: Mapping[str, Any]) -> dict[str, Any]:
    own = container.get("resources") or {}
    own_limits = own.get("limits") or {}
    asked = {**requests, **own_limits, **(own.get("requests") or {})}
    return {**container, "resources": {**own, "requests": asked, "limits": {**limits, **own_limits}}}


def gcs_fuse_sidecar(annotations: Mapping[str, str]) -> dict[str, Any]:
    """The container that GKE adds to mount buckets. Source: pkg/webhook of
    https://github.com/GoogleCloudPlatform/gcs-fuse-csi-driver (2026-11-23)."""
    usual = with_bucket("gke").quantities()
    requests = {
        name: annotations.get(f"gke-gcsfuse/{name}-request")
        or annotations.get(f"gke-gcsfuse/{name}-limit")
        or usual[name]
        for name in ("cpu", "memory", "ephemeral-storage")
    }
    return {"name": "gke-gcsfuse-sidecar", "restartPolicy": "Always", "resources": {"requests": requests}}


def mountpoint_pods(volumes: list[Mount], cluster: Cluster) -> Amounts:
    """What Mountpoint's own pods ask for, one a mounted bucket, on the same node; EKS only."""
    buckets = sum(each.driver == S3_DRIVER for each in volumes)
    if cluster.provider != "eks" or not buckets:
        return {}
    beside = with_bucket("eks")
    along = {"cpu": beside.cpu_milli, "memory": beside.memory_bytes, "pods": beside.pods}
    return times({name: amount for name, amount in along.items() if amount}, buckets)
