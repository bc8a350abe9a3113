"""Defines Chart.yaml.

Source of the fields: https://helm.sh/docs/topics/charts/#the-chartyaml-file (2026-11-23), of the annotations:
https://artifacthub.io/docs/topics/annotations/helm/ (2026-11-23). An annotation's value is text that holds YAML.
"""

from dataclasses import asdict
from typing import Any

import yaml

from podzol.charts import project
from podzol.charts.changelog import Entry
from podzol.charts.chart import HelmChart


class _Quoted(str):
    """Text that stands in quotes even where YAML needs none: `appVersion: "1.10"` must never become a number."""


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a block, and indents lists as Helm's own files do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if isinstance(text, _Quoted) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Quoted, _text)


def chart_yaml(chart: HelmChart, entry: Entry) -> str:
    """The text of Chart.yaml; `entry` is the changelog's entry of the chart's version."""
    metadata: dict[str, Any] = {
        "apiVersion": "v2",
        "name": chart.name,
        "description": chart.description,
        "type": "application",
        "version": chart.version,
        "appVersion": _Quoted(chart.app_version),
        "kubeVersion": _Quoted(project.KUBE_VERSION),
        "home": project.HOME,
        "sources": list(project.SOURCES),
        "icon": project.ICON,
        "keywords": list(chart.keywords),
        "maintainers": [dict(maintainer) for maintainer in project.MAINTAINERS],
        "dependencies": [dict(dependency) for dependency in chart.dependencies],
        "annotations": annotations(chart, entry),
    }
    return dump({key: value for key, value in metadata.items() if value != []})


def annotations(chart: HelmChart, entry: Entry) -> dict[str, str]:
    """Artifact Hub's annotations, those that say something about this chart."""
    found = {
        "artifacthub.io/category": project.CATEGORY,
        "artifacthub.io/changes": [asdict(change) for change in entry.changes],
        "artifacthub.io/images": [{"name": _image_name(image), "image": image} for image in chart.images],
        "artifacthub.io/license": project.LICENSE_NAME,
        "artifacthub.io/links": [{"name": name, "url": url} for name, url in chart.links],
        "artifacthub.io/prerelease": "true" if "-" in chart.version else "false",
    }
    return {key: value if isinstance(value, str) else dump(value) for key, value in found.items() if value}


def dump(content: Any) -> str:
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)


def _image_name(image: str) -> str:
    """`registry.k8s.io/e2e-test-images/agnhost:2.53` is called `agnhost`."""
    return image.rpartition("/")[2].partition("@")[0].partition(":")[0]
