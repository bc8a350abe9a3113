"""Defines `HelmChart`: what the files of a chart folder are made of. Does not define the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podzol.charts.values_table import Row
from podzol.workloads.workload import Example

Files = dict[str, str]
"""Path inside a chart folder -> text."""


@dataclass(frozen=True)
class HelmChart:
    """One Helm chart, before its files are written.

    `description` is one sentence, `overview` the Markdown under the title of the README. `values` is the content of
    values.yaml, `schema` that of values.schema.json, which also carries every description, `rows` the README's table.
    `rules` are sentences. `images` are the container images of the defaults. `dependencies`
    are entries of Chart.yaml, and `subcharts` the Helm charts they stand for, which lie in its own `charts/`.
    """

    name: str
    description: str
    overview: str
    version: str
    app_version: str
    keywords: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]
    schema: Mapping[str, Any]
    rows: tuple[Row, ...]
    templates: Files
    rules: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    images: tuple[str, ...] = ()
    dependencies: tuple[Mapping[str, Any], ...] = ()
    subcharts: "tuple[HelmChart, ...]" = ()


def scenario_path(example: Example) -> str:
    """Where an example lies in the chart folder; `ct lint` and `ct install` of chart-testing look there."""
    return f"ci/{example.name}-values.yaml"
