"""Measures the template language: tracing a workload, evaluating one service, and building every Helm chart."""

import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.timing import median_seconds

import podzol

CHARTS_BUILD = Path(__file__).parent / "programs" / "charts_build.py"


def language_figures() -> list[Figure]:
    from podzol.template import evaluate, trace

    service = podzol.CpuAutoscaledService
    values = service.load({})
    context = service.context("soil", "soil")
    tree = service.tree()
    traced = (service.Values, service.manifests, service.rules, service.tests, service.notes)
    evaluate(tree, values, context)
    return [
        Figure(
            name="charts_build_seconds",
            what="all Helm charts built, after imports",
            value=round(statistics.median(_seconds_of_build() for _ in range(5)), 2),
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


def _seconds_of_build() -> float:
    """In a process of its own, since a workload is traced once a process."""
    done = subprocess.run([sys.executable, str(CHARTS_BUILD)], check=True, capture_output=True, text=True)
    return float(done.stdout)
