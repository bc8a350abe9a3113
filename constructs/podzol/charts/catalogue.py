"""Defines which Helm charts there are, and how a workload becomes one."""

import inspect
from collections.abc import Iterable
from pathlib import Path

from podzol.charts.chart import HelmChart
from podzol.charts.umbrella import umbrella_chart
from podzol.charts.values_table import rows
from podzol.faults import Fault, UserError
from podzol.template import defaults, emit, rule_sentences, schema
from podzol.version import VERSION
from podzol.workloads import WORKLOADS
from podzol.workloads.platform import platforms_in
from podzol.workloads.workload import Workload, examples_in


def all_charts(apps: Iterable[Path] = ()) -> list[HelmChart]:
    """Every Helm chart of this version: the workloads' in the order of the documentation, then the platforms'.

    Args:
        apps: Python files that define platforms; their examples are `examples/<platform>/<case>-values.yaml` beside. A
            workload of one's own that a platform uses becomes a Helm chart too.

    Raises:
        UserError: two Helm charts of one name, or what a platform or an umbrella refuses. Failure: as `platforms_in`.
    """
    platforms = [(app, platform) for app in apps for platform in platforms_in(app)]
    used = (part.workload for _, platform in platforms for part in platform.parts)
    workloads = list(dict.fromkeys([*WORKLOADS, *used]))
    names = [*(workload.chart for workload in workloads), *(platform.name for _, platform in platforms)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(Fault(name, "must be the name of one Helm chart only", fix="rename one") for name in twice)
    charts = {workload.chart: workload_chart(workload) for workload in workloads}
    umbrellas = [
        umbrella_chart(platform, charts, examples_in(app.parent / "examples" / platform.name))
        for app, platform in platforms
    ]
    return [*charts.values(), *umbrellas]


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
