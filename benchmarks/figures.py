"""Defines `Figure`, a measured number with its target, and how figures are kept: results.json and a table in docs."""

import json
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->"


@dataclass(frozen=True)
class Figure:
    """A measured number."""

    name: str
    what: str
    value: float
    unit: str
    """`ratio`, `seconds` or `milliseconds`."""
    target: float | None = None
    """Highest value that will do; None where the figure only says what others cost."""

    @property
    def held(self) -> bool:
        return self.target is None or self.value <= self.target


def save(figures: Sequence[Figure], results: Path, page: Path) -> None:
    """Write results.json, and the table between the marks of the page."""
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    content = {"machine": machine, "figures": {figure.name: asdict(figure) for figure in figures}}
    results.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(f"{BEGIN}.*{END}", BEGIN + table(figures) + END, text, flags=re.DOTALL), encoding="utf-8")


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| figure | measured | target | |", "|---|---|---|---|"]
    for figure in figures:
        unit = "" if figure.unit == "ratio" else f" {figure.unit}"
        target = "" if figure.target is None else f"at most {figure.target:g}{unit}"
        verdict = "" if figure.target is None else "held" if figure.held else "missed"
        lines.append(f"| {figure.what} | {figure.value:g}{unit} | {target} | {verdict} |")
    return "\n".join(lines) + "\n"
