"""What the tests of the Helm charts share: a small workload, Kubernetes' published schemas, Helm and two servers."""

import functools
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field
from referencing import Registry, Resource

from podzol.charts import build
from podzol.charts.catalogue import all_charts
from podzol.kubernetes.labels import ObjectValues, metadata
from podzol.local.toolchain import require
from podzol.template import each, join, or_else, rule, to_str, when
from podzol.values import Values
from podzol.workloads.workload import Workload

ROOT = Path(__file__).parents[2]
APPS = sorted(ROOT.glob("apps/*/application.py"))


class Door(Values):
    open: bool = True
    """Whether it is open."""
    width_cm: Annotated[int, Field(ge=50, le=200)] = 90
    """Width, in centimetres. A cell of a table | must survive it."""
    sign: str | None = "knock"
    """What its sign says; null for none."""


class Window(Values):
    name: Annotated[str, Field(min_length=1, max_length=10)]
    """Its name."""
    open: bool = False
    """Whether it is open."""


class GreeterValues(ObjectValues):
    greeting: str = "yes"
    """What it says.

    Text that YAML 1.1 would take for a boolean."""
    motto: str | None = "come in"
    """A motto; null for none."""
    door: Door = Door()
    """The door."""
    spare_door: Door | None = None
    """A second door; null for none."""
    windows: list[Window] = []
    """The windows."""
    lines: list[str] = ["- one", "two: 2"]
    """Lines of text."""
    extra: dict[str, Any] = {}
    """Anything else."""


def described(door: Any) -> Any:
    return to_str(door.width_cm) + " cm, open: " + to_str(door.open) + ", " + or_else(door.sign, "no sign")


class Greeter(Workload):
    """Greets.

    It greets from a ConfigMap.
    """

    Values = GreeterValues
    keywords = ("greeting",)
    links = {"ConfigMap": "https://kubernetes.io/docs/concepts/configuration/configmap/"}

    @staticmethod
    def rules(v: Any) -> Any:
        yield rule(v.door.width_cm != 66, at=v.door.width_cm, must="not be 66", fix="take another width")

    @staticmethod
    def manifests(v: Any, release: Any) -> dict[str, Any]:
        windows = each(v.windows, lambda window: {"name": window.name, "open": window.open})
        return {
            "configmap": {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": metadata(v, release),
                "data": {
                    "greeting": v.greeting,
                    "motto": v.motto,
                    "sign": v.door.sign,
                    "door": described(v.door),
                    "spareDoor": when(v.spare_door, described),
                    "lines": join("\n", v.lines),
                },
            },
            "windows": {
                "apiVersion": "podzol.dev/v1",
                "kind": "Windows",
                "metadata": metadata(v, release),
                "spec": {"windows": [windows], "extra": v.extra},
            },
        }


@pytest.fixture(scope="session")
def greeter() -> type[Workload]:
    return Greeter


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every chart folder of the project, just built."""
    place = tmp_path_factory.mktemp("charts")
    build.write(place, build.folders(all_charts(APPS), ROOT / "CHANGELOG.md"))
    return place


Faults = Callable[[dict[str, Any], str], list[str]]


@pytest.fixture(scope="session")
def kubernetes_faults() -> Faults:
    """What the published JSON schemas of a Kubernetes version find in a manifest; unknown fields are faults too."""
    return lambda manifest, version: [
        f"{fault.json_path}: {fault.message}"
        for fault in validator(version, manifest["apiVersion"], manifest["kind"]).iter_errors(manifest)
    ]


@functools.cache
def validator(version: str, api_version: str, kind: str) -> Draft202012Validator:
    """The schemas are kubernetes-validate's; its own `validate` reads all of them again for each manifest."""
    group, _, name = api_version.rpartition("/")
    file_name = "-".join(filter(None, [kind.lower(), group.partition(".")[0], name])) + ".json"
    schema = json.loads(schemas(version).joinpath(file_name).read_text())
    return Draft202012Validator(schema, registry=definitions(version))


def schemas(version: str) -> Any:
    return files("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}.0-local-strict"


@functools.cache
def definitions(version: str) -> Registry:
    shared = json.loads(schemas(version).joinpath("_definitions.json").read_text())
    return Resource.from_contents(shared) @ Registry()


DEADLINE_SECONDS = 20


@pytest.fixture(scope="session")
def helm_environment(helm: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which `helm` is the real one, with its own folders in a place of the tests' own."""
    home = tmp_path_factory.mktemp("helm")
    (home / "bin").mkdir()
    (home / "bin" / "helm").symlink_to(helm)
    names = {"HELM_CACHE_HOME": "cache", "HELM_CONFIG_HOME": "config", "HELM_DATA_HOME": "data"}
    folders = {name: str(home / folder) for name, folder in names.items()}
    return os.environ | folders | {"PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Pytest shows what fails; a line a request would hide it."""


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder as any file server does; gives its address."""
    servers = []

    def serve_folder(folder: Path) -> str:
        handler = functools.partial(Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve_folder
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an OCI registry on loopback."""
    place = tmp_path_factory.mktemp("registry")
    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as free:
        address = f"127.0.0.1:{free.server_port}"
    config = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(place / "data")}},
        "http": {"addr": address},
    }
    (place / "config.json").write_text(json.dumps(config))
    with (place / "log").open("w") as log:
        server = subprocess.Popen([require("registry"), "serve", place / "config.json"], stdout=log, stderr=log)
        try:
            wait_for(f"http://{address}/v2/", server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=DEADLINE_SECONDS)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers at {url}")
