"""Defines README.md of a Helm chart: how to install it, the worked examples, the rules, the table of values."""

from podzol.charts import project
from podzol.charts.chart import HelmChart, scenario_path
from podzol.charts.values_table import table
from podzol.workloads.workload import Example


def readme(chart: HelmChart) -> str:
    """The text of README.md, in Markdown."""
    sections = [
        f"# {chart.name}",
        chart.overview.strip(),
        f"Version {chart.version}, for Kubernetes {project.KUBE_VERSION.removesuffix('-0')}. Generated: an edit is lost.",
        "## Install",
        install(chart),
        "## Worked examples",
        *(worked_example(chart, example) for example in chart.examples),
        "## Rules between values",
        rules(chart),
        "## Values",
        table(chart.rows),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def install(chart: HelmChart) -> str:
    repository = f"{project.REPOSITORY_NAME}/{chart.name}"
    return _fenced(
        "sh",
        f"helm repo add {project.REPOSITORY_NAME} {project.REPOSITORY_URL}\n"
        f"helm install my-release {repository} --version {chart.version} --namespace my-team -f my-values.yaml",
    )


def worked_example(chart: HelmChart, example: Example) -> str:
    """The example's title, its values, and the command that installs them from the repository's own folder."""
    return "\n\n".join(
        [
            f"### {example.title}",
            _fenced("yaml", example.text.strip()),
            _fenced(
                "sh", f"helm install my-release charts/{chart.name} -f charts/{chart.name}/{scenario_path(example)}"
            ),
        ]
    )


def rules(chart: HelmChart) -> str:
    if not chart.rules:
        return "There are none: `values.schema.json` checks each value by itself."
    intro = "`values.schema.json` checks each value by itself. `helm install` also refuses what breaks these:"
    return "\n".join([intro, "", *(f"- {rule}" for rule in chart.rules)])


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"
