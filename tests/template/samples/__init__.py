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
