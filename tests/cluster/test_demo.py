"""The main job, whole: `podzol demo` as a user runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from podzol.demo.releases import NAMESPACES, plan
from podzol.local.cluster import Cluster

ROOT = Path(__file__).parents[2]
STAGES = [
    "podzol synth",
    "podzol charts build",
    "helm lint --strict",
    "podzol charts package",
    "control plane",
    "simulation",
    "nodes",
    "namespaces",
    "helm install",
    "helm test",
    "helm upgrade",
    "helm rollback",
    "helm uninstall",
    "cluster demo",
    "Karpenter",
    "cluster demo-elastic",
]


def changed() -> str:
    """What git says of the files that the demo writes."""
    return subprocess.check_output(["git", "status", "--porcelain", "charts", "dist"], cwd=ROOT, text=True)


@pytest.mark.usefixtures("own_state")
def test_the_demo_goes_through_all_its_stages_and_leaves_nothing() -> None:
    before = changed()
    command = [sys.executable, "-c", "from podzol.cli import main; main()", "demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith("✗")] == []
    assert [stage for stage in STAGES if not any(line.startswith(f"✓ {stage} ") for line in lines)] == []
    assert "data kept" in done.stdout
    assert "both: 16 of 16 claims hold" in done.stderr
    assert lines[-1].endswith("the report: build/demo/report.html")
    assert {Cluster(name).state for name in ("demo", "demo-elastic")} == {"absent"}
    assert changed() == before


def test_every_chart_is_installed_in_both_namespaces_umbrellas_last() -> None:
    releases = plan(ROOT / "charts")
    charts = {path.parent.name for path in ROOT.glob("charts/*/Chart.yaml")}
    for namespace in NAMESPACES:
        assert {release.chart.name for release in releases if release.namespace == namespace} == charts
