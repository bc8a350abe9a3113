"""Defines: a pod's main container: image, environment, resources, probes. Does not define: its volumes (`volumes.py`).
Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container, 2026-11-23.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.security import container_security_context
from podzol.kubernetes.volumes import volume_mounts
from podzol.template import bytes_of, each, millicores_of, or_else, rule, when
from podzol.values import (
    Cpu,
    DnsSubdomain,
    FileName,
    ImageDigest,
    ImageRepository,
    ImageTag,
    Memory,
    Seconds,
    UrlPath,
    Values,
)

MAIN = "main"
"""Name of the container that does the work, in every pod of Podzol but those of a TrainJob."""


class Image(Values):
    """A container image, named so that it can't change unseen: by tag, better by digest."""

    repository: ImageRepository
    """Registry and name of the image."""
    tag: ImageTag
    """Tag of the image."""
    digest: ImageDigest | None = None
    """Digest (sha256:...). If set, exactly this image runs, whatever the tag says."""
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = "IfNotPresent"
    """When the kubelet pulls the image (imagePullPolicy)."""


class Requests(Values):
    """What the scheduler reserves for a pod. CPU and memory are required: an HPA scales on a share of the request."""

    cpu: Cpu = "100m"
    """CPU, in cores or thousandths of one (m)."""
    memory: Memory = "128Mi"
    """Memory, in bytes with a unit."""
    ephemeral_storage: Memory | None = None
    """Disk of the node for logs, /tmp and scratch (ephemeral-storage). Unset: nothing is reserved."""


class Limits(Values):
    """What a pod may use at most."""

    cpu: Cpu | None = None
    """CPU. Unset: what the node has to spare; a limit throttles even on an idle node."""
    memory: Memory | None = None
    """Memory; a pod that takes more is killed. Unset: the request, so that a node never runs out of memory."""
    ephemeral_storage: Memory | None = None
    """Disk of the node (ephemeral-storage); a pod that takes more is evicted. Unset: no limit."""


class Resources(Values):
    """CPU, memory and disk of the main container."""

    requests: Requests = Requests()
    """What the scheduler reserves."""
    limits: Limits = Limits()
    """What it may use at most."""


class SecretKey(Values):
    """One entry of a Secret."""

    secret: DnsSubdomain
    """Name of the Secret."""
    key: FileName
    """Key in it."""


class Probe(Values):
    """How the kubelet asks a container for its health."""

    enabled: bool = True
    """Whether it asks."""
    path: UrlPath | None = None
    """Path of an HTTP GET on the container's port. Null: a TCP connection is enough."""
    period_seconds: Annotated[Seconds, Field(ge=1)] = 10
    """Seconds from one probe to the next (periodSeconds)."""
    timeout_seconds: Annotated[Seconds, Field(ge=1)] = 3
    """Seconds after which a probe has failed (timeoutSeconds)."""
    failure_threshold: Annotated[int, Field(ge=1, le=1000)] = 3
    """Failures in a row until the kubelet acts (failureThreshold)."""


def image_reference(image: Image) -> Any:
    """`repository:tag`, and `@digest` where there is one: then the digest decides and the tag is for the reader."""
    tagged = image.repository + ":" + image.tag
    return when(image.digest, lambda digest: tagged + "@" + digest, tagged)


def resources(values: Resources, extended: dict[str, Any] | None = None) -> dict[str, Any]:
    """Requests and limits.

    Args:
        values: the section.
        extended: extended resources, such as `{GPU: count}`; Kubernetes wants their request to equal their limit.
    """
    requests, limits = values.requests, values.limits
    return {
        "requests": {
            "cpu": requests.cpu,
            "memory": requests.memory,
            "ephemeral-storage": requests.ephemeral_storage,
            **(extended or {}),
        },
        "limits": {
            "cpu": limits.cpu,
            "memory": or_else(limits.memory, requests.memory),
            "ephemeral-storage": limits.ephemeral_storage,
            **(extended or {}),
        },
    }


def resource_rules(values: Resources) -> Iterator[Any]:
    """No limit is below its request: the API server refuses such a pod."""
    requests, limits = values.requests, values.limits
    fix = "raise it, lower the request, or leave it unset"
    yield when(
        limits.cpu,
        lambda limit: rule(
            millicores_of(limit) >= millicores_of(requests.cpu),
            at=limit,
            must="be at least resources.requests.cpu",
            fix=fix,
        ),
    )
    yield when(
        limits.memory,
        lambda limit: rule(
            bytes_of(limit) >= bytes_of(requests.memory),
            at=limit,
            must="be at least resources.requests.memory",
            fix=fix,
        ),
    )
    yield when(
        limits.ephemeral_storage,
        lambda limit: when(
            requests.ephemeral_storage,
            lambda request: rule(
                bytes_of(limit) >= bytes_of(request),
                at=limit,
                must="be at least resources.requests.ephemeralStorage",
                fix=fix,
            ),
        ),
    )


def environment(v: Any, own: tuple[Any, ...] = ()) -> dict[str, Any]:
    """`env` and `envFrom` of a container, from `PodValues`; `own` are the workload's own entries and come first."""
    return {
        "env": [
            *own,
            each(v.env, lambda name, value: {"name": name, "value": value}),
            each(
                v.secret_env,
                lambda name, ref: {"name": name, "valueFrom": {"secretKeyRef": {"name": ref.secret, "key": ref.key}}},
            ),
        ],
        "envFrom": [
            each(v.env_from_config_maps, lambda config_map: {"configMapRef": {"name": config_map}}),
            each(v.env_from_secrets, lambda secret: {"secretRef": {"name": secret}}),
        ],
    }


def probe(values: Probe, port: str) -> Any:
    """A probe on a named port: by HTTP if it has a path, else by connecting."""
    return when(
        values.enabled,
        {
            ...: when(
                values.path,
                lambda path: {"httpGet": {"path": path, "port": port}},
                {"tcpSocket": {"port": port}},
            ),
            "periodSeconds": values.period_seconds,
            "timeoutSeconds": values.timeout_seconds,
            "failureThreshold": values.failure_threshold,
        },
    )


def main_container(
    v: Any,
    *,
    name: Any = MAIN,
    extended: dict[str, Any] | None = None,
    env: tuple[Any, ...] = (),
    mounts: tuple[Any, ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """The main container, from `PodValues`.

    Args:
        v: the workload's values.
        name: the container's name, where another program asks for one.
        extended: extended resources, such as `{GPU: count}`.
        env: the workload's own environment entries.
        mounts: the workload's own volume mounts, besides those of `volumes.py`.
        more: further fields of the container by their Kubernetes names: ports, probes, lifecycle.
    """
    return {
        "name": name,
        "image": image_reference(v.image),
        "imagePullPolicy": v.image.pull_policy,
        "command": v.command,
        "args": v.args,
        **environment(v, env),
        **more,
        "resources": resources(v.resources, extended),
        "securityContext": container_security_context(v.security_context),
        "volumeMounts": [*volume_mounts(v), *mounts],
    }
