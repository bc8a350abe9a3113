"""The generated GKE scripts run unchanged under the real gcloud, against a fake of Google's APIs on loopback.

What gcloud sends is compared as a whole with a snapshot (`pytest --snapshot-update` writes it), and each request with
Google's discovery documents.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from discovery import faults
from fake_google import APIS, FakeGoogle
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from podzol.clusters import load_spec
from podzol.clusters.machines import accelerators, machines

SCRIPTS = Path(__file__).parents[2] / "clusters"
of_soil, of_soil_small = pytest.mark.xdist_group("gcloud-soil"), pytest.mark.xdist_group("gcloud-soil-small")
"""gcloud takes about a second a call, and the tests of one story share it."""
pytestmark = pytest.mark.gcloud


@pytest.fixture(scope="session")
def gcloud() -> Path:
    found = shutil.which("gcloud")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have the real gcloud: the generated GKE scripts are run with it")
        pytest.skip("no gcloud on this machine: the generated GKE scripts run under the real one in CI")
    return Path(found)


@dataclass
class Run:
    """One run of a script."""

    code: int
    out: str
    err: str
    changes: list[dict[str, Any]]
    """Requests that asked for a change."""


class Project:
    """A fake project, and the environment in which gcloud takes it for Google."""

    def __init__(self, folder: Path, gcloud: Path) -> None:
        zones = ("us-central1-a", "us-central1-b", "us-central1-c")
        offered = [*machines("gke"), *accelerators()]
        self.google = FakeGoogle(dict.fromkeys(zones, offered))
        (folder / "token").write_text("no secret")
        stubs = folder / "bin"
        stubs.mkdir()
        for tool in ("kubectl", "gke-gcloud-auth-plugin"):
            (stubs / tool).write_text("#!/bin/sh\n")
            (stubs / tool).chmod(0o755)
        self.env = {
            "PATH": f"{stubs}:{gcloud.parent}:/usr/bin:/bin",
            "HOME": str(folder),
            "KUBECONFIG": str(folder / "kubeconfig"),
            "CLOUDSDK_CONFIG": str(folder / "gcloud"),
            "CLOUDSDK_CORE_PROJECT": "my-proj",
            "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": str(folder / "token"),
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
            "CLOUDSDK_CORE_DISABLE_FILE_LOGGING": "true",
            "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
            "CLOUDSDK_SURVEY_DISABLE_PROMPTS": "true",
            **{
                f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": f"http://127.0.0.1:{self.google.port}/{path}/"
                for api, path in APIS.items()
            },
        }

    def run(self, script: Path) -> Run:
        before = len(self.google.changes)
        done = subprocess.run(
            ["bash", str(script), "--yes"], env=self.env, capture_output=True, text=True, timeout=1200, check=False
        )
        return Run(done.returncode, done.stdout, done.stderr, self.google.changes[before:])

    def snapshot(self, changes: list[dict[str, Any]]) -> str:
        """Method, path and body of each change, without this server's port."""
        shown = [{key: each[key] for key in ("method", "path", "body") if each[key] is not None} for each in changes]
        text: str = yaml.safe_dump(shown, sort_keys=True, width=120)
        return text.replace(f"http://127.0.0.1:{self.google.port}/", "https://google/")


class Readable(SingleFileSnapshotExtension):
    """One YAML file a snapshot, named by the test."""

    _write_mode = WriteMode.TEXT
    file_extension = "yaml"

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(Path(test_location.filepath).parent / "snapshots" / test_location.basename)


@pytest.fixture(scope="module")
def project(gcloud: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Project]]:
    made = []

    def project_of(name: str) -> Project:
        made.append(Project(tmp_path_factory.mktemp(name), gcloud))
        return made[-1]

    yield project_of
    for each in made:
        each.google.close()


@dataclass
class Story:
    """The cluster `soil`: made, made again, and deleted."""

    project: Project
    first: Run
    second: Run
    deleted: Run


@pytest.fixture(scope="module")
def story(project: Callable[[str], Project]) -> Story:
    soil = project("soil")
    return Story(soil, *(soil.run(SCRIPTS / "soil/gke" / name) for name in ("create.sh", "create.sh", "delete.sh")))


@of_soil
def test_the_real_gcloud_runs_the_scripts(story: Story) -> None:
    for run in (story.first, story.second, story.deleted):
        assert run.code == 0, run.err


@of_soil
def test_what_gcloud_asks_for_soil_is_what_it_was(story: Story, snapshot: SnapshotAssertion) -> None:
    found = story.project.snapshot(story.first.changes)
    assert found == snapshot(extension_class=Readable, name="soil")


@of_soil_small
def test_what_gcloud_asks_for_soil_small_is_what_it_was(
    project: Callable[[str], Project], snapshot: SnapshotAssertion
) -> None:
    small = project("soil-small")
    run = small.run(SCRIPTS / "soil-small/gke/create.sh")
    assert run.code == 0, run.err
    assert [fault for each in small.google.requests for fault in faults(each)] == []
    assert small.snapshot(run.changes) == snapshot(extension_class=Readable, name="soil-small")


@of_soil
def test_googles_documents_take_every_request(story: Story) -> None:
    assert [fault for each in story.project.google.requests for fault in faults(each)] == []


@of_soil
def test_a_second_run_asks_for_no_change(story: Story) -> None:
    assert story.second.changes == []


@of_soil
def test_the_default_pool_goes_and_the_specs_pools_stay(story: Story) -> None:
    pools = {}
    for each in story.first.changes:
        if each["path"].endswith("/nodePools"):
            pools[each["body"]["nodePool"]["name"]] = each["body"]["nodePool"]
    spec = load_spec("soil")
    assert list(pools) == [pool.name for pool in spec.pools]
    for pool in spec.pools:
        found = pools[pool.name]
        assert found["autoscaling"] == {
            "enabled": True,
            "locationPolicy": "ANY",
            "totalMinNodeCount": pool.min,
            "totalMaxNodeCount": pool.max,
        }
        assert found["config"]["labels"] == pool.all_labels
        assert found["config"].get("spot", False) == (pool.capacity_type == "spot")
    gpu_taint = {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}
    assert pools["gpu-pool"]["config"]["taints"] == [gpu_taint]
    assert pools["gpu-pool"].get("initialNodeCount", 0) == 0
    deleted = [each["path"].rpartition("/")[2] for each in story.first.changes if each["method"] == "DELETE"]
    assert deleted == ["default-pool"]


@of_soil
def test_the_cluster_is_closed_and_its_parts_are_on(story: Story) -> None:
    (found,) = (each["body"]["cluster"] for each in story.first.changes if each["path"].endswith("/clusters"))
    assert found["shieldedNodes"] == {"enabled": True}
    assert found["networkConfig"]["datapathProvider"] == "ADVANCED_DATAPATH"
    assert found["workloadIdentityConfig"] == {"workloadPool": "my-proj.svc.id.goog"}
    assert found["autoscaling"]["autoscalingProfile"] == "OPTIMIZE_UTILIZATION"
    assert found["releaseChannel"] == {"channel": "REGULAR"}
    assert found["addonsConfig"]["gcsFuseCsiDriverConfig"] == {"enabled": True}
    assert found["addonsConfig"]["gcePersistentDiskCsiDriverConfig"] == {"enabled": True}
    assert len(found["locations"]) >= 2


@of_soil
def test_all_but_buckets_is_deleted(story: Story) -> None:
    left = {key for key in story.project.google.things if not key.startswith("storage/")}
    assert left == set()
    assert any(key.startswith("storage/v1/b/") for key in story.project.google.things)
