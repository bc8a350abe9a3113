"""Fixtures that every room's tests share."""

import os
import sys
from pathlib import Path

import pytest

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
