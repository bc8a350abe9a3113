"""Defines `Figure`, a measured number with its target, and how figures are kept: results.json and a table in docs."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


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


def save(figures: Sequence[Figure], results: Path) -> None:
    """Write results.json, and the table of the page."""
    content = {"machine": machine(), "figures": {figure.name: asdict(figure) for figure in figures}}
    results.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    show("figures", table(figures))


def add(figure: Figure, results: Path, part: str) -> None:
    """Put a figure beside those that were measured before, and write the table of that part of the page anew."""
    content = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {"figures": {}}
    found = content["figures"] | {figure.name: asdict(figure)}
    results.write_text(json.dumps({"machine": machine(), "figures": found}, indent=2) + "\n", encoding="utf-8")
    show(part, table([Figure(**each) for each in found.values()]))


def machine() -> str:
    return f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def show(part: str, text: str) -> None:
    """Put a table between the marks `<!-- part -->` and `<!-- /part -->` of docs/benchmarks.md."""
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- {part} -->\n")
    _, end, after = rest.partition(f"<!-- /{part} -->")
    PAGE.write_text(before + begin + text + end + after, encoding="utf-8")


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| figure | measured | target | |", "|---|---|---|---|"]
    for figure in figures:
        unit = "" if figure.unit == "ratio" else f" {figure.unit}"
        target = "" if figure.target is None else f"at most {figure.target:g}{unit}"
        verdict = "" if figure.target is None else "held" if figure.held else "missed"
        lines.append(f"| {figure.what} | {figure.value:g}{unit} | {target} | {verdict} |")
    return "\n".join(lines) + "\n"
