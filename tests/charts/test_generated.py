"""What is committed is what the workloads make, and every Helm chart is complete."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from podzol.charts import build
from podzol.charts.catalogue import all_charts
from podzol.charts.chart import Files, HelmChart
from podzol.template import read_yaml
from podzol.version import VERSION
from podzol.workloads import WORKLOADS

ROOT = Path(__file__).parents[2]
CHARTS = {chart.name: chart for chart in all_charts(sorted(ROOT.glob("apps/*/application.py")))}
FOLDERS = build.folders(list(CHARTS.values()), ROOT / "CHANGELOG.md")


@pytest.fixture(params=CHARTS.values(), ids=CHARTS)
def chart(request: pytest.FixtureRequest) -> HelmChart:
    found: HelmChart = request.param
    return found


@pytest.fixture
def files(chart: HelmChart) -> Files:
    return FOLDERS[chart.name]


def test_committed_helm_charts_are_what_the_workloads_make() -> None:
    build.check(ROOT / "charts", FOLDERS)


def test_committed_packages_are_what_the_workloads_make() -> None:
    """After a change: raise VERSION once this version is released; before that, remove dist/charts and package anew."""
    build.check_packages(ROOT / "dist" / "charts", list(CHARTS.values()), ROOT / "CHANGELOG.md")


def test_every_workload_and_every_app_has_a_helm_chart() -> None:
    assert CHARTS.keys() == {*(workload.chart for workload in WORKLOADS), "soil-platform"}


def test_values_yaml_is_the_defaults(chart: HelmChart, files: Files) -> None:
    assert read_yaml(files["values.yaml"]) == chart.values


def test_every_value_and_section_has_a_comment(chart: HelmChart, files: Files) -> None:
    assert files["values.yaml"].count("# -- ") == count_of_keys(chart.values)


def count_of_keys(values: Any) -> int:
    return len(values) + sum(count_of_keys(value) for value in values.values() if isinstance(value, dict))


def test_readme_lists_every_leaf_value_with_its_default(chart: HelmChart, files: Files) -> None:
    for path, default in leaves(chart.values):
        (row,) = [line for line in files["README.md"].splitlines() if line.startswith(f"| `{path}` |")]
        assert f"`{json.dumps(default, ensure_ascii=False)}`".replace("|", "\\|") in " ".join(row.split())


def leaves(values: Any, prefix: str = "") -> list[tuple[str, Any]]:
    found = []
    for key, value in values.items():
        found += leaves(value, f"{prefix}{key}.") if isinstance(value, dict) and value else [(prefix + key, value)]
    return found


def test_readme_installs_every_example_from_a_file_that_is_there(chart: HelmChart, files: Files) -> None:
    paths = re.findall(
        rf"^helm install \S+ charts/{chart.name} -f charts/{chart.name}/(\S+)$", files["README.md"], re.M
    )
    assert len(paths) == len(chart.examples) >= 3
    assert set(paths) <= files.keys()


def test_schema_refers_to_nothing_outside_itself(files: Files) -> None:
    schema = json.loads(files["values.schema.json"])
    Draft7Validator.check_schema(schema)
    assert set(re.findall(r'"\$ref": "([^"]*)"', files["values.schema.json"])) <= {"#/definitions/tree"}


def test_annotations_are_text_that_holds_yaml(files: Files) -> None:
    chart_yaml = yaml.safe_load(files["Chart.yaml"])
    assert (chart_yaml["version"], chart_yaml["appVersion"]) == (VERSION, VERSION)
    annotations = {key.removeprefix("artifacthub.io/"): value for key, value in chart_yaml["annotations"].items()}
    assert all(isinstance(value, str) for value in annotations.values())
    assert all(set(change) == {"kind", "description"} for change in yaml.safe_load(annotations["changes"]))
    assert all(set(image) == {"name", "image"} for image in yaml.safe_load(annotations.get("images", "[]")))


def test_notes_say_what_to_do_next(files: Files) -> None:
    assert re.search(r"^ *(kubectl|helm|curl) ", files["templates/NOTES.txt"], flags=re.MULTILINE)


def test_a_service_brings_a_test(chart: HelmChart, files: Files) -> None:
    if "templates/service.yaml" in files:
        assert any(path.startswith("templates/tests/") for path in files), chart.name
