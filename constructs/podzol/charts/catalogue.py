"""Defines which Helm charts there are, and how a workload becomes one."""

import inspect

from podzol.charts.chart import HelmChart
from podzol.charts.values_table import rows
from podzol.template import defaults, emit, rule_sentences, schema
from podzol.version import VERSION
from podzol.workloads import WORKLOADS
from podzol.workloads.workload import Workload


def all_charts() -> list[HelmChart]:
    """Every Helm chart of this version, in the order of the documentation."""
    return [workload_chart(workload) for workload in WORKLOADS]


def workload_chart(workload: type[Workload]) -> HelmChart:
    """The Helm chart of one workload."""
    values = defaults(workload.Values)
    return HelmChart(
        name=workload.chart,
        description=workload.description(),
        overview=inspect.getdoc(workload) or "",
        version=VERSION,
        app_version=VERSION,
        keywords=workload.keywords,
        links=tuple(workload.links.items()),
        values=values,
        schema=schema(workload.Values),
        rows=tuple(rows(workload.Values, values)),
        templates=emit(workload.tree(), workload.chart),
        rules=tuple(rule_sentences(workload.tree())),
        examples=workload.examples(),
        images=workload.images(),
    )
