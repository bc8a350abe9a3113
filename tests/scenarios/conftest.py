"""What the tests of the scenarios share: recordings of real runs in the fast form, and the settings of these."""

from collections.abc import Callable
from pathlib import Path

import pytest

from podzol.clusters.local.pace import Pace
from podzol.clusters.specs import load_spec
from podzol.elasticity.records import Record, read
from podzol.local.karpenter import Elastic
from podzol.scenarios.settings import Settings

RECORDINGS = Path(__file__).parent / "recordings"
"""Of `podzol scenario run NAME --fast`, without the claims that it adds at its end."""


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Those of the recordings."""
    return Settings(Elastic(load_spec("soil"), Pace(fast=True)))


@pytest.fixture(scope="session")
def records() -> Callable[[str], list[Record]]:
    """The records of a recording."""
    return lambda name: read(RECORDINGS / name)
