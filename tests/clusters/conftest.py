"""Fixtures of the clusters' tests: specs to change, and the bundled ones."""

import copy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))
"""So that tests may import `fake_google`, `discovery`, `random_specs` and `stubs`."""

ROOT = Path(__file__).parents[2]


@pytest.fixture
def soil() -> dict[str, Any]:
    """The content of the bundled spec `soil`, to change at will."""
    text = (ROOT / "constructs/podzol/clusters/specs/soil.yaml").read_text(encoding="utf-8")
    return copy.deepcopy(yaml.safe_load(text))


@pytest.fixture
def faults_of() -> Callable[[Any], list[str]]:
    """What parsing a spec complains about, a text each."""
    from podzol.clusters import parse_spec
    from podzol.faults import UserError

    def faults(content: Any) -> list[str]:
        with pytest.raises(UserError) as error:
            parse_spec(content)
        return [str(fault) for fault in error.value.faults]

    return faults
