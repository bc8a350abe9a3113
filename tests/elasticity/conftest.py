"""What the tests of the recorder and of the report share: a recording of a real run, and the fake API."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # fake_api

from podzol.elasticity.records import read
from podzol.elasticity.timeline import Timeline

RECORDINGS = Path(__file__).parent / "recordings"
"""`elastic`: the embedded cluster with Karpenter: a GPU job from an empty pool, then a service under load."""


@pytest.fixture(scope="session")
def elastic() -> Path:
    """The folder of the recording."""
    return RECORDINGS / "elastic"


@pytest.fixture(scope="session")
def timeline(elastic: Path) -> Timeline:
    """The recording, ready to be asked."""
    return Timeline(read(elastic))
