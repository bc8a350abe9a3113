"""Defines where a load shows: the expression of kwok's ClusterResourceUsage `idle`, behind metrics-server's figures.

There is one such object: of several that match a pod kwok takes any (its store has no order). So every load has a
section of its own at the front of the expression, and whoever drives one replaces it and leaves the others.
Source: https://kwok.sigs.k8s.io/docs/user/resource-usage-configuration/ and pkg/kwok/server of v0.8.0 (2026-11-23).
"""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

PATH = "apis/kwok.x-k8s.io/v1alpha1/clusterresourceusages/idle"
"""Of the API; manifests/metrics.yaml makes it."""


class Used(NamedTuple):
    """What a pod uses."""

    pod: str
    container: str
    cpu_milli: int


def with_load(expression: str, namespace: str, service: str, used: Iterable[Used]) -> str:
    """The expression with this load's section in the place of what it had; nothing used removes it."""
    rest = re.sub(rf"(?s)// load {re.escape(namespace)}/{re.escape(service)}\n.*?// end\n", "", expression)
    alike: dict[tuple[str, int], list[str]] = {}
    for each in used:
        alike.setdefault((each.container, each.cpu_milli), []).append(each.pod)
    if not alike:
        return rest
    clauses = "".join(
        f"pod.metadata.namespace == {json.dumps(namespace)} && pod.metadata.name in {json.dumps(sorted(pods))}"
        f' && container.name == {json.dumps(container)} ? Quantity("{milli}m") :\n'
        for (container, milli), pods in sorted(alike.items())
    )
    return f"// load {namespace}/{service}\n{clauses}// end\n{rest}"
