"""A program that is killed and started again."""

import subprocess
from pathlib import Path

import pytest

from podzol.faults import Failure
from podzol.local import revival
from podzol.local.cluster import Cluster


def test_a_program_that_dies_just_before_it_is_killed_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    died = subprocess.Popen(["/bin/true"])
    died.wait()
    seen = iter([{"etcd": died.pid}, {}])
    revived: list[str] = []
    monkeypatch.setattr(revival, "ids_under", lambda folder: next(seen))
    monkeypatch.setattr(revival, "start_what_died", lambda cluster: revived.append(cluster.name))
    revival.restart(Cluster("soil"), "etcd")
    assert revived == ["soil"]


def test_a_program_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def ids_under(folder: Path) -> dict[str, int]:
        return {"etcd": 1}

    monkeypatch.setattr(revival, "ids_under", ids_under)
    monkeypatch.setattr(revival, "kill", lambda pid, folder: None)
    monkeypatch.setattr(revival, "END_SECONDS", 0.0)
    with pytest.raises(Failure) as error:
        revival.restart(Cluster("soil"), "etcd")
    assert str(error.value) == "etcd of soil does not end"
