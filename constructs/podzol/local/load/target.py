"""Defines `Target`, the service that a load goes to, and what its ready pods may use of their limits and nodes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podzol.elasticity.api import Api
from podzol.elasticity.kinds import Fields, Kind, condition
from podzol.faults import Fault, UserError
from podzol.kubernetes.labels import INSTANCE
from podzol.kubernetes.quantities import cpu_milli
from podzol.local.simulation import MACHINE, OFF


@dataclass(frozen=True)
class Target:
    """A Service, and what selects its pods."""

    namespace: str
    name: str
    selector: Mapping[str, str]


async def find_target(api: Api, namespace: str, release: str, service: str | None = None) -> Target:
    """The Service of a Helm release.

    Raises:
        UserError: it has none, or several and none is named.
    """
    path = f"api/v1/namespaces/{namespace}/services"
    found = (await api.get(path, labelSelector=f"{INSTANCE}={release}"))["items"]
    named = {it["metadata"]["name"]: it["spec"].get("selector") or {} for it in found}
    wanted = service or (next(iter(named)) if len(named) == 1 else "")
    if wanted not in named:
        where, got = ("--service", service) if service else ("RELEASE", release)
        fix = f"name one with --service: {', '.join(named)}" if named else "see `helm list --all-namespaces`"
        raise UserError([Fault(where, f"must have a Service in the namespace {namespace}", got, fix)])
    return Target(namespace, wanted, named[wanted])


def pod_fields(it: Mapping[str, Any]) -> Fields:
    """What a load has to know of a pod. The first container does the work."""
    spec = it["spec"]
    first = spec["containers"][0]
    limit = first.get("resources", {}).get("limits", {}).get("cpu")
    return {
        "labels": it["metadata"].get("labels", {}),
        "node": spec.get("nodeName", ""),
        "container": first["name"],
        "limit_milli": cpu_milli(limit) if limit else 0,
        "off": it["metadata"].get("annotations", {}).get(MACHINE) == OFF,
        "serves": condition(it, "Ready").get("status") == "True" and not it["metadata"].get("deletionTimestamp"),
    }


def node_fields(it: Mapping[str, Any]) -> Fields:
    """What a load has to know of a node."""
    return {"cpu_milli": cpu_milli(it.get("status", {}).get("allocatable", {}).get("cpu", "0"))}


POD = Kind("Pod", "", pod_fields)
NODE = Kind("Node", "api/v1/nodes", node_fields, namespaced=False)


def serving(target: Target, pods: Mapping[str, Fields]) -> dict[str, Fields]:
    """The pods that the Service's endpoints are: they match its selector, are Ready and not on their way out."""
    return {
        name: pod
        for name, pod in pods.items()
        if pod.get("serves") and target.selector.items() <= pod.get("labels", {}).items()
    }


def capacities(pods: Mapping[str, Fields], nodes: Mapping[str, Fields]) -> dict[str, float]:
    """Pod -> cores that it may use: its limit, and no more than its part of the node, which the service's pods on it
    share evenly. What else runs on the node is idle. A pod whose machine is off is sent requests as long as nobody has
    noticed, and answers none."""
    on_node = Counter(pod.get("node", "") for pod in pods.values())
    found = {}
    for name, pod in pods.items():
        node = pod.get("node", "")
        part = nodes.get(node, {}).get("cpu_milli", 0) / on_node[node]
        limit = pod.get("limit_milli", 0)
        cores = (min(part, limit) if limit and part else part or limit) / 1000
        if cores or pod.get("off"):
            found[name] = 0.0 if pod.get("off") else cores
    return found
