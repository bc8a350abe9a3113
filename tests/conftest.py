"""Fixtures that every room's tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def helm() -> Path:
    """The real helm: $PODZOL_HELM, or the one in the toolchain's cache."""
    named = os.environ.get("PODZOL_HELM")
    if named:
        return Path(named)
    try:
        from podzol.local import toolchain

        found = toolchain.find("helm")
    except (ImportError, AttributeError):
        found = None
    if found is None:
        pytest.fail("no helm: run `podzol toolchain install helm`, or set PODZOL_HELM to one")
    return Path(found)
