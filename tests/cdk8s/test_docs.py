"""docs/cdk8s.md: its Python runs, from top to bottom, and makes what it says."""

import re
from pathlib import Path

import podzol

# isort: split
import pytest
import yaml
from cdk8s import Chart

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "cdk8s.md").read_text()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to which the page's app was synthesized, after its last line."""
    place = tmp_path_factory.mktemp("cdk8s")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL))
    code = code.replace("app = App()", f"app = App(outdir={str(place)!r})") + "\napp.synth()\n"
    exec(compile(code, "docs/cdk8s.md", "exec"), {})
    return place


def objects(file: Path) -> dict[tuple[str, str], dict]:
    manifests = yaml.safe_load_all(file.read_text())
    return {(manifest["kind"], manifest["metadata"]["name"]): manifest for manifest in manifests}


def test_every_construct_of_the_page_is_in_the_manifests(place: Path) -> None:
    soil = objects(place / "soil.k8s.yaml")
    assert {kind for kind, _ in soil} >= {"PersistentVolumeClaim", "Job", "Deployment", "Secret", "ServiceAccount"}
    assert soil["Deployment", "api-cpu-autoscaled-service"]["spec"]["minReadySeconds"] == 10
    assert objects(place / "soil-lab.k8s.yaml").keys() >= {("PersistentVolumeClaim", "lab-spectra")}


def test_every_member_that_the_page_lists_is_there(chart: Chart) -> None:
    table = TEXT.split("## What a construct has")[1].split("##")[0]
    members = re.findall(r"^\| `(\w+)", table, flags=re.MULTILINE)
    train = podzol.GpuBatchJob(chart, "train")
    assert [member for member in members if not hasattr(train, member)] == []
    assert len(members) == 6
