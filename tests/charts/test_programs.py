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


def test_an_image_is_made_of_pinned_parts_and_runs_as_nobody(program: Path) -> None:
    text = (program / "Containerfile").read_text()
    bases = re.findall(r"^(?:ARG BASE=|FROM )(\S+)", text, re.MULTILINE)
    assert all(re.fullmatch(r"\S+:\S+@sha256:[0-9a-f]{64}", base) for base in bases if base != "${BASE}")
    assert {"--require-hashes" in line for line in text.splitlines() if "pip install" in line} <= {True}
    sources = re.findall(r"^COPY (?!--from)(\S+) ", text.replace("${REQUIREMENTS}", "requirements.txt"), re.MULTILINE)
    assert [path for path in sources if not (program.parent / path).exists()] == []
    assert re.findall(r"^USER (.+)", text, re.MULTILINE) == ["65532:65532"]


def test_an_image_begins_as_its_values_and_a_pod_that_really_runs_do(program: Path) -> None:
    (entrypoint,) = re.findall(r"^ENTRYPOINT (.+)", (program / "Containerfile").read_text(), re.MULTILINE)
    values = read_yaml((program / "values.yaml").read_text())
    images = yaml.safe_load((ROOT / "constructs/podzol/kubelet/images.yaml").read_text())
    image = images[values["image"]["repository"]]
    assert yaml.safe_load(entrypoint) == values["command"] == image["entrypoint"]


def chart_of(values: Path) -> str:
    named = re.match(r"#.*: values for the Helm chart (\S+)\n", values.read_text())
    assert named, f"the first line of {values} names no Helm chart"
    return named[1]
