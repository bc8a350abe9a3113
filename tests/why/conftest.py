"""What the tests of `podzol why` share: an embedded cluster of their own, whose namespaces are full of mistakes."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podzol.local.cluster import Cluster
from podzol.local.lifecycle import down, up
from podzol.local.nodes import DEFAULT_POOLS
from podzol.local.steps import Steps

sys.path.append(str(Path(__file__).parent))  # seeds


@pytest.fixture(scope="session")
def why_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two nodes in cpu-pool, one in gpu-pool."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PODZOL_STATE", str(tmp_path_factory.mktemp("state")))
        cluster = Cluster(f"why-{os.getpid()}")
        assert up(cluster, DEFAULT_POOLS, Steps(quiet=True))
        yield cluster
        assert down(cluster, Steps(quiet=True))
