"""The repository as teams use it: a real Helm, over plain HTTP and against an OCI registry."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from podzol.charts import repository
from podzol.charts.changelog import Entry
from podzol.charts.package import pack

pytestmark = pytest.mark.helm

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  greeting: {{ .Values.greeting | quote }}
"""
RELEASES = (Entry("1.0.0", date(2026, 11, 23), ()), Entry("1.10.0", date(2026, 12, 1), ()))

Helm = Callable[..., str]


@pytest.fixture(scope="module")
def run(helm_environment: dict[str, str]) -> Helm:
    """Run Helm; gives what it wrote to stdout."""

    def helm_run(*arguments: str | Path) -> str:
        command = ["helm", *arguments]
        done = subprocess.run(command, env=helm_environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return helm_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of two versions of one Helm chart."""
    place = tmp_path_factory.mktemp("repository")
    for entry in RELEASES:
        files = {
            "Chart.yaml": f"apiVersion: v2\nname: greeter\nversion: {entry.version}\ndescription: Greets.\n",
            "values.yaml": f"greeting: hello from {entry.version}\n",
            "templates/configmap.yaml": CONFIG_MAP,
        }
        repository.add(place, [pack(files, entry)], entry)
    return place


@pytest.fixture(scope="module")
def added(folder: Path, serve: Callable[[Path], str], run: Helm) -> Helm:
    """Helm, with the repository added as `greetings` from a plain file server."""
    run("repo", "add", "greetings", serve(folder))
    return run


def test_helm_finds_every_version_newest_first(added: Helm) -> None:
    lines = added("search", "repo", "greetings", "--versions").splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["greetings/greeter", "1.10.0"], ["greetings/greeter", "1.0.0"]]


def test_helm_takes_the_newest_version_when_none_is_named(added: Helm) -> None:
    assert 'greeting: "hello from 1.10.0"' in added("template", "a", "greetings/greeter")


def test_helm_takes_the_version_that_is_named(added: Helm) -> None:
    assert 'greeting: "hello from 1.0.0"' in added("template", "a", "greetings/greeter", "--version", "1.0.0")


def test_helm_pulls_the_very_bytes_of_the_repository(added: Helm, folder: Path, tmp_path: Path) -> None:
    added("pull", "greetings/greeter", "--version", "1.0.0", "--destination", tmp_path)
    assert (tmp_path / "greeter-1.0.0.tgz").read_bytes() == (folder / "greeter-1.0.0.tgz").read_bytes()


def test_helm_pushes_a_package_and_pulls_the_same_bytes(run: Helm, registry: str, folder: Path, tmp_path: Path) -> None:
    package = folder / "greeter-1.0.0.tgz"
    run("push", package, f"oci://{registry}/podzol", "--plain-http")
    run("pull", f"oci://{registry}/podzol/greeter", "--version", "1.0.0", "--plain-http", "--destination", tmp_path)
    assert (tmp_path / package.name).read_bytes() == package.read_bytes()


def test_helm_renders_from_the_registry(run: Helm, registry: str, folder: Path) -> None:
    run("push", folder / "greeter-1.10.0.tgz", f"oci://{registry}/podzol", "--plain-http")
    manifest = run("template", "a", f"oci://{registry}/podzol/greeter", "--version", "1.10.0", "--plain-http")
    assert 'greeting: "hello from 1.10.0"' in manifest
