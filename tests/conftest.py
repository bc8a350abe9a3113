"""Fixtures that every room's tests share."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from podzol.local.cluster import Cluster

sys.path.insert(0, str(Path(__file__).parent / "template"))
"""So that tests may import `oracle`, `random_values` and `samples`."""


@pytest.fixture(scope="session")
def helm() -> Path:
    """The real helm: $PODZOL_HELM, or the one in the toolchain's cache."""
    if named := os.environ.get("PODZOL_HELM"):
        return Path(named)
    from podzol.local import toolchain

    found = toolchain.find("helm")
    if found is None:
        pytest.fail("no helm: run `podzol toolchain install helm`, or set PODZOL_HELM to one")
    return found


@pytest.fixture(scope="session")
def elastic(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Cluster]":
    """One cluster with the pools of the spec `soil` and the real Karpenter, in its fast form; apart from the user's."""
    from podzol.clusters import load_spec
    from podzol.clusters.local.pace import Pace
    from podzol.local.cluster import Cluster
    from podzol.local.karpenter import Elastic
    from podzol.local.lifecycle import down, up
    from podzol.local.steps import Steps

    quiet = Steps(quiet=True)
    cluster = Cluster(f"elastic-{os.getpid()}", tmp_path_factory.mktemp("elastic") / "clusters")
    assert up(cluster, Elastic(load_spec("soil"), Pace(fast=True)), quiet)
    yield cluster
    assert down(cluster, quiet)
