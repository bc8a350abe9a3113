"""One embedded cluster for all tests of a run, started as a user would, and namespaces that enforce restricted."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from podzol.local.cluster import Cluster, all_clusters
from podzol.local.helm import Helm
from podzol.local.lifecycle import down, up
from podzol.local.nodes import DEFAULT_POOLS
from podzol.local.steps import Steps

STRICT = {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted"}
NUMBERS = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the cluster."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.cluster)


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Clusters of the tests, apart from the user's; none of them outlives the run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PODZOL_STATE", str(tmp_path_factory.mktemp("state")))
        yield
        for left in all_clusters():
            down(left, Steps(quiet=True))


@pytest.fixture(scope="session")
def cluster(own_state: None) -> Iterator[Cluster]:
    """The one cluster."""
    cluster = Cluster(f"test-{os.getpid()}")
    assert up(cluster, DEFAULT_POOLS, Steps(quiet=True))
    yield cluster
    assert down(cluster, Steps(quiet=True))


@pytest.fixture(scope="session")
def helm_of(cluster: Cluster) -> Helm:
    """Helm on the cluster."""
    return Helm(cluster)


@pytest.fixture
def new_namespace(cluster: Cluster) -> Iterator[Callable[[dict[str, str]], str]]:
    """Makes namespaces with the given labels; they and the volumes bound in them go after the test, unwaited for."""
    made = []

    def make(labels: dict[str, str]) -> str:
        name = f"test-{next(NUMBERS)}"
        labelled = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        cluster.kubectl.apply(yaml.safe_dump(labelled))
        cluster.kubectl.run("wait", "--for=create", "serviceaccount/default", "-n", name, "--timeout=30s")
        made.append(name)
        return name

    yield make
    cluster.kubectl.run("delete", "namespace", "--wait=false", *made)
    volumes = cluster.kubectl.items("persistentvolumes")
    bound = [v["metadata"]["name"] for v in volumes if v["spec"].get("claimRef", {}).get("namespace") in made]
    if bound:
        cluster.kubectl.run("delete", "persistentvolumes", "--wait=false", "--ignore-not-found", *bound)


@pytest.fixture
def namespace(new_namespace: Callable[[dict[str, str]], str]) -> str:
    """A namespace of the test's own that enforces the restricted level."""
    return new_namespace(STRICT)


@pytest.fixture
def values_file(tmp_path: Path) -> Callable[[dict], Path]:
    """Writes a values file."""

    def write(values: dict) -> Path:
        path = tmp_path / f"values-{next(NUMBERS)}.yaml"
        path.write_text(yaml.safe_dump(values))
        return path

    return write
