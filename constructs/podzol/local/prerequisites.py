"""Defines what a release takes for granted in its cluster, and makes it: claims it mounts but does not bring, priority
classes and storage classes it names. On a real cluster the platform team has made these.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from podzol.local.kubectl import Kubectl

Object = dict[str, Any]
Key = tuple[str, str]
"""Kind and name."""

PROVISIONER = "podzol.dev/simulated"
"""Of manifests/storage.yaml."""
CLAIM_SIZE = "1Gi"


def provide(kubectl: Kubectl, namespace: str, release: Iterable[Object]) -> list[str]:
    """Make what the objects of a release take for granted and the cluster hasn't; gives `Kind/name` of each."""
    wanted = {key(thing): thing for thing in taken_for_granted(list(release), namespace)}
    missing = [thing for thing in wanted.values() if not exists(kubectl, thing)]
    if missing:
        kubectl.apply(yaml.safe_dump_all(missing))
    return [f"{thing['kind']}/{thing['metadata']['name']}" for thing in missing]


def exists(kubectl: Kubectl, thing: Object) -> bool:
    """Whether the cluster has an object of this kind and name."""
    place = ["--namespace", thing["metadata"]["namespace"]] if "namespace" in thing["metadata"] else []
    return bool(kubectl.run("get", *key(thing), *place, "--ignore-not-found", "-o", "name"))


def key(thing: Object) -> Key:
    return thing["kind"], thing["metadata"]["name"]


def taken_for_granted(release: list[Object], namespace: str) -> Iterator[Object]:
    """Every object that the release refers to and does not hold."""
    own = set(map(key, release))
    for thing in release:
        for wanted in references(thing, namespace):
            if key(wanted) not in own:
                yield wanted


def references(thing: Object, namespace: str) -> Iterator[Object]:
    """The objects that one object refers to."""
    pod = pod_spec(thing)
    for volume in pod.get("volumes") or []:
        if source := volume.get("persistentVolumeClaim"):
            yield claim(source["claimName"], namespace)
    if name := pod.get("priorityClassName"):
        yield {
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "metadata": {"name": name},
            "value": 1000,
        }
    if thing["kind"] == "PersistentVolumeClaim":
        yield from claim_references(thing["spec"], namespace)


def claim_references(spec: Object, namespace: str) -> Iterator[Object]:
    """The storage class that must make the claim's volume, and the claim it is a copy of."""
    if spec.get("storageClassName") and not spec.get("volumeName"):
        yield {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": spec["storageClassName"]},
            "provisioner": PROVISIONER,
        }
    source = spec.get("dataSource") or {}
    if source.get("kind") == "PersistentVolumeClaim":
        yield claim(source["name"], namespace)


def claim(name: str, namespace: str) -> Object:
    """A claim of the default class that every pod may mount."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": CLAIM_SIZE}}},
    }


def pod_spec(thing: Object) -> Object:
    """The pod spec in an object; empty when it holds none."""
    spec = thing.get("spec") or {}
    if thing["kind"] == "Pod":
        return spec
    if thing["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return (spec.get("template") or {}).get("spec") or {}
