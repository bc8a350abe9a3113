"""Defines how a cluster is read: every kind that a cause asks about, once, side by side, with the reader's own rights.

Of Secrets and ConfigMaps only the names are read, but for the one Secret in which Helm keeps the release. Pods of other
namespaces are read only when a pod waits for a node, for then it matters what the nodes have left.
"""

import asyncio
import base64
import gzip
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from lightkube.core.exceptions import ConfigError

from podzol.elasticity.api import Api, ApiFailure
from podzol.faults import Failure
from podzol.why.evidence import Evidence, Object, labels_of, spec_of, status_of

PAGE = "500"
NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
"""Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches (2026-11-23)."""
RELEASE_SECRET = re.compile(r"sh\.helm\.release\.v1\.(?P<release>.+)\.v(?P<revision>\d+)")
"""Name of the Secret in which Helm keeps a revision. Source: https://helm.sh/docs/topics/advanced/#storage-backends."""


@dataclass(frozen=True)
class Source:
    """Where objects of a kind are listed."""

    kind: str
    group: str
    resource: str
    namespaced: bool = True
    names_only: bool = False

    def path(self, namespace: str | None) -> str:
        """Of the list in a namespace, or of all."""
        place = f"namespaces/{namespace}/" if self.namespaced and namespace else ""
        return f"{self.group}/{place}{self.resource}"


CORE, APPS, BATCH, STORAGE = "api/v1", "apis/apps/v1", "apis/batch/v1", "apis/storage.k8s.io/v1"
POD, EVENT = Source("Pod", CORE, "pods"), Source("Event", CORE, "events")
SOURCES = (
    POD,
    EVENT,
    Source("Deployment", APPS, "deployments"),
    Source("ReplicaSet", APPS, "replicasets"),
    Source("StatefulSet", APPS, "statefulsets"),
    Source("DaemonSet", APPS, "daemonsets"),
    Source("Job", BATCH, "jobs"),
    Source("CronJob", BATCH, "cronjobs"),
    Source("TrainJob", "apis/trainer.kubeflow.org/v1alpha1", "trainjobs"),
    Source("JobSet", "apis/jobset.x-k8s.io/v1alpha2", "jobsets"),
    Source("HorizontalPodAutoscaler", "apis/autoscaling/v2", "horizontalpodautoscalers"),
    Source("PodDisruptionBudget", "apis/policy/v1", "poddisruptionbudgets"),
    Source("Service", CORE, "services"),
    Source("EndpointSlice", "apis/discovery.k8s.io/v1", "endpointslices"),
    Source("PersistentVolumeClaim", CORE, "persistentvolumeclaims"),
    Source("ResourceQuota", CORE, "resourcequotas"),
    Source("LimitRange", CORE, "limitranges"),
    Source("Secret", CORE, "secrets", names_only=True),
    Source("ConfigMap", CORE, "configmaps", names_only=True),
    Source("ServiceAccount", CORE, "serviceaccounts", names_only=True),
    Source("LocalQueue", "apis/kueue.x-k8s.io/v1beta1", "localqueues"),
    Source("Workload", "apis/kueue.x-k8s.io/v1beta1", "workloads"),
    Source("ClusterQueue", "apis/kueue.x-k8s.io/v1beta1", "clusterqueues", namespaced=False),
    Source("Namespace", CORE, "namespaces", namespaced=False),
    Source("Node", CORE, "nodes", namespaced=False),
    Source("PersistentVolume", CORE, "persistentvolumes", namespaced=False),
    Source("StorageClass", STORAGE, "storageclasses", namespaced=False),
    Source("CSIDriver", STORAGE, "csidrivers", namespaced=False),
    Source("RuntimeClass", "apis/node.k8s.io/v1", "runtimeclasses", namespaced=False),
    Source("PriorityClass", "apis/scheduling.k8s.io/v1", "priorityclasses", namespaced=False),
    Source("NodePool", "apis/karpenter.sh/v1", "nodepools", namespaced=False),
    Source("NodeClaim", "apis/karpenter.sh/v1", "nodeclaims", namespaced=False),
)
"""Everything that is read. Sources, 2026-11-23: the API reference of Kubernetes,
https://kueue.sigs.k8s.io/docs/reference/, https://jobset.sigs.k8s.io/docs/reference/,
https://www.kubeflow.org/docs/components/trainer/, https://karpenter.sh/docs/concepts/nodepools/."""


def read(kubeconfig: Path | None, namespace: str | None, context: str | None = None) -> tuple[Evidence, str]:
    """What a namespace has, and the cluster under it; with the namespace that is meant.

    Args:
        kubeconfig: as `Api` takes it, and `context`.
        namespace: that of the context when None.

    Raises:
        UserError: the kubeconfig can't be used.
        Failure: the cluster can't be reached.
    """
    return asyncio.run(_read(Api(kubeconfig, context), namespace))


async def _read(api: Api, namespace: str | None) -> tuple[Evidence, str]:
    place = namespace or api.namespace
    unseen: dict[str, str] = {}
    try:
        await api.version()
        lists = await asyncio.gather(*(_list(api, each, place, unseen) for each in SOURCES))
        objects = [it for found in lists for it in found]
        more = [_list(api, EVENT, "default", {})] if place != "default" else []  # events about nodes
        if any(waits(it) for it in objects):
            others = f"spec.nodeName!=,metadata.namespace!={place}"
            more.append(_list(api, POD, None, {}, fieldSelector=others))
        objects += [it for found in await asyncio.gather(*more) for it in found]
        objects += await asyncio.gather(*(_release(api, each) for each in newest_revisions(objects)))
    except (httpx2.HTTPError, ConfigError, OSError, ApiFailure) as error:
        raise Failure(f"the cluster at {api.client.base_url} can't be read: {str(error) or repr(error)}") from error
    finally:
        await api.close()
    return Evidence(objects, time.time(), unseen), place


async def _list(
    api: Api, source: Source, namespace: str | None, unseen: dict[str, str], **parameters: str
) -> list[Object]:
    """Objects of a kind; what can't be read is noted, not an error."""
    found: list[Object] = []
    parameters["limit"] = PAGE
    while True:
        try:
            page = await api.get(
                source.path(namespace), accept=NAMES_ONLY if source.names_only else "application/json", **parameters
            )
        except ApiFailure as failure:
            if failure.status not in (401, 403, 404, 405):
                raise
            unseen[source.kind] = failure.message
            return []
        found += [{**it, "kind": source.kind} for it in page.get("items") or ()]
        if not (token := page["metadata"].get("continue")):
            return found
        parameters["continue"] = token


def waits(it: Object) -> bool:
    """Whether a pod has no node."""
    return it["kind"] == "Pod" and not spec_of(it).get("nodeName") and status_of(it).get("phase") == "Pending"


def newest_revisions(objects: Iterable[Object]) -> list[Object]:
    """Of each Helm release the Secret of its newest revision."""
    newest: dict[str, tuple[int, Object]] = {}
    for it in objects:
        if it["kind"] == "Secret" and (found := RELEASE_SECRET.fullmatch(it["metadata"]["name"])):
            revision = int(found["revision"])
            newest[found["release"]] = max(
                newest.get(found["release"], (0, it)), (revision, it), key=lambda one: one[0]
            )
    return [it for _, it in newest.values()]


async def _release(api: Api, secret: Object) -> Object:
    """What Helm keeps of a release; what its Secret's labels say when the Secret itself may not be read."""
    meta = secret["metadata"]
    try:
        whole = await api.get(f"{CORE}/namespaces/{meta['namespace']}/secrets/{meta['name']}")
        return release_of(meta["namespace"], whole["data"]["release"])
    except (ApiFailure, KeyError, ValueError, OSError):
        labels = labels_of(secret)
        return {
            "kind": "HelmRelease",
            "metadata": {"name": labels.get("name", ""), "namespace": meta["namespace"]},
            "status": {"status": labels.get("status", "")},
        }


def release_of(namespace: str, data: str) -> Object:
    """A release as an object of ours: `data` is what its Secret has under `release`.

    Source: pkg/storage/driver/util.go of https://github.com/helm/helm v4.3.1 (2026-11-23).
    """
    it: dict[str, Any] = msgspec.json.decode(gzip.decompress(base64.b64decode(base64.b64decode(data))))
    chart = (it.get("chart") or {}).get("metadata") or {}
    info = it.get("info") or {}
    return {
        "kind": "HelmRelease",
        "metadata": {"name": it["name"], "namespace": namespace},
        "spec": {
            "chart": chart.get("name"),
            "home": chart.get("home"),
            "aliases": [each.get("alias") or each["name"] for each in chart.get("dependencies") or ()],
            "revision": it.get("version"),
        },
        "status": {
            "status": info.get("status"),
            "description": info.get("description"),
            "since": info.get("last_deployed"),
        },
    }
