"""One embedded cluster without nodes for the tests that ask the real scheduler, and a client for its API."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podzol.local.cluster import Cluster
from podzol.local.lifecycle import down, up
from podzol.local.steps import Steps

sys.path.insert(0, str(Path(__file__).parent))
"""So that tests may import `api` and `random_cases`."""


@pytest.fixture(scope="session")
def bare_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A control plane with no node; apart from the user's clusters, and from the one whose nodes other tests count."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PODZOL_STATE", str(tmp_path_factory.mktemp("state")))
        cluster = Cluster(f"fit-{os.getpid()}")
        assert up(cluster, (), Steps(quiet=True))
        yield cluster
        assert down(cluster, Steps(quiet=True))
