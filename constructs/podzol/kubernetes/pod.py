"""Defines: the pod template that a Deployment and a Job share, and the values that shape it. Does not define: how many
pods there are, nor when they end.
Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/, 2026-11-23.
"""

from collections.abc import Iterator
from typing import Any

from podzol.kubernetes.accelerators import POOL
from podzol.kubernetes.container import Image, Resources, SecretKey, resource_rules
from podzol.kubernetes.gcs_fuse import GcsFuse, gcs_fuse_annotations
from podzol.kubernetes.labels import ObjectValues, selector_labels
from podzol.kubernetes.security import SecurityContext, pod_security_context
from podzol.kubernetes.service_account import ServiceAccount, service_account_name
from podzol.kubernetes.volumes import (
    DatasetMount,
    ScratchMount,
    config_checksum,
    volume_rules,
    volumes,
)
from podzol.template import collect, contains, each, not_, rule, spread
from podzol.values import (
    AnnotationKey,
    DnsLabel,
    DnsSubdomain,
    EnvName,
    FileName,
    LabelKey,
    LabelValue,
    Memory,
    MountPath,
)


class PodValues(ObjectValues):
    """What every workload that runs pods takes. A subclass gives `image` its default."""

    image: Image
    """Container image of the main container."""
    image_pull_secrets: list[DnsSubdomain] = []
    """Names of the Secrets with registry logins (imagePullSecrets)."""
    command: list[str] = []
    """Program to run instead of the image's entry point (command)."""
    args: list[str] = []
    """Arguments of the program (args)."""
    env: dict[EnvName, str] = {}
    """Environment variables."""
    secret_env: dict[EnvName, SecretKey] = {}
    """Environment variables, each from one key of a Secret."""
    env_from_config_maps: list[DnsSubdomain] = []
    """Names of ConfigMaps whose every key becomes an environment variable (envFrom)."""
    env_from_secrets: list[DnsSubdomain] = []
    """Names of Secrets whose every key becomes an environment variable (envFrom)."""
    config: dict[FileName, str] = {}
    """Config files by name, mounted at configPath. Pods restart when one changes."""
    config_path: MountPath = "/etc/config"
    """Folder of the config files."""
    resources: Resources = Resources()
    """CPU, memory and disk."""
    datasets: list[DatasetMount] = []
    """Datasets to mount, such as `{claim: spectra, path: /data, readOnly: true}`."""
    gcs_fuse: GcsFuse = GcsFuse()
    """GKE's sidecar for datasets in Cloud Storage; off by default."""
    scratch: list[ScratchMount] = []
    """Working space on the node's disk, gone with the pod."""
    tmp_size_limit: Memory = "1Gi"
    """Bytes in /tmp after which the pod is evicted (sizeLimit)."""
    shared_memory: Memory | None = None
    """Size of /dev/shm; it counts as memory of the container. Unset: the container engine's default of 64Mi."""
    extra_volumes: list[dict[str, Any]] = []
    """Further volumes of the pod, as Kubernetes spells them (volumes)."""
    extra_volume_mounts: list[dict[str, Any]] = []
    """Further mounts of the main container, as Kubernetes spells them (volumeMounts)."""
    pool: DnsLabel | None = None
    """Node pool to run on: the label podzol.dev/pool, which every ClusterSpec writes. Unset: any node."""
    node_selector: dict[LabelKey, LabelValue] = {}
    """Further labels that a node must have (nodeSelector)."""
    tolerations: list[dict[str, Any]] = []
    """Further taints that the pods tolerate, as Kubernetes spells them (tolerations)."""
    affinity: dict[str, Any] = {}
    """Affinity of the pods, as Kubernetes spells it (affinity)."""
    priority_class_name: DnsSubdomain | None = None
    """PriorityClass of the pods (priorityClassName). Unset: the cluster's default."""
    service_account: ServiceAccount = ServiceAccount()
    """ServiceAccount that the pods run as."""
    security_context: SecurityContext = SecurityContext()
    """User, group and file system of the pods; the rest of the restricted Pod Security level is fixed."""
    pod_labels: dict[LabelKey, LabelValue] = {}
    """Further labels of the pods."""
    pod_annotations: dict[AnnotationKey, str] = {}
    """Further annotations of the pods."""


def pod_rules(v: PodValues) -> Iterator[Any]:
    """Rules between the values of a pod. A workload's own rules start with `yield from pod_rules(v)`."""
    yield from resource_rules(v.resources)
    yield from volume_rules(v)
    yield each(
        v.node_selector,
        lambda key, value: rule(key != POOL, at=v.node_selector, must=f"not contain {POOL}", fix="set pool instead"),
    )
    yield each(
        v.secret_env,
        lambda name, entry: rule(
            not_(contains(collect(v.env, lambda variable, value: variable), name)),
            at=name,
            must="not be set by env as well",
            fix="remove one of the two",
        ),
    )


def pod_template(
    v: PodValues,
    release: Any,
    container: dict[str, Any],
    *,
    node_labels: dict[str, Any] | None = None,
    tolerations: tuple[Any, ...] = (),
    volumes_of_workload: tuple[Any, ...] = (),
    labels: dict[str, Any] | None = None,
    annotations: Any = None,
    **more: Any,
) -> dict[str, Any]:
    """The pod template of a Deployment or a Job.

    Args:
        v: the workload's values.
        release: the release.
        container: the main container, from `main_container`.
        node_labels: labels that the workload itself asks of a node, besides the pool's.
        tolerations: the workload's own tolerations, before the user's.
        volumes_of_workload: the workload's own volumes, before those of `volumes.py`.
        labels: the workload's own labels; the selector's are always there.
        annotations: the workload's own annotations: a dict, or a `when` of one.
        more: further fields of the pod's spec by their Kubernetes names: restartPolicy, topologySpreadConstraints ...
    """
    return {
        "metadata": {
            "labels": {**(labels or {}), ...: [selector_labels(release), spread(v.pod_labels)]},
            "annotations": {
                **config_checksum(v),
                ...: [gcs_fuse_annotations(v.gcs_fuse), annotations, spread(v.pod_annotations)],
            },
        },
        "spec": {
            "serviceAccountName": service_account_name(v.service_account, release),
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": pod_security_context(v.security_context),
            "imagePullSecrets": [each(v.image_pull_secrets, lambda secret: {"name": secret})],
            "priorityClassName": v.priority_class_name,
            **more,
            "containers": [container],
            "volumes": [*volumes_of_workload, *volumes(v, release)],
            "nodeSelector": {POOL: v.pool, **(node_labels or {}), ...: spread(v.node_selector)},
            "tolerations": [*tolerations, spread(v.tolerations)] if tolerations else v.tolerations,
            "affinity": v.affinity,
        },
    }
