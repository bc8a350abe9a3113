"""What the tests of the kubelet share: one cluster whose pods really run."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podzol.local.cluster import Cluster, all_clusters
from podzol.local.lifecycle import down, up
from podzol.local.nodes import Pool
from podzol.local.running import Run
from podzol.local.steps import Steps

sys.path.insert(0, str(Path(__file__).parent))
"""So that tests may import `pods`."""


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of one node, whose pods really run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PODZOL_STATE", str(tmp_path_factory.mktemp("state")))
        cluster = Cluster(f"run-{os.getpid()}")
        pools = (Pool("cpu-pool", count=1, cpu=32, memory_gib=128),)
        try:
            assert up(cluster, pools, Steps(quiet=True), run=Run())
            yield cluster
        finally:
            for left in all_clusters():
                down(left, Steps(quiet=True))
