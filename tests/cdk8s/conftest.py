"""What the tests of the crossing share: a cdk8s app, and a workload that renders what it is told to."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import podzol  # before cdk8s: it brings the Node that cdk8s runs on

# isort: split
import pytest
from cdk8s import App, Chart

sys.path.append(str(Path(__file__).parents[1] / "template"))  # random_values


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(outdir=str(tmp_path / "dist"))


@pytest.fixture
def chart(app: App) -> Chart:
    """A cdk8s chart whose objects live in the namespace soil."""
    return Chart(app, "soil", namespace="soil")


@pytest.fixture(scope="session")
def told() -> type[podzol.Workload]:
    """A workload whose values are its manifests."""

    class Told(podzol.Workload):
        @classmethod
        def load(cls, values: Any = None) -> Any:
            return values

        @classmethod
        def render(cls, values: Any = None, **_: Any) -> list[dict[str, Any]]:
            return values

    return Told


@pytest.fixture
def config_map() -> Callable[..., dict[str, Any]]:
    def make(name: str, **fields: Any) -> dict[str, Any]:
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "soil"}, **fields}

    return make
