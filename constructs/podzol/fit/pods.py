"""Defines `Pod`: what one pod of a workload asks of a node, once the API server and the cloud have filled it in.

Sources, 2026-11-23: how containers add up,
https://github.com/kubernetes/component-helpers/blob/v0.37.2/resource/helpers.go; a limit without a request is the
request, https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/v1/defaults.go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from podzol.fit.amounts import Amounts, added, amounts
from podzol.fit.mounts import Mount
from podzol.fit.offers import HostPort
from podzol.fit.terms import Term, terms_of
from podzol.kubernetes.quantities import nano

POD_LEVEL = ("cpu", "memory")
"""Resources that a pod may ask for as a whole, besides hugepages-*."""

EVERY_POD: tuple[Mapping[str, Any], ...] = (
    {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"},
    {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"},
)
"""Tolerations that every API server adds (admission plugin DefaultTolerationSeconds).
Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ (2026-11-23)."""


@dataclass(frozen=True)
class Pod:
    """What a pod asks for."""

    requests: Amounts
    """What the scheduler adds up: CPU in thousandths of a core, all else in units."""
    room: Amounts
    """The same with the pod itself, and pods that come along on the same node."""
    node_name: str
    node_selector: tuple[tuple[str, str], ...]
    affinity_terms: tuple[Term, ...] | None
    """Required node affinity; None: there is none."""
    volume_terms: tuple[tuple[Term, ...], ...]
    """Where each of its volumes can be used."""
    tolerations: tuple[Mapping[str, Any], ...]
    ports: tuple[HostPort, ...]
    spread_keys: tuple[str, ...]
    """Labels of nodes over whose values it must be spread."""
    keys: frozenset[str]
    """Labels of nodes that it speaks of."""
    mounts: tuple[Mount, ...]


def pod_of(spec: Mapping[str, Any], mounts: Iterable[Mount] = (), along: Amounts | None = None) -> Pod:
    """What a pod with this spec asks for.

    Args:
        spec: a pod's spec, as it is after admission.
        mounts: its volumes.
        along: what other pods ask for that come with it on the same node.

    Raises:
        NotAQuantity: a request or limit is none.
    """
    requests = pod_requests(spec)
    required = (((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution"
    ))  # fmt: skip
    terms = None if required is None else terms_of(required.get("nodeSelectorTerms"))
    mounts = tuple(mounts)
    volume_terms = tuple(each.node_terms for each in mounts if each.node_terms is not None)
    selector = tuple((spec.get("nodeSelector") or {}).items())
    expressions = (each.key for some in (terms or (), *volume_terms) for term in some for each in term.expressions)
    spread_keys = tuple(
        each["topologyKey"]
        for each in spec.get("topologySpreadConstraints") or ()
        if each.get("whenUnsatisfiable") == "DoNotSchedule"
    )
    return Pod(
        requests=requests,
        room=added((requests, {"pods": 1}, along or {})),
        node_name=spec.get("nodeName") or "",
        node_selector=selector,
        affinity_terms=terms,
        volume_terms=volume_terms,
        tolerations=(*(spec.get("tolerations") or ()), *EVERY_POD),
        ports=tuple(_host_ports(spec)),
        spread_keys=spread_keys,
        keys=frozenset((*(key for key, _ in selector), *expressions, *spread_keys)),
        mounts=mounts,
    )


def pod_requests(spec: Mapping[str, Any]) -> dict[str, int]:
    """What the scheduler reserves for a pod: its containers together with its sidecars, or its hungriest init container
    with the sidecars before it, whichever is more; the pod's own figure instead, where it has one; and its overhead."""
    running = added(container_requests(each) for each in spec.get("containers") or ())
    sidecars: dict[str, int] = {}
    starting: dict[str, int] = {}
    for container in spec.get("initContainers") or ():
        asked = container_requests(container)
        if is_sidecar(container):
            running, sidecars = added((running, asked)), added((sidecars, asked))
            starting = _most(starting, sidecars)
        else:
            starting = _most(starting, added((sidecars, asked)))
    total = _most(running, starting)
    for name, amount in _pod_level(spec.get("resources") or {}, total).items():
        total[name] = amount
    overhead = {name: nano(quantity) for name, quantity in (spec.get("overhead") or {}).items()}
    return amounts(added((total, overhead)))


def container_requests(container: Mapping[str, Any]) -> dict[str, int]:
    """Requests in billionths of a unit; a limit without a request is the request."""
    resources = container.get("resources") or {}
    limits = resources.get("limits") or {}
    asked = {**(resources.get("requests") or {})}
    asked |= {name: limit for name, limit in limits.items() if name not in asked}
    return {name: nano(quantity) for name, quantity in asked.items()}


def is_sidecar(container: Mapping[str, Any]) -> bool:
    """Whether an init container runs as long as the pod."""
    return container.get("restartPolicy") == "Always"


def _pod_level(resources: Mapping[str, Any], of_containers: Mapping[str, int]) -> dict[str, int]:
    """What the pod asks for as a whole; a limit is the request where neither pod nor containers have one."""
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    whole = {name: nano(quantity) for name, quantity in requests.items() if _is_pod_level(name)}
    for name, quantity in limits.items():
        if _is_pod_level(name) and name not in whole and name not in of_containers:
            whole[name] = nano(quantity)
    return whole


def _is_pod_level(name: str) -> bool:
    return name in POD_LEVEL or name.startswith("hugepages-")


def _most(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in {**one, **other}}


def _host_ports(spec: Mapping[str, Any]) -> Iterable[HostPort]:
    """Ports of the node: those of containers that run as long as the pod; on the host's network every port is one."""
    sidecars = [each for each in spec.get("initContainers") or () if is_sidecar(each)]
    for container in (*sidecars, *(spec.get("containers") or ())):
        for port in container.get("ports") or ():
            number = port.get("hostPort") or (port.get("containerPort") if spec.get("hostNetwork") else 0)
            if number:
                yield HostPort(port.get("hostIP") or "0.0.0.0", port.get("protocol") or "TCP", int(number))
