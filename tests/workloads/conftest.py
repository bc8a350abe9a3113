"""What the tests of workloads share: snapshots as plain YAML files, and objects by kind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation


class ManifestFile(SingleFileSnapshotExtension):
    """One YAML file a case under snapshots/, as `kubectl apply` would take it."""

    file_extension = "yaml"
    _write_mode = WriteMode.TEXT

    def serialize(self, data: Any, **_: Any) -> str:
        return yaml.safe_dump_all(data, sort_keys=False, width=120, allow_unicode=True)

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(Path(test_location.filepath).parent / "snapshots" / test_location.basename)


@pytest.fixture
def manifest_file(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """`assert manifests == manifest_file`; `pytest --snapshot-update` writes it."""
    return snapshot.use_extension(ManifestFile)


@pytest.fixture
def by_kind() -> Callable[[list[dict[str, Any]]], dict[str, dict[str, Any]]]:
    """The objects of a release by kind, where each kind comes once."""

    def index(manifests: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        found = {manifest["kind"]: manifest for manifest in manifests}
        assert len(found) == len(manifests)
        return found

    return index
