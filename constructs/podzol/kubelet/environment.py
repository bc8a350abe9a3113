"""Defines the environment and the command of a container: values, references, `$(NAME)`, and what services add.

Source: https://kubernetes.io/docs/tasks/inject-data-application/ (2026-11-23).
"""

import base64
import json
import math
import os
import re
from collections.abc import Callable
from typing import Any

from podzol.kubelet.images import Program
from podzol.kubelet.local_ports import is_api
from podzol.kubernetes.quantities import NANO, cpu_milli, nano

Object = dict[str, Any]
Get = Callable[[str, str], Object | None]
"""Kind (`configmaps`, `secrets`) and name -> the object, of the pod's namespace."""

REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_.-][A-Za-z0-9_.-]*)\)")
BASE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class ConfigError(Exception):
    """What the pod refers to isn't there: Kubernetes calls it CreateContainerConfigError."""


def environment(pod: Object, container: Object, program: Program, services: list[Object], get: Get) -> dict[str, str]:
    """The container's environment.

    Raises:
        ConfigError: it refers to what isn't there.
    """
    path = ":".join([*program.path, os.environ.get("PATH", BASE_PATH)])
    found = {"PATH": path, "HOME": "/tmp", "LANG": "C.UTF-8", **program.environment, "HOSTNAME": hostname(pod)}
    found |= service_variables(pod, services)
    for source in container.get("envFrom") or []:
        prefix = source.get("prefix", "")
        found |= {prefix + key: value for key, value in whole(source, get).items()}
    for each in container.get("env") or []:
        value = each.get("value")
        if value is not None:
            found[each["name"]] = expand(value, found)
        elif (referred := value_from(pod, container, each.get("valueFrom"), get)) is not None:
            found[each["name"]] = referred
    return found


def command(container: Object, program: Program, variables: dict[str, str]) -> list[str]:
    """The words of the container's command line. A command of the pod's own takes the place of the image's two."""
    args = container.get("args") or []
    own = container.get("command")
    words = [*own, *args] if own else [*program.entrypoint, *(args or program.command)]
    return [expand(word, variables) for word in words]


def expand(text: str, variables: dict[str, str]) -> str:
    """`$(NAME)` put in, where NAME is known; `$$` is a dollar."""
    return REFERENCE.sub(lambda found: "$" if found[1] is None else variables.get(found[1], found[0]), text)


def hostname(pod: Object) -> str:
    """The pod's own name for its machine."""
    return pod["spec"].get("hostname") or pod["metadata"]["name"][:63].rstrip("-.")


def whole(source: Object, get: Get) -> dict[str, str]:
    """All entries of a ConfigMap or Secret."""
    for key, kind in (("configMapRef", "configmaps"), ("secretRef", "secrets")):
        if reference := source.get(key):
            it = get(kind, reference["name"])
            if it is None and not reference.get("optional"):
                raise ConfigError(f'{kind[:-1]} "{reference["name"]}" not found')
            return {name: content.decode(errors="replace") for name, content in texts(it or {}).items()}
    return {}


def texts(it: Object) -> dict[str, bytes]:
    """What a ConfigMap or Secret holds for variables: binaryData is for files alone."""
    return entries(it | {"binaryData": {}})


def entries(it: Object) -> dict[str, bytes]:
    """What a ConfigMap or Secret holds."""
    encoded = it.get("binaryData") if it.get("kind") == "ConfigMap" else it.get("data")
    plain = it.get("data") if it.get("kind") == "ConfigMap" else {}
    decoded = {key: base64.b64decode(value) for key, value in (encoded or {}).items()}
    return {key: value.encode() for key, value in (plain or {}).items()} | decoded


def value_from(pod: Object, container: Object, source: Object | None, get: Get) -> str | None:
    """A value that stands elsewhere; None for an optional one that isn't there."""
    match source:
        case None:
            return ""
        case {"fieldRef": {"fieldPath": path}}:
            return field(pod, path)
        case {"resourceFieldRef": reference}:
            return resource(pod, container, reference)
        case {"configMapKeyRef": reference}:
            return entry("configmaps", reference, get)
        case {"secretKeyRef": reference}:
            return entry("secrets", reference, get)
    raise ConfigError(f"valueFrom {', '.join(source)} is not known here")


def entry(kind: str, reference: Object, get: Get) -> str | None:
    """One entry of a ConfigMap or Secret."""
    it = get(kind, reference["name"])
    content = texts(it or {}).get(reference["key"])
    if content is not None:
        return content.decode(errors="replace")
    if reference.get("optional"):
        return None
    name = reference["name"]
    what = f'couldn\'t find key {reference["key"]} in {kind[:-1]} "{name}"' if it else f'{kind[:-1]} "{name}" not found'
    raise ConfigError(what)


def field(pod: Object, path: str) -> str:
    """A field of the pod, as the downward API names it."""
    meta, spec, status = pod["metadata"], pod["spec"], pod.get("status", {})
    if found := re.fullmatch(r"metadata\.(labels|annotations)(?:\['(.+)'\])?", path):
        own = meta.get(found[1], {})
        if found[2]:
            return str(own.get(found[2], ""))
        return "\n".join(f"{key}={json.dumps(own[key], ensure_ascii=False)}" for key in sorted(own))
    known = {
        "metadata.name": meta["name"],
        "metadata.namespace": meta["namespace"],
        "metadata.uid": meta["uid"],
        "spec.nodeName": spec.get("nodeName", ""),
        "spec.serviceAccountName": spec.get("serviceAccountName", "default"),
        "status.podIP": status.get("podIP", ""),
        "status.podIPs": ",".join(each["ip"] for each in status.get("podIPs", [])),
        "status.hostIP": status.get("hostIP", ""),
        "status.hostIPs": ",".join(each["ip"] for each in status.get("hostIPs", [])),
    }
    if path not in known:
        raise ConfigError(f"field path {path} is not known")
    return known[path]


def resource(pod: Object, container: Object, reference: Object) -> str:
    """A request or limit; a limit that isn't set is what this machine has."""
    name = reference.get("containerName", container["name"])
    every = [*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or [])]
    resources: Object = next((each.get("resources", {}) for each in every if each["name"] == name), {})
    which, _, what = reference["resource"].partition(".")
    amount = resources.get(which, {}).get(what)
    divisor = reference.get("divisor") or "0"
    if amount is None:
        amount = "0" if which == "requests" else machine_has(what)
    unit = nano(divisor) or NANO
    return str(math.ceil(nano(amount) / unit))


def machine_has(what: str) -> str:
    """How much of a resource this machine has."""
    if what == "cpu":
        return str(len(os.sched_getaffinity(0)))
    return str(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) if what == "memory" else "0"


def service_variables(pod: Object, services: list[Object]) -> dict[str, str]:
    """The variables that name the services: the API always, those of the pod's namespace unless it wants none."""
    namespace = pod["metadata"]["namespace"]
    wanted = pod["spec"].get("enableServiceLinks", True)
    found = {}
    for service in services:
        meta, spec = service["metadata"], service["spec"]
        is_linked = is_api(service) or (wanted and meta["namespace"] == namespace)
        if spec.get("clusterIP", "None") in ("None", "") or not is_linked:
            continue
        name = meta["name"].upper().replace("-", "_")
        found[f"{name}_SERVICE_HOST"] = spec["clusterIP"]
        found[f"{name}_SERVICE_PORT"] = str(spec["ports"][0]["port"])
        for port in spec["ports"]:
            if port.get("name"):
                found[f"{name}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
    return found


def cpu_limit(container: Object) -> float | None:
    """CPUs that the container may use; None when it has no limit."""
    limit = container.get("resources", {}).get("limits", {}).get("cpu")
    return None if limit is None else cpu_milli(limit) / 1000
