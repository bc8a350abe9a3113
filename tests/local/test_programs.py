"""The programs of a cluster: known by name, started again when they died, given up when they always do."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from podzol.faults import Failure
from podzol.local import programs, revival
from podzol.local.cluster import PROGRAMS, Cluster
from podzol.local.logs import last_error, why_not_started
from podzol.local.processes import end_all, ids_under, running_under
from podzol.local.programs import Program


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster whose programs are a script that lives until it is ended; none of them runs yet."""
    cluster = Cluster("soil")
    for folder in (cluster.links, cluster.logs, cluster.home / "pids"):
        folder.mkdir(parents=True)
    for name in PROGRAMS:
        (cluster.links / name).symlink_to("/bin/sleep")
    record = {"components": [{"name": name, "args": ["600"]} for name in PROGRAMS]}
    (cluster.home / "kwok.yaml").write_text(yaml.safe_dump(record))
    cluster.write_facts({"ready": True})
    yield cluster
    end_all(cluster.folder)


def end(cluster: Cluster, name: str) -> None:
    os.kill(ids_under(cluster.folder)[name], signal.SIGKILL)
    while name in ids_under(cluster.folder):
        pass


def test_what_has_died_is_started_again_and_nothing_else(cluster: Cluster) -> None:
    assert programs.revive(cluster) == list(PROGRAMS)
    before = ids_under(cluster.folder)
    end(cluster, "metrics-server")
    assert (cluster.state, programs.dead(cluster)) == ("stopped", ["metrics-server"])
    assert programs.revive(cluster) == ["metrics-server"]
    after = ids_under(cluster.folder)
    assert {name for name in after if after[name] != before[name]} == {"metrics-server"}
    assert cluster.state == "running"
    assert (cluster.home / "pids" / "metrics-server.pid").read_text() == str(after["metrics-server"])
    assert programs.revive(cluster) == []


def test_what_has_died_is_started_once_when_two_notice_at_once(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revival, "is_served", lambda cluster: True)
    with ThreadPoolExecutor() as at_once:
        list(at_once.map(revival.revive, [cluster, cluster]))
    assert len(running_under(cluster.folder)) == len(PROGRAMS)


def test_a_program_that_always_dies_is_given_up_with_the_last_error_of_its_log(cluster: Cluster) -> None:
    (cluster.links / "etcd").unlink()
    (cluster.links / "etcd").symlink_to("/bin/false")
    (cluster.logs / "etcd.log").write_text("starting\nError: no space left\nUsage:\n  [flags]\n")
    with pytest.raises(Failure) as error:
        programs.revive(cluster)
    assert str(error.value) == "etcd of soil died 3 times:\n  etcd: Error: no space left"


def test_of_a_line_in_json_the_message_and_the_error_are_told(cluster: Cluster) -> None:
    line = '{"time":"12:00","level":"ERROR","msg":"could not list","err":"refused","stack":"a\\nb"}'
    (cluster.logs / "etcd.log").write_text(f"started\n{line}\n")
    assert last_error(cluster, "etcd") == "could not list: refused"
    assert why_not_started(cluster, "") == "etcd: could not list: refused"


def test_a_full_disk_is_told_alone(cluster: Cluster) -> None:
    (cluster.logs / "etcd.log").write_text(
        '{"level":"fatal","error":"write db: no space left on device","stack":"x"}\n'
    )
    told = "etcd finds no space left on device; free some, or set PODZOL_STATE to a folder on another disk"
    assert why_not_started(cluster, "ERROR: timeout") == told


def test_a_cluster_runs_only_while_a_program_that_was_added_does(cluster: Cluster) -> None:
    programs.revive(cluster)
    programs.add(cluster, Program("karpenter", ["600"], {"LOG_LEVEL": "debug"}), Path("/bin/sleep"))
    assert cluster.state == "running"
    assert json.loads((cluster.folder / "programs/karpenter.json").read_text())["environment"] == {"LOG_LEVEL": "debug"}
    end(cluster, "karpenter")
    assert cluster.state == "stopped"
    assert programs.revive(cluster) == ["karpenter"]
