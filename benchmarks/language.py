"""Measures the template language: tracing a workload, evaluating one service, and building every Helm chart."""

from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.timing import median_seconds

import podzol


def language_figures() -> list[Figure]:
    from podzol.charts.build import folders
    from podzol.charts.catalogue import all_charts
    from podzol.template import evaluate, trace

    service = podzol.CpuAutoscaledService
    values = service.load({})
    context = service.context("soil", "soil")
    tree = service.tree()
    traced = (service.Values, service.manifests, service.rules, service.tests, service.notes)
    apps = sorted(Path("apps").glob("*/application.py"))
    evaluate(tree, values, context)
    return [
        Figure(
            name="charts_build_seconds",
            what="all Helm charts built, traced anew, after imports",
            value=round(median_seconds(lambda: _built(folders, all_charts, apps), 5), 2),
            unit="seconds",
            target=1.0,
        ),
        Figure(
            name="trace_milliseconds",
            what="CpuAutoscaledService traced, once a process",
            value=round(median_seconds(lambda: trace(*traced), 21) * 1000, 1),
            unit="milliseconds",
            target=100.0,
        ),
        Figure(
            name="evaluate_milliseconds",
            what="one CpuAutoscaledService evaluated",
            value=round(median_seconds(lambda: evaluate(tree, values, context), 201) * 1000, 3),
            unit="milliseconds",
            target=0.5,
        ),
    ]
