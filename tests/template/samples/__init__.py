"""The workloads that the language is tested with: two of its own, and every workload of Podzol."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from podzol.template import Tree, trace
from podzol.workloads import WORKLOADS
from samples.edge import Edge
from samples.web import Web


@dataclass(frozen=True)
class Subject:
    """What an author wrote, under the name of its Helm chart."""

    chart: str
    model: type[BaseModel]
    manifests: Callable[..., Any]
    rules: Callable[..., Any]
    tests: Callable[..., Any] | None = None
    notes: Callable[..., Any] | None = None

    @functools.cached_property
    def tree(self) -> Tree:
        return trace(self.model, self.manifests, self.rules, self.tests, self.notes)

    def __str__(self) -> str:
        return self.chart


WEB = Subject("web", Web.Values, Web.manifests, Web.rules, Web.tests, Web.notes)
EDGE = Subject("edge", Edge.Values, Edge.manifests, Edge.rules, notes=Edge.notes)
SAMPLES = (WEB, EDGE)
SUBJECTS = SAMPLES + tuple(
    Subject(each.chart, each.Values, each.manifests, each.rules, each.tests, each.notes) for each in WORKLOADS
)

CORNERS: dict[str, list[dict[str, Any]]] = {
    "web": [
        {"nameOverride": "n" * 55 + "-m"},
        {"nameOverride": "n" * 54 + "---m", "image": {"tag": "1.20"}, "gpu": {"count": 2}},
        {"fullnameOverride": "f" * 63, "terminationGrace": 0, "minAvailable": 0, "replicas": 0},
        {"replicas": 5_000_000, "autoscaling": {"enabled": False}, "config": {"<<": "&a", "n": "no"}},
    ],
    "edge": [
        {
            "jobs": [
                {
                    "name": "j",
                    "routes": [{"y": False, "weight": None, "hosts": ["h"]}, {"limits": {"note": ""}, "weight": 0}],
                }
            ]
        },
        {"prefix": "abcdefgh", "n": -3, "big": -(10**9), "whole": 0, "f": 1e21, "zero": 0, "maybe": False},
        {
            "flag": False,
            "opt": None,
            "text": "",
            "labels": {"l": "no"},
            "weights": [1e-7, -0.5, 1e6, 123456789012345680.0],
            "zero": None,
        },
        {"n": 2**53 - 1, "tree": {"a": 1.0, "b": [None, {"c": {}}], "d": 1e-7}, "soft": {}, "ports": {"y": 0}},
        {
            "room": {"size": "9999999999Ti", "cores": "0.25", "ladder": ["999k", "1Mi"]},
            "rooms": [{"size": "2G", "limit": "2Gi", "cores": "1.5", "most": 2, "ladder": ["1G", "1Gi"]}],
        },
        {"soft": {"tls": {"secret": "s"}}, "hard": None, "merged": {"a": None, "z": "<&>"}, "kind": "Green"},
    ],
}
"""Value sets that random ones rarely meet."""
