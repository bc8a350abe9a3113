"""What an author writes: an ordinary web service."""

from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.template import (
    Form,
    Values,
    any_of,
    count,
    each,
    named,
    not_,
    or_else,
    replace,
    rule,
    sha256_of,
    spread,
    times,
    to_str,
    trim_suffix,
    trunc,
    unique,
    when,
)

Name = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=63),
    Form("a DNS label: lowercase letters, digits and dashes", fix="write it like soil-data"),
]
DnsPart = Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$", max_length=63)]
Quantity = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}(m|k|Ki|M|Mi|G|Gi|T|Ti)?$", max_length=8)]
Port = Annotated[int, Field(ge=1, le=65535)]
LabelKey = Annotated[str, Field(pattern=r"^([a-z0-9.-]{1,200}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$")]
LabelValue = Annotated[str, Field(pattern=r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$")]


class Image(Values):
    repository: Annotated[str, Field(min_length=1)] = "ghcr.io/acme/web"
    """Image repository."""
    tag: str = ""
    """Image tag; the chart's appVersion when empty."""
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = "IfNotPresent"
    """Image pull policy."""


class Autoscaling(Values):
    enabled: bool = True
    """Create a HorizontalPodAutoscaler."""
    min_replicas: Annotated[int, Field(ge=1, le=1000)] = 2
    """Lower bound."""
    max_replicas: Annotated[int, Field(ge=1, le=2000000)] = 10
    """Upper bound."""
    target_cpu: Annotated[int, Field(ge=1, le=100)] = 80
    """Target mean CPU utilisation, per cent."""


class Ingress(Values):
    host: Annotated[str, Field(min_length=1)]
    """Host name."""
    path: str = "/"
    """Path prefix."""
    class_name: str | None = None
    """Ingress class."""
    annotations: dict[str, str] = {}
    """Annotations."""
    tls_secret: str = ""
    """TLS secret; none when empty."""


class Gpu(Values):
    count: Annotated[int, Field(ge=0, le=16)] = 0
    """GPUs per pod."""


class Volume(Values):
    name: Name
    """Name of the volume."""
    claim: Name
    """Claim to mount."""
    mount_path: Annotated[str, Field(min_length=1)] = "/data"
    """Where to mount it."""
    read_only: bool = False
    """Mount it read-only."""
    sub_path: str | None = None
    """A folder of the volume."""


class Resources(Values):
    cpu: Quantity = "250m"
    """CPU request."""
    memory: Quantity = "256Mi"
    """Memory request; the limit is twice that."""


class WebValues(Values):
    name_override: DnsPart = ""
    """Overrides the chart part of object names."""
    fullname_override: DnsPart = ""
    """Overrides object names."""
    image: Image = Image()
    """Container image."""
    replicas: Annotated[int, Field(ge=0, le=5000000)] = 2
    """Replicas when autoscaling is off."""
    port: Port = 8080
    """Container port."""
    service_port: Port = 80
    """Service port."""
    resources: Resources = Resources()
    """Resources of the container."""
    gpu: Gpu = Gpu()
    """GPU request."""
    autoscaling: Autoscaling = Autoscaling()
    """Autoscaling."""
    ingress: Ingress | None = None
    """Ingress; null for none."""
    volumes: list[Volume] = []
    """Claims to mount."""
    env: dict[Annotated[str, Field(pattern="^[A-Za-z_][A-Za-z0-9_]*$")], str] = {}
    """Environment of the container."""
    config: dict[str, str] = {}
    """Files of a ConfigMap mounted at /etc/web."""
    pod_labels: dict[LabelKey, LabelValue] = {}
    """Extra pod labels."""
    args: list[str] = []
    """Arguments."""
    affinity: dict[str, Any] = {}
    """Pod affinity, passed through."""
    tolerations: list[dict[str, Any]] = []
    """Tolerations, passed through."""
    priority_class: Name | None = None
    """Priority class."""
    termination_grace: Annotated[int, Field(ge=0)] | None = None
    """Grace seconds."""
    min_available: Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern="^(100|[0-9]{1,2})%$")] = 1
    """PodDisruptionBudget minimum: number or percentage."""


def selector(release):
    return named(
        "selectorLabels",
        {
            "app.kubernetes.io/name": trim_suffix(trunc(release.chart, 63), "-"),
            "app.kubernetes.io/instance": release.name,
        },
        "Labels that tell the objects of this release; immutable in selectors.",
    )


def labels(release):
    chart = trim_suffix(trunc(replace(release.chart + "-" + release.version, "+", "_"), 63), "-")
    return named(
        "labels",
        {
            "helm.sh/chart": chart,
            ...: selector(release),
            "app.kubernetes.io/version": release.app_version,
            "app.kubernetes.io/managed-by": release.service,
        },
        "Labels of every object.",
    )


class Web:
    Values = WebValues
    name = "web"

    @staticmethod
    def rules(v):
        yield rule(
            v.autoscaling.min_replicas <= v.autoscaling.max_replicas,
            at=v.autoscaling.min_replicas,
            must="be at most maxReplicas",
            fix="lower minReplicas or raise maxReplicas",
        )
        yield rule(
            unique(v.volumes, lambda volume: or_else(volume.mount_path, "/data")),
            at=v.volumes,
            must="have each mountPath once",
            fix="mount one of them elsewhere",
        )
        yield each(
            v.volumes,
            lambda volume: rule(
                volume.mount_path != "/etc/web", at=volume.mount_path, must="not be /etc/web", fix="mount it elsewhere"
            ),
        )
        yield each(v.env, lambda name, value: rule(name != "PORT", at=name, must="not be PORT", fix="set port"))

    @staticmethod
    def manifests(v, release):
        def meta(**more):
            return {"name": release.fullname, "namespace": release.namespace, "labels": labels(release), **more}

        pod = {
            "metadata": {
                "labels": {...: [selector(release), spread(v.pod_labels)]},
                "annotations": {
                    "checksum/config": when(v.config, sha256_of(v.config)),
                    "note": "literal {{ $labels.pod }} stays",
                },
            },
            "spec": {
                "priorityClassName": v.priority_class,
                "terminationGracePeriodSeconds": v.termination_grace,
                "containers": [
                    {
                        "name": "web",
                        "image": v.image.repository + ":" + or_else(v.image.tag, release.app_version),
                        "imagePullPolicy": v.image.pull_policy,
                        "args": v.args,
                        "ports": [{"name": "http", "containerPort": v.port}],
                        "env": [
                            {"name": "PORT", "value": to_str(v.port)},
                            each(v.env, lambda name, value: {"name": name, "value": value}),
                        ],
                        "resources": {
                            "requests": {"cpu": v.resources.cpu, "memory": v.resources.memory},
                            "limits": {
                                "memory": times(v.resources.memory, 2),
                                "nvidia.com/gpu": when(v.gpu.count > 0, v.gpu.count),
                            },
                        },
                        "volumeMounts": [
                            each(
                                v.volumes,
                                lambda volume: {
                                    "name": volume.name,
                                    "mountPath": volume.mount_path,
                                    "readOnly": volume.read_only,
                                    "subPath": volume.sub_path,
                                },
                            ),
                            when(v.config, {"name": "config", "mountPath": "/etc/web"}),
                        ],
                    }
                ],
                "volumes": [
                    each(
                        v.volumes,
                        lambda volume: {
                            "name": volume.name,
                            "persistentVolumeClaim": {
                                "claimName": volume.claim,
                                "readOnly": when(volume.read_only, True),
                            },
                        },
                    ),
                    when(v.config, {"name": "config", "configMap": {"name": release.fullname}}),
                    when(v.gpu.count > 0, {"name": "shm", "emptyDir": {"medium": "Memory"}}),
                    {"name": "tmp", "emptyDir": {}},
                ],
                "affinity": v.affinity,
                "tolerations": [
                    when(v.gpu.count > 0, {"key": "nvidia.com/gpu", "operator": "Exists"}),
                    spread(v.tolerations),
                ],
            },
        }
        return {
            "deployment": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": meta(),
                "spec": {
                    "replicas": when(not_(v.autoscaling.enabled), v.replicas),
                    "selector": {"matchLabels": selector(release)},
                    "template": pod,
                },
            },
            "service": {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": meta(),
                "spec": {
                    "selector": selector(release),
                    "ports": [{"name": "http", "port": v.service_port, "targetPort": "http"}],
                },
            },
            "hpa": when(
                v.autoscaling.enabled,
                {
                    "apiVersion": "autoscaling/v2",
                    "kind": "HorizontalPodAutoscaler",
                    "metadata": meta(),
                    "spec": {
                        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": release.fullname},
                        "minReplicas": v.autoscaling.min_replicas,
                        "maxReplicas": v.autoscaling.max_replicas,
                        "metrics": [
                            {
                                "type": "Resource",
                                "resource": {
                                    "name": "cpu",
                                    "target": {"type": "Utilization", "averageUtilization": v.autoscaling.target_cpu},
                                },
                            }
                        ],
                    },
                },
            ),
            "pdb": when(
                any_of(v.autoscaling.enabled, v.replicas > 1),
                {
                    "apiVersion": "policy/v1",
                    "kind": "PodDisruptionBudget",
                    "metadata": meta(),
                    "spec": {"minAvailable": v.min_available, "selector": {"matchLabels": selector(release)}},
                },
            ),
            "configmap": when(
                v.config,
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta(), "data": v.config},
            ),
            "ingress": when(
                v.ingress,
                lambda ingress: {
                    "apiVersion": "networking.k8s.io/v1",
                    "kind": "Ingress",
                    "metadata": meta(annotations=ingress.annotations),
                    "spec": {
                        "ingressClassName": ingress.class_name,
                        "tls": [
                            when(ingress.tls_secret != "", {"secretName": ingress.tls_secret, "hosts": [ingress.host]})
                        ],
                        "rules": [
                            {
                                "host": ingress.host,
                                "http": {
                                    "paths": [
                                        {
                                            "path": ingress.path,
                                            "pathType": "Prefix",
                                            "backend": {
                                                "service": {"name": release.fullname, "port": {"name": "http"}}
                                            },
                                        }
                                    ]
                                },
                            }
                        ],
                    },
                },
            ),
        }

    @staticmethod
    def tests(v, release):
        return {
            "answers": {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": release.name_with("-answers"), "annotations": {"helm.sh/hook": "test"}},
                "spec": {"containers": [{"name": "wget", "image": "busybox:1.37", "args": ["wget", release.fullname]}]},
            }
        }

    @staticmethod
    def notes(v, release):
        return [
            release.fullname + " is installed in namespace " + release.namespace + ".",
            when(v.ingress, lambda ingress: ["It answers at http://" + ingress.host + "."]),
            when(count(v.volumes) > 0, ["It mounts " + to_str(count(v.volumes)) + " claims:"]),
            each(v.volumes, lambda volume: "- " + volume.claim),
        ]
