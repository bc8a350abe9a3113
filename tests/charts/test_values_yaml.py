"""values.yaml: the defaults and nothing else, each under its own description."""

import pytest

from podzol.charts.catalogue import workload_chart
from podzol.charts.chart import HelmChart
from podzol.charts.values_yaml import values_yaml
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
        ("registry.k8s.io/pause", "a: registry.k8s.io/pause\n"),
        ("yes", 'a: "yes"\n'),
        ("1e3", 'a: "1e3"\n'),
        ("b: c", 'a: "b: c"\n'),
        ("", 'a: ""\n'),
        ("echo one\n\necho two\n", "a: |\n  echo one\n\n  echo two\n"),
        ("trailing space \n  indent\nend", "a: |-\n  trailing space \n    indent\n  end\n"),
        ("echo one\necho two", "a: |-\n  echo one\n  echo two\n"),
        ("\ttab\nand\n\n", 'a: "\\ttab\\nand\\n\\n"\n'),
        (0.5, "a: 0.5\n"),
        (None, "a: null\n"),
        ([], "a: []\n"),
        ({}, "a: {}\n"),
        (["one\ntwo\n", {"b": ["c"], "d": 1}], "a:\n  - |\n    one\n    two\n  - b:\n      - c\n    d: 1\n"),
        ({"b": {"yes": 1}}, 'a:\n  b:\n    "yes": 1\n'),
    ],
)
def test_every_kind_of_default_reads_back_and_reads_well(value: object, expected: str) -> None:
    text = values_yaml("greeter", {"properties": {}}, {"a": value})
    assert text.partition("\n\n")[2] == expected
    assert read_yaml(text) == {"a": value}
