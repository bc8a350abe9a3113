"""values.yaml: the defaults and nothing else, each under its own description."""

import pytest

from podzol.charts.catalogue import workload_chart
from podzol.charts.chart import HelmChart
from podzol.charts.values_yaml import scalar, values_yaml
from podzol.template import read_yaml
from podzol.workloads.workload import Workload


@pytest.fixture(scope="module")
def chart(greeter: type[Workload]) -> HelmChart:
    return workload_chart(greeter)


@pytest.fixture(scope="module")
def text(chart: HelmChart) -> str:
    return values_yaml(chart.name, chart.schema, chart.values)


def test_reads_back_as_the_defaults(chart: HelmChart, text: str) -> None:
    assert read_yaml(text) == chart.values


def test_names_its_schema_for_editors(text: str) -> None:
    assert text.startswith("# yaml-language-server: $schema=values.schema.json\n")


def test_every_description_stands_above_its_value_line_by_line(text: str) -> None:
    assert '\n\n# -- What it says.\n#\n# Text that YAML 1.1 would take for a boolean.\ngreeting: "yes"\n' in text


def test_sections_indent_and_lists_keep_their_text(text: str) -> None:
    assert "\ndoor:\n  # -- Whether it is open.\n  open: true\n" in text
    assert '\nlines:\n  - "- one"\n  - "two: 2"\n' in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("registry.k8s.io/pause", "registry.k8s.io/pause"),
        ("Always", "Always"),
        ("yes", '"yes"'),
        ("null", '"null"'),
        ("y", '"y"'),
        ("1e3", '"1e3"'),
        ("a: b", '"a: b"'),
        ("line\nbreak", '"line\\nbreak"'),
        ("", '""'),
        (0, "0"),
        (0.5, "0.5"),
        (True, "true"),
        (None, "null"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_scalars_stand_in_quotes_where_yaml_could_take_them_for_something_else(value: object, expected: str) -> None:
    assert scalar(value) == expected
    assert read_yaml(scalar(value)) == value
