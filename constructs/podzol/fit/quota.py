"""Asks: do ResourceQuotas and LimitRanges of the namespace let the pods in?

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/policy/resource-quotas/ and
https://kubernetes.io/docs/concepts/policy/limit-range/.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from podzol.fit.admitted import limits_of
from podzol.fit.amounts import Amounts, added, amounts, amounts_of, compared, times, words
from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, error, note, warning
from podzol.fit.objects import Objects, name_of
from podzol.fit.pods import Pod, container_requests
from podzol.kubernetes.quantities import nano

COMPUTE = ("cpu", "memory", "ephemeral-storage")
MUST_SAY = ("cpu", "memory")
"""Resources that every container has to name under a quota on them."""


def totals(asked: list[Asked], objects: Objects) -> Iterator[tuple[Asked, Finding]]:
    """Each quota against the workloads of its namespace, added up in their order: the first that no longer fits is
    told."""
    for quota in objects.all("ResourceQuota"):
        namespace, spec = objects.namespace_of(quota), quota.get("spec") or {}
        inside = [each for each in asked if each.workload.namespace == namespace]
        if spec.get("scopes") or spec.get("scopeSelector"):
            yield from ((one, note("quota", f"quota {name_of(quota)} has scopes: not judged")) for one in inside)
            continue
        hard = _by_resource(spec.get("hard"))
        used = _by_resource((quota.get("status") or {}).get("used"))
        least, most = dict(used), dict(used)
        for one in inside:
            yield from ((one, each) for each in _unsaid(quota, hard, one.spec))
            counted = _counted(one.pod, one.spec)
            least = added((least, times(counted, one.workload.pods)))
            most = added((most, times(counted, one.workload.most)))
            yield from ((one, each) for each in _beyond(quota, hard, least, most, counted))


def _by_resource(quantities: Mapping[str, Any] | None) -> dict[str, int]:
    """Amounts of a quota, each in what its resource is counted in."""
    return {key: amounts_of({_resource(key): each})[_resource(key)] for key, each in (quantities or {}).items()}


def _resource(key: str) -> str:
    return key.removeprefix("requests.").removeprefix("limits.")


def _counted(pod: Pod, spec: Mapping[str, Any]) -> dict[str, int]:
    """What a pod adds to a quota, by the quota's names."""
    limits = amounts(added(_limits(each) for each in spec.get("containers") or ()))
    found: dict[str, int] = {"pods": 1, "count/pods": 1}
    for name, amount in pod.requests.items():
        found[f"requests.{name}"] = amount
        if name in COMPUTE:
            found[name] = amount
    return found | {f"limits.{name}": amount for name, amount in limits.items()}


def _limits(container: Mapping[str, Any]) -> dict[str, int]:
    limits = (container.get("resources") or {}).get("limits") or {}
    return {name: nano(quantity) for name, quantity in limits.items()}


def _unsaid(quota: dict[str, Any], hard: Amounts, spec: Mapping[str, Any]) -> Iterator[Finding]:
    """Under a quota on CPU or memory, a container that names none is refused."""
    containers = spec.get("containers") or ()
    for name in MUST_SAY:
        requested = any(key in hard for key in (name, f"requests.{name}"))
        if requested and not all(name in container_requests(each) for each in containers):
            yield _refused(quota, f"every container to request {name}")
        if f"limits.{name}" in hard and not all(name in _limits(each) for each in containers):
            yield _refused(quota, f"every container to limit {name}")


def _refused(quota: dict[str, Any], wants: str) -> Finding:
    return error("quota", f"quota {name_of(quota)} wants {wants}, else its pods are refused", "say it in the values")


def _beyond(quota: dict[str, Any], hard: Amounts, least: Amounts, most: Amounts, counted: Amounts) -> Iterator[Finding]:
    """What the sums so far have more of than the quota."""
    for key, limit in hard.items():
        if not counted.get(key):
            continue
        resource = _resource(key)
        start, peak, allowed = compared(resource, least[key], most[key], limit)
        if least[key] > limit:
            reason = f"with it, namespace and all, {start} {words(resource)} are asked for ({key})"
            yield error(
                "quota", f"{reason}; quota {name_of(quota)} allows {allowed}", "ask for less, or raise the quota"
            )
        elif most[key] > limit:
            reason = f"with its most pods {peak} {words(resource)} are asked for ({key})"
            yield warning("quota", f"{reason}; quota {name_of(quota)} allows {allowed}", "lower maxReplicas")


def bounds(asked: Asked, objects: Objects) -> Iterator[Finding]:
    """A LimitRange's min, max and ratio, for each container and for the pod."""
    spec, namespace = asked.spec, asked.workload.namespace
    for limit in limits_of(namespace, "Container", objects):
        for container in (*(spec.get("containers") or ()), *(spec.get("initContainers") or ())):
            requests, limits = amounts(container_requests(container)), amounts(_limits(container))
            yield from _bound(f"container {container.get('name')}", requests, limits, limit)
    for limit in limits_of(namespace, "Pod", objects):
        limits = amounts(added(_limits(each) for each in spec.get("containers") or ()))
        yield from _bound("the pod", asked.pod.requests, limits, limit)


def _bound(what: str, requests: Amounts, limits: Amounts, limit: Mapping[str, Any]) -> Iterator[Finding]:
    for name, least in amounts_of(limit.get("min")).items():
        if requests.get(name, 0) < least:
            asked, bound = compared(name, requests.get(name, 0), least)
            yield error("quota", f"{what} asks for {asked} {words(name)}; a LimitRange wants {bound}", "ask for more")
    for name, most in amounts_of(limit.get("max")).items():
        asks = max(limits.get(name, 0), requests.get(name, 0))
        if asks > most:
            asked, bound = compared(name, asks, most)
            yield error("quota", f"{what} asks for {asked} {words(name)}; a LimitRange allows {bound}", "ask for less")
    for name, quantity in (limit.get("maxLimitRequestRatio") or {}).items():
        if limits.get(name) and requests.get(name) and limits[name] * 10**9 > nano(quantity) * requests[name]:
            yield error(
                "quota",
                f"{what} has a {name} limit of {limits[name] / requests[name]:g} times its request; "
                f"a LimitRange allows {quantity}",
                "bring limit and request together",
            )
