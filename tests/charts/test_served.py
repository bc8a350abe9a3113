"""The repository as teams use it: a real Helm, over plain HTTP and against an OCI registry."""

import functools
import http.server
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from podzol.charts import repository
from podzol.charts.changelog import Entry
from podzol.charts.package import pack
from podzol.local.toolchain import require

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
DEADLINE_SECONDS = 20

Helm = Callable[..., str]


@pytest.fixture(scope="module")
def helm_home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Helm's own folders, in a place of this test's own."""
    home = tmp_path_factory.mktemp("helm")
    names = {"HELM_CACHE_HOME": "cache", "HELM_CONFIG_HOME": "config", "HELM_DATA_HOME": "data"}
    return {name: str(home / folder) for name, folder in names.items()}


@pytest.fixture(scope="module")
def run(helm: Path, helm_home: dict[str, str]) -> Helm:
    """Run Helm; gives what it wrote to stdout."""

    def helm_run(*arguments: str | Path) -> str:
        done = subprocess.run(
            [helm, *arguments], env=os.environ | helm_home, capture_output=True, text=True, timeout=60, check=False
        )
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


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Pytest shows what fails; a line a request would hide it."""


@pytest.fixture(scope="module")
def added(folder: Path, run: Helm) -> Iterator[Helm]:
    """Helm, with the repository added as `podzol` from a plain file server."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        run("repo", "add", "podzol", f"http://127.0.0.1:{server.server_port}")
        yield run
        server.shutdown()


def test_helm_finds_every_version_newest_first(added: Helm) -> None:
    lines = added("search", "repo", "podzol", "--versions").splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["podzol/greeter", "1.10.0"], ["podzol/greeter", "1.0.0"]]


def test_helm_takes_the_newest_version_when_none_is_named(added: Helm) -> None:
    assert 'greeting: "hello from 1.10.0"' in added("template", "a", "podzol/greeter")


def test_helm_takes_the_version_that_is_named(added: Helm) -> None:
    assert 'greeting: "hello from 1.0.0"' in added("template", "a", "podzol/greeter", "--version", "1.0.0")


def test_helm_pulls_the_very_bytes_of_the_repository(added: Helm, folder: Path, tmp_path: Path) -> None:
    added("pull", "podzol/greeter", "--version", "1.0.0", "--destination", tmp_path)
    assert (tmp_path / "greeter-1.0.0.tgz").read_bytes() == (folder / "greeter-1.0.0.tgz").read_bytes()


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an OCI registry on loopback."""
    place = tmp_path_factory.mktemp("registry")
    port = free_port()
    config = place / "config.yml"
    config.write_text(
        f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {place / 'data'}}}}}\n"
        f"http: {{addr: '127.0.0.1:{port}'}}\n"
    )
    with (place / "log").open("w") as log:
        server = subprocess.Popen([require("registry"), "serve", config], stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/v2/", server)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=DEADLINE_SECONDS)


def free_port() -> int:
    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as server:
        return server.server_port


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the registry does not answer at {url}")


def test_helm_pushes_a_package_and_pulls_the_same_bytes(run: Helm, registry: str, folder: Path, tmp_path: Path) -> None:
    package = folder / "greeter-1.0.0.tgz"
    run("push", package, f"oci://{registry}/podzol", "--plain-http")
    run("pull", f"oci://{registry}/podzol/greeter", "--version", "1.0.0", "--plain-http", "--destination", tmp_path)
    assert (tmp_path / package.name).read_bytes() == package.read_bytes()


def test_helm_renders_from_the_registry(run: Helm, registry: str, folder: Path) -> None:
    run("push", folder / "greeter-1.10.0.tgz", f"oci://{registry}/podzol", "--plain-http")
    manifest = run("template", "a", f"oci://{registry}/podzol/greeter", "--version", "1.10.0", "--plain-http")
    assert 'greeting: "hello from 1.10.0"' in manifest
