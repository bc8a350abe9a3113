"""Defines which releases the demo installs: every Helm chart, in both namespaces, each with one of its examples."""

from pathlib import Path

import yaml

from podzol.faults import Failure
from podzol.local.helm import Release

NAMESPACES = ("soil-lab", "soil-field")
"""Two teams; both enforce the restricted Pod Security level."""


def plan(charts: Path) -> list[Release]:
    """The releases, in the order of installing. The namespaces take turns in a chart's examples, so they differ.

    Raises:
        Failure: there is no chart.
    """
    folders = sorted(path.parent for path in charts.glob("*/Chart.yaml"))
    if not folders:
        raise Failure(f"{charts} holds no Helm chart; run `podzol charts build`")
    return [
        Release(folder.name, namespace, folder, example(folder, turn))
        for folder in sorted(folders, key=is_umbrella)
        for turn, namespace in enumerate(NAMESPACES)
    ]


def example(folder: Path, turn: int) -> Path | None:
    """The chart's example whose turn it is; None, its defaults, when it has none."""
    examples = sorted(folder.glob("ci/*-values.yaml"))
    return examples[turn % len(examples)] if examples else None


def is_umbrella(folder: Path) -> bool:
    """Whether the chart is made of other charts."""
    return bool(yaml.safe_load((folder / "Chart.yaml").read_text(encoding="utf-8")).get("dependencies"))


def takes_image(release: Release) -> bool:
    """Whether the chart has an image of its own, so that an upgrade can change its tag."""
    return "image" in (yaml.safe_load((release.chart / "values.yaml").read_text(encoding="utf-8")) or {})
