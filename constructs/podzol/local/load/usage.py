"""Defines where a load shows: the expression of kwok's ClusterResourceUsage `idle`, behind metrics-server's figures.

There is one such object: of several that match a pod kwok takes any (its store has no order). So every load has a
section of its own at the front of the expression, and whoever drives one replaces it and leaves the others. A section
counts for a short time only, by the clock of kwok: a load whose driver was killed ends by itself.
Source: https://kwok.sigs.k8s.io/docs/user/resource-usage-configuration/, pkg/kwok/server and pkg/utils/cel of v0.8.0
(2026-11-23).
"""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

PATH = "apis/kwok.x-k8s.io/v1alpha1/clusterresourceusages/idle"
"""Of the API; manifests/metrics.yaml makes it."""
LAST_SECONDS = 20
"""How long a section counts at least without being renewed."""
RENEW_SECONDS = 10
"""How often it is renewed: each time it is another expression, which kwok compiles."""
SECTION = re.compile(r"(?s)// load (?P<service>\S+) until (?P<until>\d+)\n.*?// end\n")


class Used(NamedTuple):
    """What a pod uses."""

    pod: str
    container: str
    cpu_milli: int


def with_load(expression: str, namespace: str, service: str, used: Iterable[Used], now: float) -> str:
    """The expression with this load's section in the place of what it had; nothing used removes it.

    Args:
        now: seconds since 1970. Other loads' sections that count no longer are removed too.
    """
    alike: dict[tuple[str, int], list[str]] = {}
    for each in used:
        alike.setdefault((each.container, each.cpu_milli), []).append(each.pod)
    others = [found[0] for found in counting(expression, now) if found["service"] != f"{namespace}/{service}"]
    rest = "".join(others) + SECTION.sub("", expression)
    if not alike:
        return rest
    until = int(now) // RENEW_SECONDS * RENEW_SECONDS + RENEW_SECONDS + LAST_SECONDS
    clauses = "".join(
        f"UnixSecond(Now()) < {until}.0"
        f" && pod.metadata.namespace == {json.dumps(namespace)} && pod.metadata.name in {json.dumps(sorted(pods))}"
        f' && container.name == {json.dumps(container)} ? Quantity("{milli}m") :\n'
        for (container, milli), pods in sorted(alike.items())
    )
    return f"// load {namespace}/{service} until {until}\n{clauses}// end\n{rest}"


def is_loaded(expression: str, namespace: str, service: str, now: float) -> bool:
    """Whether a load is on the service already."""
    return any(found["service"] == f"{namespace}/{service}" for found in counting(expression, now))


def counting(expression: str, now: float) -> list[re.Match[str]]:
    """The sections that count still."""
    return [found for found in SECTION.finditer(expression) if int(found["until"]) > now]
