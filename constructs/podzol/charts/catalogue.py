"""Defines which Helm charts there are, and how a workload becomes one."""

import inspect
from collections.abc import Iterable
from pathlib import Path

from podzol.charts.chart import HelmChart
from podzol.charts.umbrella import umbrella_chart
from podzol.charts.values_table import rows
from podzol.template import defaults, emit, rule_sentences, schema
from podzol.version import VERSION
from podzol.workloads import WORKLOADS
from podzol.workloads.platform import platforms_in
from podzol.workloads.workload import Workload, examples_in


def all_charts(apps: Iterable[Path] = ()) -> list[HelmChart]:
    """Every Helm chart of this version: the workloads' in the order of the documentation, then the platforms'.

    Args:
        apps: Python files that define platforms; their examples are `examples/<platform>/<case>-values.yaml` beside.

    Raises:
        UserError, Failure: what `platforms_in` refuses.
    """
    charts = {workload.chart: workload_chart(workload) for workload in WORKLOADS}
    for app in apps:
        for platform in platforms_in(app):
            examples = examples_in(app.parent / "examples" / platform.name)
            charts[platform.name] = umbrella_chart(platform, charts, examples)
    return list(charts.values())


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
