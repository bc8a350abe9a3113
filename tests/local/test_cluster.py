"""A cluster by name: its folder, its state, and what is refused before anything starts."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from podzol.faults import Failure, UserError
from podzol.local import lifecycle
from podzol.local.cluster import PROGRAMS, Cluster, all_clusters, state_root
from podzol.local.lifecycle import down, up
from podzol.local.nodes import DEFAULT_POOLS
from podzol.local.processes import end_all, running_under
from podzol.local.steps import Steps
from podzol.local.toolchain.tools import all_tools


@pytest.fixture
def tools_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins for all tools, so that only what is tested is missing."""
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    for tool in all_tools().values():
        monkeypatch.setenv(tool.variable, str(program))


@pytest.fixture
def half_made() -> Cluster:
    """What a killed `up` leaves: a folder whose record isn't ready, and a program that runs from it."""
    cluster = Cluster("half")
    cluster.folder.mkdir(parents=True)
    cluster.write_facts({"ready": False, "ports": {"etcdPort": 20_000}})
    return cluster


@pytest.fixture
def programs(half_made: Cluster) -> Iterator[list[int]]:
    """Processes that run through links in the cluster's folder, as kwokctl starts them."""
    links = half_made.workdir / "bin"
    links.mkdir(parents=True)
    started = []
    for name in PROGRAMS:
        (links / name).symlink_to(shutil.which("sleep") or "")
        started.append(subprocess.Popen([links / name, "600"]))
    yield [process.pid for process in started]
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "../a", "a" * 41])
def test_a_name_that_is_no_dns_label_is_refused(name: str) -> None:
    with pytest.raises(UserError) as error:
        Cluster(name)
    rule = "must be lowercase letters, digits and dashes, at most 40, starting and ending with no dash"
    assert str(error.value) == f'--name: {rule}, got "{name}"'


def test_a_cluster_that_was_never_made_is_absent() -> None:
    assert Cluster().state == "absent"
    assert all_clusters() == []


def test_a_folder_that_can_not_be_a_cluster_s_is_left_alone(half_made: Cluster) -> None:
    (half_made.root / "My Folder").mkdir()
    assert all_clusters() == [half_made]


def test_what_needs_a_running_cluster_says_how_to_start_it() -> None:
    with pytest.raises(Failure) as error:
        Cluster("soil").require_running()
    assert str(error.value) == "no cluster soil is running; start it with `podzol local up --name soil`"


def test_a_folder_without_a_ready_record_is_half_made(half_made: Cluster) -> None:
    assert half_made.state == "half-made"
    for broken in (b'{"rea', b"[1]", b"\xff\xfe"):
        (half_made.folder / "cluster.json").write_bytes(broken)
        assert half_made.state == "half-made"


def test_a_ready_cluster_runs_only_while_all_its_programs_do(half_made: Cluster, programs: list[int]) -> None:
    half_made.write_facts(half_made.facts | {"ready": True})
    assert half_made.state == "running"
    subprocess.run(["kill", "-9", str(programs[0])], check=True)
    while len(running_under(half_made.folder)) == len(programs):
        pass
    assert half_made.state == "stopped"


def test_only_programs_of_the_folder_belong_to_the_cluster(half_made: Cluster, programs: list[int]) -> None:
    log = half_made.folder / "log"
    log.touch()
    with subprocess.Popen(["tail", "-f", log], stdout=subprocess.DEVNULL) as reader:
        assert sorted(running_under(half_made.folder)) == sorted(programs)
        assert end_all(half_made.folder) == len(programs)
        assert reader.poll() is None
        reader.kill()


def test_down_ends_the_programs_of_a_half_made_cluster_and_leaves_no_file(
    half_made: Cluster, programs: list[int], steps: Steps
) -> None:
    assert down(half_made, steps)
    assert running_under(half_made.folder) == []
    assert not state_root().exists()


def test_down_of_nothing_changes_nothing(steps: Steps) -> None:
    assert not down(Cluster(), steps)
    assert not state_root().exists()


def test_records_and_keys_are_for_the_user_alone(half_made: Cluster) -> None:
    assert half_made.write("kubeconfig", "key").stat().st_mode & 0o777 == 0o600
    assert (half_made.folder / "cluster.json").stat().st_mode & 0o777 == 0o600


def test_the_state_folder_follows_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PODZOL_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_root() == tmp_path / "podzol/clusters"


def test_up_without_a_tool_says_how_to_install_it(steps: Steps) -> None:
    with pytest.raises(Failure, match=r"^helm v\S+ is not installed; run `podzol toolchain install cluster`"):
        up(Cluster(), DEFAULT_POOLS, steps)
    assert Cluster().state == "absent"


@pytest.mark.usefixtures("tools_there")
def test_up_on_a_full_disk_says_so_and_leaves_nothing(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=100 * 2**20))
    with pytest.raises(Failure) as error:
        up(Cluster(), DEFAULT_POOLS, steps)
    assert str(error.value) == (
        f"{state_root()} has 100 MiB free, a cluster needs 500 MiB; "
        "free some space, or set PODZOL_STATE to a folder on another disk"
    )
    assert Cluster().state == "absent"


@pytest.mark.usefixtures("tools_there")
def test_a_disk_that_fills_up_on_the_way_leaves_nothing(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lifecycle.control_plane, "start", write)
    with pytest.raises(Failure) as error:
        up(Cluster(), DEFAULT_POOLS, steps)
    assert str(error.value) == f"{Cluster().folder}: No space left on device; nothing was left behind"
    assert Cluster().state == "absent"


@pytest.mark.usefixtures("tools_there")
def test_a_control_plane_that_does_not_start_says_why_and_leaves_nothing(steps: Steps) -> None:
    with pytest.raises(Failure) as error:
        up(Cluster(), DEFAULT_POOLS, steps)
    assert str(error.value) == "the control plane of podzol did not start: kwokctl says nothing"
    assert Cluster().state == "absent"


def test_the_ports_of_another_cluster_are_left_to_it(half_made: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(lifecycle.ports, "choose", lambda count, taken: asked.append(set(taken)) or list(range(count)))
    lifecycle.reserve(Cluster("other"), DEFAULT_POOLS, None, None)
    assert asked == [{20_000}]
    facts = json.loads((Cluster("other").folder / "cluster.json").read_text())
    assert facts["ports"]["kubeApiserverPort"] == 0
