"""Defines: CpuAutoscaledService, a stateless HTTP service that grows and shrinks with its CPU use. Does not define:
nodes to grow on (`podzol.clusters`), nor a place for data that must outlive a pod (`dataset_volume.py`).
Sources, 2026-11-23: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/ and
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.kubernetes.container import Image, Probe, Requests, Resources, image_reference, main_container, probe
from podzol.kubernetes.eviction import MAY_EVICT
from podzol.kubernetes.horizontal_pod_autoscaler import Autoscaling, autoscaling_rules, horizontal_pod_autoscaler
from podzol.kubernetes.labels import TEST_HOOK, metadata, object_name, selector_labels, test_labels
from podzol.kubernetes.network_policy import NetworkPolicy, network_policy
from podzol.kubernetes.pod import PodValues, pod_rules, pod_template
from podzol.kubernetes.pod_disruption_budget import PodDisruptionBudget, pod_disruption_budget
from podzol.kubernetes.security import container_security_context, pod_security_context
from podzol.kubernetes.service import (
    HTTP,
    HttpRoute,
    Ingress,
    Service,
    http_route,
    ingress,
    service,
    service_name,
    service_rules,
)
from podzol.kubernetes.service_account import service_account
from podzol.kubernetes.topology_spread import TopologySpread, topology_spread_constraints
from podzol.kubernetes.volumes import config_map
from podzol.template import any_of, each, not_, or_else, pick, rule, to_str, when
from podzol.values import Port, Seconds
from podzol.workloads.workload import Workload

PODINFO = Image(repository="ghcr.io/stefanprodan/podinfo", tag="6.9.1")
"""A small public web service that runs as any user on a read-only file system and answers on port 9898; has `sleep` and
`curl`. Source: https://github.com/stefanprodan/podinfo, 2026-11-23."""


class CpuAutoscaledServiceValues(PodValues):
    """Values of a CpuAutoscaledService."""

    image: Image = PODINFO
    """Container image of the service."""
    port: Port = 9898
    """Port that the container listens on; from 1024 up, since it doesn't run as root."""
    replicas: Annotated[int, Field(ge=0, le=1000)] = 1
    """Replicas while autoscaling is off (replicas)."""
    resources: Resources = Resources(requests=Requests(cpu="100m", memory="128Mi"))
    """CPU, memory and disk. CPU and memory requests are required: autoscaling measures use against the request."""
    autoscaling: Autoscaling = Autoscaling()
    """The HorizontalPodAutoscaler."""
    startup_probe: Probe = Probe(path="/healthz", period_seconds=2, failure_threshold=60)
    """Whether the service has started; until it has, the other probes wait, and after the last failure it restarts."""
    readiness_probe: Probe = Probe(path="/readyz", period_seconds=5)
    """Whether a pod gets requests."""
    liveness_probe: Probe = Probe(path="/healthz", period_seconds=10, timeout_seconds=5, failure_threshold=6)
    """Whether a pod is restarted; slow to act, since a pod at its CPU limit answers late and isn't broken."""
    termination_grace_period_seconds: Seconds = 30
    """Seconds from SIGTERM to SIGKILL, the pause below included (terminationGracePeriodSeconds)."""
    pre_stop_sleep_seconds: Annotated[Seconds, Field(le=3600)] = 5
    """Seconds to go on serving before SIGTERM, while clients and load balancers learn that the pod leaves. 0: none."""
    pre_stop_handler: Literal["exec", "sleep"] = "exec"
    """Who pauses: `sleep` of the image (exec), or the kubelet (sleep; needs no program, but Kubernetes 1.30)."""
    pod_disruption_budget: PodDisruptionBudget = PodDisruptionBudget()
    """The PodDisruptionBudget."""
    topology_spread: TopologySpread = TopologySpread()
    """Spread of the pods over zones and hosts."""
    service: Service = Service()
    """The Service."""
    ingress: Ingress = Ingress()
    """An Ingress."""
    http_route: HttpRoute = HttpRoute()
    """An HTTPRoute of the Gateway API."""
    network_policy: NetworkPolicy = NetworkPolicy()
    """A NetworkPolicy: only the service's port can be reached."""
    test_image: Image = PODINFO
    """Image with `curl` for the pod of `helm test`."""


class CpuAutoscaledService(Workload):
    """A stateless HTTP service that scales with its CPU use: Deployment, Service and HorizontalPodAutoscaler."""

    Values = CpuAutoscaledServiceValues
    keywords = ("autoscaling", "hpa", "service", "http", "deployment", "inference")
    links = {
        "HorizontalPodAutoscaler": "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
        "podinfo": "https://github.com/stefanprodan/podinfo",
    }

    @staticmethod
    def rules(v: CpuAutoscaledServiceValues) -> Iterator[Any]:
        yield from pod_rules(v)
        yield from autoscaling_rules(v.autoscaling)
        yield from service_rules(v)
        yield rule(
            v.port >= 1024,
            at=v.port,
            must="be at least 1024, as the container doesn't run as root",
            fix="let the program listen on 8080, say; clients still see service.port",
        )
        yield rule(
            any_of(v.pre_stop_sleep_seconds == 0, v.pre_stop_sleep_seconds < v.termination_grace_period_seconds),
            at=v.pre_stop_sleep_seconds,
            must="be less than terminationGracePeriodSeconds",
            fix="lower preStopSleepSeconds or raise terminationGracePeriodSeconds",
        )

    @staticmethod
    def manifests(v: CpuAutoscaledServiceValues, release: Any) -> dict[str, Any]:
        return {
            "serviceaccount": service_account(v, release),
            "configmap": config_map(v, release),
            "deployment": deployment(v, release),
            "service": service(v, release),
            "hpa": horizontal_pod_autoscaler(v, release),
            "poddisruptionbudget": pod_disruption_budget(v, release),
            "networkpolicy": network_policy(
                v, release, ports=(HTTP,), peers=({"podSelector": {"matchLabels": test_labels(release)}},)
            ),
            "ingress": ingress(v, release),
            "httproute": http_route(v, release),
        }

    @staticmethod
    def tests(v: CpuAutoscaledServiceValues, release: Any) -> dict[str, Any]:
        return {"test-connection": connection_test(v, release)}

    @staticmethod
    def notes(v: CpuAutoscaledServiceValues, release: Any) -> list[Any]:
        name, namespace = release.fullname, " --namespace " + release.namespace
        return [
            name + " runs in the namespace " + release.namespace + ".",
            "",
            "Watch it start, and then scale:",
            "  kubectl rollout status deployment/" + name + namespace,
            when(v.autoscaling.enabled, "  kubectl get hpa " + name + namespace + " --watch"),
            "Reach it from here:",
            "  kubectl port-forward service/" + service_name(release) + " 8080:" + to_str(v.service.port) + namespace,
            "  curl http://localhost:8080" + or_else(v.readiness_probe.path, "/"),
            when(
                v.ingress.enabled,
                each(
                    v.ingress.hosts,
                    lambda host: (
                        pick(v.ingress.tls_secret_name, "Or at https://", "Or at http://") + host + v.ingress.path
                    ),
                ),
            ),
            "Check the Service from inside the cluster:",
            "  helm test " + release.name + namespace,
            when(
                v.autoscaling.enabled,
                [
                    "",
                    "Autoscaling reads CPU use from the metrics server; if TARGETS stays <unknown>, see whether",
                    "`kubectl top pods` answers.",
                ],
            ),
        ]


def deployment(v: CpuAutoscaledServiceValues, release: Any) -> dict[str, Any]:
    """The Deployment. It names no replicas while an autoscaler owns the number: each upgrade would reset it."""
    container = main_container(
        v,
        ports=[{"name": HTTP, "containerPort": v.port, "protocol": "TCP"}],
        startupProbe=probe(v.startup_probe, HTTP),
        readinessProbe=probe(v.readiness_probe, HTTP),
        livenessProbe=probe(v.liveness_probe, HTTP),
        lifecycle=when(v.pre_stop_sleep_seconds > 0, {"preStop": pre_stop(v)}),
    )
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(v, release),
        "spec": {
            "replicas": when(not_(v.autoscaling.enabled), v.replicas),
            "selector": {"matchLabels": selector_labels(release)},
            "template": pod_template(
                v,
                release,
                container,
                annotations=MAY_EVICT,
                terminationGracePeriodSeconds=v.termination_grace_period_seconds,
                topologySpreadConstraints=topology_spread_constraints(v.topology_spread, release),
            ),
        },
    }


def pre_stop(v: CpuAutoscaledServiceValues) -> dict[Any, Any]:
    """The pause before SIGTERM: without it, requests still arrive at a program that is shutting down."""
    seconds = v.pre_stop_sleep_seconds
    by_kubelet = {"sleep": {"seconds": seconds}}
    by_image = {"exec": {"command": ["sleep", to_str(seconds)]}}
    return {...: when(v.pre_stop_handler == "sleep", by_kubelet, by_image)}


def connection_test(v: CpuAutoscaledServiceValues, release: Any) -> dict[str, Any]:
    """The pod of `helm test`: asks the Service until it answers, for up to a minute. Its labels aren't the selector's:
    it must not become a pod of the Service."""
    url = "http://" + service_name(release) + ":" + to_str(v.service.port) + or_else(v.readiness_probe.path, "/")
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": object_name(release, "-test"),
            "namespace": release.namespace,
            "labels": test_labels(release),
            "annotations": TEST_HOOK,
        },
        "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "securityContext": pod_security_context(v.security_context),
            "imagePullSecrets": [each(v.image_pull_secrets, lambda secret: {"name": secret})],
            "containers": [
                {
                    "name": "curl",
                    "image": image_reference(v.test_image),
                    "imagePullPolicy": v.test_image.pull_policy,
                    "command": ["curl", "--fail", "--silent", "--show-error", "--max-time", "5"],
                    "args": ["--retry", "12", "--retry-delay", "5", "--retry-all-errors", url],
                    "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "32Mi"}},
                    "securityContext": container_security_context(v.security_context),
                }
            ],
        },
    }
