"""The verb `podzol fit`: sources, answers, exit codes."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from builders import deployment, gpu_spec, job

from podzol.cli import main
from podzol.template import ValuesError, read_yaml
from podzol.workloads import CpuBatchJob

Fit = Callable[..., "Done"]
CHARTS = Path(__file__).parents[2] / "charts"


class Done(NamedTuple):
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def fit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs `podzol fit` in this process."""
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["podzol", "fit", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def pinned_helm(helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The helm that the tests found is the one that podzol takes."""
    monkeypatch.setenv("PODZOL_HELM", str(helm))


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    path = tmp_path / "app.yaml"
    path.write_text(yaml.safe_dump_all([deployment(replicas=2), job(gpu_spec())]))
    return path


def test_prints_a_line_a_workload_and_the_reasons(fit: Fit, manifests: Path) -> None:
    done = fit(str(manifests), "--cluster", "soil", "--provider", "gke")
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines()[:4]] == [
        ["soil", "on", "gke"],
        ["workload", "pods", "asks", "for", "pools", "answer"],
        ["Deployment/api", "2", "1", "CPU,", "1", "GiB", "memory", "cpu-pool", "fits"],
        ["Job/train", "1", "6", "CPU,", "20", "GiB", "memory,", "1", "nvidia.com/gpu", "gpu-pool", "fits"],
    ]
    assert "  not on gpu-pool: does not tolerate nvidia.com/gpu=present:NoSchedule\n" in done.stdout
    assert done.stdout.endswith("\nall 2 workloads fit\n\n")


def test_ends_with_1_when_a_workload_does_not_fit(fit: Fit) -> None:
    done = fit("-", "--cluster", "soil", "--provider", "eks", stdin=yaml.safe_dump(deployment(replicas=500)))
    assert done.returncode == 1
    assert done.stdout.endswith("\n1 of 1 workloads do not fit: Deployment/api\n\n")


def test_asks_every_provider_of_the_spec_and_answers_in_json(fit: Fit, manifests: Path) -> None:
    done = fit(str(manifests), "--cluster", "soil", "--json")
    assert done.returncode == 0, done.stderr
    reports = json.loads(done.stdout)
    assert [(each["provider"], each["fits"]) for each in reports] == [("eks", True), ("gke", True), ("local", True)]
    assert reports[1]["workloads"][1]["pools"][0]["fits"] is False
    assert reports[1]["workloads"][1]["requests"] == {"cpu": 6000, "memory": 20 * 2**30, "nvidia.com/gpu": 1}


@pytest.mark.helm
def test_renders_a_helm_chart_with_its_values(fit: Fit, pinned_helm: None) -> None:
    chart = CHARTS / "cpu-autoscaled-service"
    values = chart / "ci" / "minimal-values.yaml"
    done = fit(str(chart), "-f", str(values), "--cluster", "soil", "--provider", "eks", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [each["kind"] for each in json.loads(done.stdout)[0]["workloads"]] == ["Deployment"]


@pytest.mark.helm
def test_a_chart_that_does_not_render_is_the_users_mistake(fit: Fit, pinned_helm: None, tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text("replicass: 1\n")
    done = fit(str(CHARTS / "cpu-batch-job"), "-f", str(values), "--cluster", "soil")
    assert done.returncode == 2
    assert done.stderr.startswith(f"podzol: {CHARTS / 'cpu-batch-job'}: must be a Helm chart that renders: ")
    assert "'replicass' not allowed" in done.stderr


@pytest.mark.helm
def test_broken_rules_of_a_chart_are_told_one_by_one_as_elsewhere(fit: Fit, pinned_helm: None, tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text("memoryLadder: [2Gi, 1Gi]\nresources: {limits: {memory: 1Mi}}\nparallelism: 2\n")
    done = fit(str(CHARTS / "cpu-batch-job"), "-f", str(values), "--cluster", "soil")
    with pytest.raises(ValuesError) as refused:
        CpuBatchJob.render(read_yaml(values.read_text()), release="fit")
    assert len(refused.value.faults) == 4
    assert done.stderr.splitlines() == [f"podzol: {fault}" for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["-"],
            "--cluster: must be given, or --kubeconfig, and not both; "
            "name a spec such as soil, or the kubeconfig of a cluster that runs",
        ),
        (
            ["-", "--cluster", "soil", "--provider", "aks"],
            '--provider: must be eks, gke or local, got "aks"; the spec soil has eks, gke, local',
        ),
        (
            ["nowhere", "--cluster", "soil"],
            "nowhere: must be a Helm chart folder, a .tgz, or manifests; give a file or folder",
        ),
        (
            ["-", "--cluster", "soil", "--values", "mine.yaml"],
            "--values: must be left out where no Helm chart is asked about; name the Helm chart's folder or its .tgz",
        ),
        (["-", "--kubeconfig", "nowhere"], '--kubeconfig: must be a file, got "nowhere"'),
    ],
)
def test_mistakes_end_with_2_and_say_what_to_do(fit: Fit, arguments: list[str], message: str) -> None:
    done = fit(*arguments, stdin="kind: Pod\nmetadata: {name: x}\n")
    assert (done.returncode, done.stderr) == (2, f"podzol: {message}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just text", 'standard input: must hold Kubernetes objects, with kind and metadata.name, got "just text"'),
        (
            "- kind: Pod",
            'standard input: must hold Kubernetes objects, with kind and metadata.name, got {"kind": "Pod"}',
        ),
        (
            "kind: {a: b}\nmetadata: {name: x}",
            "standard input: must hold Kubernetes objects, with kind and metadata.name, "
            'got {"kind": {"a": "b"}, "metadata": {"name": "x"}}',
        ),
        (
            "kind: List\nitems: 5",
            "standard input: must hold Kubernetes objects, with kind and metadata.name, "
            'got {"kind": "List", "items": 5}',
        ),
        ("kind: [", "standard input, line 2, column 1: must be YAML: did not find expected node content"),
        ("kind: &a [*a]", "standard input, line 1, column 7: must be YAML: an anchor contains itself"),
    ],
)
def test_what_is_no_manifest_is_refused(fit: Fit, text: str, message: str) -> None:
    done = fit("-", "--cluster", "soil", stdin=text)
    assert (done.returncode, done.stderr) == (2, f"podzol: {message}\n")


def test_a_file_that_is_no_text_is_named(fit: Fit, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("kind: Pod\nmetadata: {name: x}\n")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder.yaml").mkdir()
    done = fit(str(tmp_path), "--cluster", "soil")
    assert (done.returncode, done.stderr) == (2, f"podzol: {tmp_path}/b.yaml: must be text in UTF-8\n")


def test_a_day_that_no_calendar_has_is_text_as_for_kubectl(fit: Fit) -> None:
    assert fit("-", "--cluster", "soil", stdin="kind: Pod\nmetadata: {name: 2026-02-30}\n").returncode == 0


def test_a_list_of_objects_is_taken_apart(fit: Fit) -> None:
    listed = {"kind": "List", "apiVersion": "v1", "items": [deployment()]}
    done = fit("-", "--cluster", "soil", "--provider", "gke", "--json", stdin=yaml.safe_dump(listed))
    assert [each["name"] for each in json.loads(done.stdout)[0]["workloads"]] == ["api"]


def test_manifests_without_a_workload_fit(fit: Fit) -> None:
    done = fit("-", "--cluster", "soil", "--provider", "gke", stdin="kind: ConfigMap\nmetadata: {name: x}\n")
    assert done.returncode == 0
    assert done.stdout.endswith("\nno workload among these manifests\n\n")
