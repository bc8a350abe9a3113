"""What the tests of the Helm charts share: a small workload, and the published schemas of Kubernetes."""

import functools
import json
from collections.abc import Callable
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
from podzol.template import each, join, rule, to_str, when
from podzol.values import Values
from podzol.workloads.workload import Workload

ROOT = Path(__file__).parents[2]
APPS = sorted(ROOT.glob("apps/*/application.py"))


class Door(Values):
    open: bool = True
    """Whether it is open."""
    width_cm: Annotated[int, Field(ge=50, le=200)] = 90
    """Width, in centimetres. A cell of a table | must survive it."""


class Window(Values):
    name: Annotated[str, Field(min_length=1, max_length=10)]
    """Its name."""
    open: bool = False
    """Whether it is open."""


class GreeterValues(ObjectValues):
    greeting: str = "yes"
    """What it says.

    Text that YAML 1.1 would take for a boolean."""
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
    return to_str(door.width_cm) + " cm, open: " + to_str(door.open)


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
    return Draft202012Validator(schema, registry=registry(version))


def schemas(version: str) -> Any:
    return files("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}.0-local-strict"


@functools.cache
def registry(version: str) -> Registry:
    definitions = json.loads(schemas(version).joinpath("_definitions.json").read_text())
    return Resource.from_contents(definitions) @ Registry()
