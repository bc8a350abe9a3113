"""Defines the report as a page: one HTML file that needs no network, for light and dark, screen, phone and paper."""

import re
from importlib import resources

import jinja2
from markupsafe import Markup

from podzol.elasticity.axes import time_marks
from podzol.elasticity.drawn import Drawn, Mark, drawn
from podzol.elasticity.lane_views import lane_views
from podzol.elasticity.report import Report
from podzol.elasticity.words import duration

ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("podzol.elasticity", "page_parts"),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=True,
)
ENVIRONMENT.filters["duration"] = duration
ENVIRONMENT.filters["tied"] = lambda text: re.sub(r"(\d) (%|s|min|h)\b", "\\1\u00a0\\2", text)
"""A number and its unit stay on one line."""


def page(report: Report) -> str:
    """The page of a report."""
    seconds = max(run.timeline.seconds for run in report.runs) or 1.0
    rows: list[tuple[str, str, list[Drawn | None]]] = [
        (row.key, row.title, [drawn(each, seconds, row.axis) if each else None for each in row.pictures])
        for row in report.rows
    ]
    return ENVIRONMENT.get_template("page.html.j2").render(
        report=report,
        rows=rows,
        lanes=[lane_views(run.timeline, seconds) for run in report.runs],
        times=[Mark(100 * at / seconds, text) for at, text in time_marks(seconds)],
        seconds=seconds,
        style=part("style.css.j2"),
        script=part("cursor.js"),
    )


def part(name: str) -> Markup:
    """A file that goes into the page as it is."""
    return Markup(resources.files(__package__).joinpath("page_parts", name).read_text(encoding="utf-8"))
