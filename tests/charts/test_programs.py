"""The values files of the programs under `apps/`, in the Helm chart that each one names in its first line."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from podzol.template import read_yaml

pytestmark = pytest.mark.helm

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(path.parent for path in ROOT.glob("apps/*/values.yaml"))


@pytest.fixture(params=PROGRAMS, ids=lambda program: program.name)
def program(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_the_programs_that_are_containers_have_values() -> None:
    assert [program.name for program in PROGRAMS] == sorted(
        path.parent.name for path in ROOT.glob("apps/*/Containerfile")
    )


def test_a_program_renders_to_valid_kubernetes_in_its_helm_chart(
    helm: Path, built: Path, kubernetes_faults: Callable[[dict[str, Any], str], list[str]], program: Path
) -> None:
    values = program / "values.yaml"
    chart = built / chart_of(values)
    command = [helm, "template", "soil", chart, "--namespace", "my-team", "--values", values]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    manifests = [read_yaml(text) for text in done.stdout.split("\n---\n") if yaml.compose(text) is not None]
    image = read_yaml(values.read_text())["image"]
    assert f"{image['repository']}:{image['tag']}" in done.stdout
    assert [fault for manifest in manifests for fault in kubernetes_faults(manifest, "1.37")] == []


def chart_of(values: Path) -> str:
    named = re.match(r"#.*: values for the Helm chart (\S+)\n", values.read_text())
    assert named, f"the first line of {values} names no Helm chart"
    return named[1]
