"""Defines: what may reach a workload's pods and what they may reach. Does not define: the namespace's default deny.
Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/, 2026-11-23.
"""

from typing import Any

from podzol.kubernetes.labels import metadata, selector_labels
from podzol.template import spread, when
from podzol.values import Values

DNS = {
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    "to": [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}},
        {"ipBlock": {"cidr": "169.254.20.10/32"}},
    ],
}
"""Egress to the cluster's name server, and to its cache on the node where there is one. Kubernetes sets the label on
every namespace. Source of the address: https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/,
2026-11-23."""


class NetworkPolicy(Values):
    """A NetworkPolicy of the pods. Clusters without a network plugin that enforces policies ignore it."""

    enabled: bool = True
    """Whether to make one."""
    allow_from: list[dict[str, Any]] = []
    """Peers that may connect to the pods' ports, as Kubernetes spells them (ingress.from). Empty: anyone."""
    restrict_egress: bool = False
    """Whether the pods may connect only to the name server and to `allowTo`."""
    allow_to: list[dict[str, Any]] = []
    """What the pods may connect to if egress is restricted, as Kubernetes spells it (egress)."""


def network_policy(v: Any, release: Any, ports: tuple[Any, ...] = (), peers: tuple[Any, ...] = ()) -> Any:
    """The NetworkPolicy, if it is wanted. `v` has `network_policy`.

    Args:
        v: the workload's values.
        release: the release.
        ports: the container ports that peers may reach; none means that nobody may connect.
        peers: who may always connect, also where `allow_from` names others.
    """
    policy = v.network_policy
    reach = {
        "from": when(policy.allow_from, [*peers, spread(policy.allow_from)]),
        "ports": [{"protocol": "TCP", "port": port} for port in ports],
    }
    return when(
        policy.enabled,
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": metadata(v, release),
            "spec": {
                "podSelector": {"matchLabels": selector_labels(release)},
                "policyTypes": ["Ingress", when(policy.restrict_egress, "Egress")],
                "ingress": [reach] if ports else [],
                "egress": when(policy.restrict_egress, [DNS, spread(policy.allow_to)]),
            },
        },
    )
