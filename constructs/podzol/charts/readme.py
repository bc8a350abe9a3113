"""Defines README.md of a Helm chart: how to install it, the worked examples, the rules, the table of values."""

from podzol.charts import project
from podzol.charts.chart import HelmChart, scenario_path
from podzol.charts.values_table import table
from podzol.workloads.workload import Example


def readme(chart: HelmChart) -> str:
    """The text of README.md, in Markdown."""
    kubernetes = project.KUBE_VERSION.removeprefix(">=").removesuffix(".0-0")
    sections = [
        f"# {chart.name}",
        chart.overview.strip(),
        f"Version {chart.version}, for Kubernetes {kubernetes} and newer. This file is generated.",
        "## Install",
        install(chart),
        *(["## Worked examples"] if chart.examples else []),
        *(worked_example(chart, example) for example in chart.examples),
        "## Rules between values",
        rules(chart),
        "## Values",
        table(chart.rows),
    ]
    return "\n\n".join(sections) + "\n"


def install(chart: HelmChart) -> str:
    repository = f"{project.REPOSITORY_NAME}/{chart.name}"
    return _fenced(
        "sh",
        f"helm repo add {project.REPOSITORY_NAME} {project.REPOSITORY_URL}\n"
        f"helm install my-release {repository} --version {chart.version} --namespace my-team -f my-values.yaml",
    )


def worked_example(chart: HelmChart, example: Example) -> str:
    """The example's title, its values, and the command that installs them from the project's own folder."""
    folder = f"charts/{chart.name}"
    command = f"helm install my-release {folder} -f {folder}/{scenario_path(example)}"
    values = example.text.partition("\n")[2].strip()  # its first line is the title
    return "\n\n".join([f"### {example.title}", _fenced("yaml", values), _fenced("sh", command)])


def rules(chart: HelmChart) -> str:
    alone = "`values.schema.json` checks each value by itself."
    if chart.subcharts:
        return f"{alone} The rules between values are those of each part, in the README of its own Helm chart."
    if not chart.rules:
        return f"{alone} There are no others."
    sentences = "\n".join(f"- {rule}" for rule in chart.rules)
    return f"{alone} `helm install` also refuses what breaks these:\n\n{sentences}"


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"
