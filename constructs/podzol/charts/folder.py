"""Defines a chart folder: all its files, and how they are written, compared and cleared.

The folder is owned: whatever isn't generated is removed from it, since a template that an earlier version left behind
would still be installed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podzol.charts import project
from podzol.charts.changelog import Entry
from podzol.charts.chart import Files, HelmChart, scenario_path
from podzol.charts.chart_yaml import chart_yaml
from podzol.charts.readme import readme
from podzol.charts.values_yaml import values_yaml
from podzol.faults import Fault, UserError
from podzol.generated import own

HELMIGNORE = """\
# Not part of the package: the scenarios of chart-testing, and what editors and systems leave behind.
.git/
.DS_Store
*.swp
*.tmp
*.orig
ci/
"""


def files(chart: HelmChart, entry: Entry) -> Files:
    """Every file of the chart's folder."""
    return {
        "Chart.yaml": chart_yaml(chart, entry),
        "values.yaml": values_yaml(chart.name, chart.schema, chart.values),
        "values.schema.json": schema_json(chart.schema),
        **chart.templates,
        **subchart_files(chart, entry),
        **{scenario_path(example): example.text for example in chart.examples},
        "README.md": readme(chart),
        "LICENSE": project.license_text(),
        ".helmignore": HELMIGNORE,
    }


HELM_NEEDS = ("Chart.yaml", "values.yaml", "values.schema.json", "templates/")
"""Of a dependency's folder, what an install reads; its README and scenarios stay with the Helm chart itself."""


def subchart_files(chart: HelmChart, entry: Entry) -> Files:
    """The folders of the dependencies under the chart's own `charts/`, so that it installs without a network."""
    return {
        f"charts/{subchart.name}/{path}": text
        for subchart in chart.subcharts
        for path, text in files(subchart, entry).items()
        if path.startswith(HELM_NEEDS)
    }


def packaged(files: Mapping[str, str]) -> Files:
    """The files that go into the package: all but what .helmignore leaves out."""
    return {path: text for path, text in files.items() if not path.startswith("ci/")}


def schema_json(schema: Mapping[str, Any]) -> str:
    """ASCII, so that the file is the same for every reader."""
    return json.dumps(schema, indent=2) + "\n"


def write(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Make the folder hold exactly these files; gives what was written or removed, as paths inside it.

    Raises:
        UserError: the folder is there, not empty, and isn't a Helm chart. Nothing is written then.
    """
    refuse_foreign(folder)
    return own(folder, files)


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that someone else filled: what isn't generated would be removed from it."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "Chart.yaml").is_file():
        rule = "must be a chart folder or empty: what isn't generated is removed from it"
        raise UserError([Fault(str(folder), rule, fix="choose another folder with --out")])
