"""docs/charts.md: what it shows runs, and names the version and the verbs that there are."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from podzol.charts import build
from podzol.charts.catalogue import all_charts
from podzol.cli.charts import charts_app
from podzol.version import VERSION
from podzol.workloads import GpuBatchJob

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "charts.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


def block(language: str, word: str) -> str:
    """The one block that holds the word."""
    (found,) = [text for text in blocks(language) if word in text]
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds dist/charts, as a clone does."""
    place = tmp_path_factory.mktemp("clone")
    build.package(place / "dist" / "charts", all_charts(), ROOT / "CHANGELOG.md")
    (place / "my-values.yaml").write_text("parallelism: 2\ncompletions: 2\n")
    return place


def run(script: str, place: Path, environment: dict[str, str]) -> str:
    command = ["bash", "-euc", script]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.helm
def test_the_commands_for_a_plain_file_server_run(
    helm_environment: dict[str, str], serve: Callable[[Path], str], place: Path
) -> None:
    script = block("sh", "helm repo add").replace("http://127.0.0.1:8879", serve(place / "dist" / "charts"))
    out = run(script.replace("helm install", "helm install --dry-run=client"), place, helm_environment)
    assert "kind: Job" in out


@pytest.mark.helm
def test_the_commands_for_an_oci_registry_run(helm_environment: dict[str, str], registry: str, place: Path) -> None:
    script = block("sh", "helm push").replace("registry.example.com", registry)
    script = script.replace("helm push", "helm push --plain-http")
    script = script.replace("helm install", "helm install --plain-http --dry-run=client")
    assert "kind: Job" in run(script, place, helm_environment)


def test_every_version_named_is_the_one_we_ship() -> None:
    assert set(re.findall(r"(?<![\d.])\d+\.\d+\.\d+(?![\d.])", TEXT)) == {VERSION}


def test_every_verb_is_named_and_every_name_is_a_verb() -> None:
    verbs = {command.name or command.callback.__name__ for command in charts_app.registered_commands}
    assert set(re.findall(r"podzol charts (\w+)", TEXT)) == verbs


def test_the_values_for_gitops_are_values_of_the_helm_chart() -> None:
    argo = yaml.safe_load(block("yaml", "kind: Application"))["spec"]["source"]
    flux = list(yaml.safe_load_all(block("yaml", "kind: HelmRelease")))[1]["spec"]
    assert (argo["chart"], flux["chart"]["spec"]["chart"]) == (GpuBatchJob.chart, GpuBatchJob.chart)
    assert GpuBatchJob.load(argo["helm"]["valuesObject"]) == GpuBatchJob.load(flux["values"])
