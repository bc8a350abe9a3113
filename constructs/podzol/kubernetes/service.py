"""Defines: how a Deployment is reached: Service, Ingress, and HTTPRoute of the Gateway API. Does not define: the
ingress controller or the Gateway, which a cluster must have.
Sources, 2026-11-23: https://kubernetes.io/docs/concepts/services-networking/service/ and .../ingress/,
https://gateway-api.sigs.k8s.io/api-types/httproute/ (gateway.networking.k8s.io/v1).
"""

from collections.abc import Iterator
from typing import Any, Literal

from podzol.kubernetes.labels import metadata, selector_labels
from podzol.template import (
    any_of,
    contains,
    each,
    named,
    not_,
    pick,
    present,
    replace,
    rule,
    spread,
    trim_suffix,
    trunc,
    when,
)
from podzol.values import AnnotationKey, DnsLabel, DnsSubdomain, HostName, Port, UrlPath, Values

HTTP = "http"
"""Name of the port, in the container and in the Service."""


class Service(Values):
    """The Service."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    """How it is published: inside the cluster, on each node, or by the cloud's load balancer."""
    port: Port = 80
    """Port that clients connect to."""
    annotations: dict[AnnotationKey, str] = {}
    """Its annotations, such as those that a cloud's load balancer reads."""


class Ingress(Values):
    """An Ingress, for clusters with an ingress controller."""

    enabled: bool = False
    """Whether to make one."""
    class_name: DnsSubdomain | None = None
    """IngressClass (ingressClassName). Unset: the cluster's default."""
    hosts: list[HostName] = []
    """Host names that it answers to."""
    path: UrlPath = "/"
    """Path prefix that it answers to."""
    tls_secret_name: DnsSubdomain | None = None
    """Secret with the certificate for the hosts (tls.secretName). Unset: no TLS."""
    annotations: dict[AnnotationKey, str] = {}
    """Its annotations, such as cert-manager.io/cluster-issuer."""


class HttpRoute(Values):
    """An HTTPRoute, for clusters with a Gateway of the Gateway API."""

    enabled: bool = False
    """Whether to make one."""
    gateway: DnsSubdomain | None = None
    """Name of the Gateway to attach to (parentRefs.name)."""
    gateway_namespace: DnsLabel | None = None
    """Namespace of the Gateway (parentRefs.namespace). Unset: the release's."""
    section_name: DnsSubdomain | None = None
    """Listener of the Gateway (parentRefs.sectionName). Unset: all."""
    hosts: list[HostName] = []
    """Host names that it answers to (hostnames). Empty: the Gateway's."""
    path: UrlPath = "/"
    """Path prefix that it answers to."""


def service_name(release: Any) -> Any:
    """Name of the Service: that of the other objects, made a DNS label that starts with a letter.

    A release may be called `2026.1`; the other objects may, too, but a Service may not before Kubernetes 1.34.
    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names, 2026-11-23.
    """
    label = replace(release.fullname, ".", "-")
    lettered = trim_suffix(trunc("s-" + label, 63), "-")
    starts_with_digit = contains("0123456789", trunc(label, 1))
    return named(
        "serviceName", pick(starts_with_digit, lettered, label), "The Service's name: it starts with a letter."
    )


def service_rules(v: Any) -> Iterator[Any]:
    """Rules between the values of Ingress and HTTPRoute."""
    yield rule(
        any_of(not_(v.ingress.enabled), v.ingress.hosts),
        at=v.ingress.hosts,
        must="name a host when ingress is enabled",
        fix="add one, such as soil.example.org",
    )
    yield rule(
        any_of(not_(v.http_route.enabled), present(v.http_route.gateway)),
        at=v.http_route.gateway,
        must="name a Gateway when httpRoute is enabled",
        fix="set httpRoute.gateway",
    )


def service(v: Any, release: Any) -> dict[str, Any]:
    """The Service, to the container port `http`."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            **metadata(v, release),
            "name": service_name(release),
            "annotations": {...: spread(v.service.annotations)},
        },
        "spec": {
            "type": v.service.type,
            "selector": selector_labels(release),
            "ports": [{"name": HTTP, "port": v.service.port, "targetPort": HTTP, "protocol": "TCP"}],
        },
    }


def ingress(v: Any, release: Any) -> Any:
    """The Ingress, if it is wanted."""
    backend = {"service": {"name": service_name(release), "port": {"name": HTTP}}}
    return when(
        v.ingress.enabled,
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {**metadata(v, release), "annotations": {...: spread(v.ingress.annotations)}},
            "spec": {
                "ingressClassName": v.ingress.class_name,
                "tls": [
                    when(v.ingress.tls_secret_name, lambda secret: {"secretName": secret, "hosts": v.ingress.hosts})
                ],
                "rules": [
                    each(
                        v.ingress.hosts,
                        lambda host: {
                            "host": host,
                            "http": {"paths": [{"path": v.ingress.path, "pathType": "Prefix", "backend": backend}]},
                        },
                    )
                ],
            },
        },
    )


def http_route(v: Any, release: Any) -> Any:
    """The HTTPRoute, if it is wanted."""
    route = v.http_route
    return when(
        route.enabled,
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": metadata(v, release),
            "spec": {
                "parentRefs": [
                    {
                        "name": route.gateway,
                        "namespace": route.gateway_namespace,
                        "sectionName": route.section_name,
                    }
                ],
                "hostnames": route.hosts,
                "rules": [
                    {
                        "matches": [{"path": {"type": "PathPrefix", "value": route.path}}],
                        "backendRefs": [{"name": service_name(release), "port": v.service.port}],
                    }
                ],
            },
        },
    )
