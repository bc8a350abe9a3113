"""A Secret or ConfigMap that a pod needs and that isn't there, or lacks a key.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist and the
kubelet's own words (pkg/kubelet/kubelet_pods.go, pkg/volume of Kubernetes v1.37.2).
"""

import re
from collections.abc import Iterator
from typing import Any

from podzol.why.case import Case, Part
from podzol.why.evidence import Object, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank

MISSING_KEY = re.compile(r"couldn't find key (?P<key>\S+) in (?P<kind>Secret|ConfigMap) \S+?/(?P<name>\S+)")
GONE_KEY = re.compile(r"references non-existent (?:secret|config) key: (?P<key>\S+)")


def causes(case: Case) -> Iterator[Finding]:
    for part, pod in case.sick:
        if status_of(pod).get("phase") != "Pending":
            continue
        yield from _missing(case, part, pod)
        yield from _keys(case, pod)


def _missing(case: Case, part: Part, pod: Object) -> Iterator[Finding]:
    told = [each for each in case.evidence.events(pod, "FailedMount", "Failed") if "not found" in each.message]
    for kind, name, where in needed(spec_of(pod)):
        if case.evidence.knows(kind) and case.evidence.find(kind, case.namespace, name) is None:
            said = [each for each in told if f'"{name}"' in each.message]
            flag = "--from-literal=KEY=VALUE" if kind == "ConfigMap" else "--from-literal=KEY=VALUE (or --from-file)"
            make = "configmap" if kind == "ConfigMap" else "secret generic"
            yield Finding(
                "references",
                Rank.SAID,
                (reference(pod),),
                f"the {kind} {name} isn't in the namespace; it is wanted {where}",
                f"`kubectl create {make} {name} -n {case.namespace} {flag}`, or correct the name",
                tuple(case.evidence.told(each) for each in said[:1]),
            )
    for event in [] if case.evidence.knows("Secret") else told[:1]:
        reason = f"something that it mounts isn't there: {one_line(event.message)}"
        yield Finding("references", Rank.SAID, (reference(pod),), reason, "make it, or correct the name")


def _keys(case: Case, pod: Object) -> Iterator[Finding]:
    messages = [
        (state.get("waiting") or {}).get("message") or ""
        for state in ((each.get("state") or {}) for each in status_of(pod).get("containerStatuses") or ())
    ]
    messages += [event.message for event in case.evidence.events(pod, "FailedMount", "Failed")]
    for message in dict.fromkeys(messages):
        if found := MISSING_KEY.search(message):
            reason = f"the {found['kind']} {found['name']} has no key {found['key']}"
        elif found := GONE_KEY.search(message):
            reason = f"a Secret or ConfigMap that it mounts has no key {found['key']}"
        else:
            continue
        todo = "add the key, or correct its name"
        yield Finding("references", Rank.SAID, (reference(pod),), reason, todo, (f"the kubelet: {one_line(message)}",))


def needed(spec: Any) -> Iterator[tuple[str, str, str]]:
    """Kind, name and purpose of every Secret and ConfigMap that a pod can't start without."""
    for volume in spec.get("volumes") or ():
        for source in (volume, *((volume.get("projected") or {}).get("sources") or ())):
            secret, config = source.get("secret"), source.get("configMap")
            if secret and not secret.get("optional"):
                yield "Secret", secret.get("secretName") or secret.get("name"), f"as the volume {volume['name']}"
            if config and not config.get("optional"):
                yield "ConfigMap", config["name"], f"as the volume {volume['name']}"
    for container in (*(spec.get("initContainers") or ()), *(spec.get("containers") or ())):
        for env in container.get("env") or ():
            source = env.get("valueFrom") or {}
            for field, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                if field in source and not source[field].get("optional"):
                    yield kind, source[field]["name"], f"for the environment variable {env['name']}"
        for env in container.get("envFrom") or ():
            for field, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
                if field in env and not env[field].get("optional"):
                    yield kind, env[field]["name"], "for the environment (envFrom)"
