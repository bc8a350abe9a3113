"""Defines the second interpreter: a tree gives the Go templates of a Helm chart, in the style of `helm create`."""

from podzol.template.emit_notes import Notes
from podzol.template.emit_rules import Rules
from podzol.template.golines import Nodes
from podzol.template.goprinter import lines
from podzol.template.tracing import Tree


class Chart(Rules, Notes):
    """Writes the templates of one chart, with the named templates that they share."""


def emit(tree: Tree, chart_name: str) -> dict[str, str]:
    """Path to text of everything under `templates/`: one file an object, and what belongs to them."""
    chart = Chart(chart_name)
    files = {f"templates/{name}.yaml": text_of(chart.document(node)) for name, node in tree.manifests.items()}
    files |= {f"templates/tests/{name}.yaml": text_of(chart.document(node)) for name, node in tree.tests.items()}
    if tree.rules:
        files["templates/validate.yaml"] = text_of(chart.validation(tree.rules))
    if tree.notes:
        files["templates/NOTES.txt"] = text_of(chart.notes(tree.notes))
    if chart.helpers:
        files["templates/_helpers.tpl"] = "\n".join(chart.helpers.values())
    return dict(sorted(files.items()))


def text_of(nodes: Nodes) -> str:
    return "".join(f"{line}\n" for line in lines(nodes))
