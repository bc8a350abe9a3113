"""Runs `helm lint --strict` on chart folders, with their defaults and with each scenario of `ci/`."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from podzol.faults import Failure


@dataclass(frozen=True)
class Scenario:
    """A chart folder and the values file to lint it with; None for its defaults."""

    chart: Path
    values: Path | None


def scenarios(charts: Path) -> list[Scenario]:
    """Every scenario of every chart folder in `charts`."""
    folders = sorted(path.parent for path in charts.glob("*/Chart.yaml"))
    if not folders:
        raise Failure(f"{charts} holds no Helm chart; run `podzol charts build`")
    return [
        Scenario(folder, values) for folder in folders for values in (None, *sorted(folder.glob("ci/*-values.yaml")))
    ]


def lint_all(helm: Path, cases: Iterable[Scenario]) -> None:
    """Lint every scenario.

    Raises:
        Failure: Helm found something; the message holds what it said about each scenario.
    """
    faults = []
    for case in cases:
        values = ["--values", str(case.values)] if case.values else []
        run = subprocess.run(
            [str(helm), "lint", "--strict", "--quiet", str(case.chart), *values],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            faults.append(f"{case.values or case.chart}\n{run.stdout}{run.stderr}".rstrip())
    if faults:
        raise Failure("\n".join([f"helm lint found faults in {len(faults)} scenarios", *faults]))
