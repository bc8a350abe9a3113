"""Every scenario of every Helm chart, with a real Helm: it lints, and what it renders is valid Kubernetes."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from podzol.charts.catalogue import all_charts
from podzol.charts.lint import Scenario, lint_all, scenarios
from podzol.template import read_yaml

pytestmark = pytest.mark.helm

CUSTOM_RESOURCES = {"HTTPRoute"}
"""Kinds that no Kubernetes schema describes; the embedded cluster checks them against their CRDs."""

ROOT = Path(__file__).parents[2]
APPS = sorted(ROOT.glob("apps/*/application.py"))
CASES = [(chart.name, example) for chart in all_charts(APPS) for example in (None, *chart.examples)]
IDS = [f"{chart}-{example.name if example else 'defaults'}" for chart, example in CASES]


def test_every_scenario_lints_strictly(helm: Path, built: Path) -> None:
    lint_all(helm, scenarios(built))


def test_every_example_is_a_scenario(built: Path) -> None:
    found = {(case.chart.name, case.values.read_text()) for case in scenarios(built) if case.values}
    assert {(chart, example.text) for chart, example in CASES if example} <= found


def test_every_helm_chart_has_at_least_three_examples() -> None:
    names = [chart for chart, example in CASES if example]
    assert {name: names.count(name) for name, _ in CASES if names.count(name) < 3} == {}


@pytest.mark.parametrize(("chart", "example"), CASES, ids=IDS)
def test_every_manifest_is_valid_in_the_oldest_and_newest_kubernetes(
    helm: Path, built: Path, kubernetes_faults: Callable[[dict[str, Any], str], list[str]], chart: str, example: Any
) -> None:
    values = built / chart / "ci" / f"{example.name}-values.yaml" if example else None
    faults = []
    for manifest in rendered(helm, Scenario(built / chart, values)):
        if manifest["kind"] not in CUSTOM_RESOURCES:
            for version in ("1.28", "1.37"):
                found = kubernetes_faults(manifest, version)
                faults += [f"{version} {manifest['kind']}: {fault}" for fault in found]
    assert faults == []


def rendered(helm: Path, case: Scenario) -> list[dict[str, Any]]:
    values = ["--values", case.values] if case.values else []
    command = [helm, "template", "soil", case.chart, "--namespace", "my-team", *values]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [read_yaml(text) for text in done.stdout.split("\n---\n") if yaml.compose(text) is not None]
