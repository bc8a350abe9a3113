"""`podzol local up --runtime`: passed through to kwokctl where there is a container engine."""

from pathlib import Path

import pytest

from podzol.faults import Failure, UserError
from podzol.local.engine import pass_through
from podzol.local.steps import Steps


def put(folder: Path, name: str, script: str) -> Path:
    """A program of the test's own."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what the test puts there, and a kwokctl that says what it was asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PODZOL_KWOKCTL", str(put(folder, "kwokctl", f'echo "$@" > {tmp_path}/asked')))
    return folder


def test_without_an_engine_it_says_so_and_what_to_do(programs: Path, steps: Steps) -> None:
    with pytest.raises(Failure) as caught:
        pass_through("lab", "kind", steps)
    assert str(caught.value) == (
        "there is no container engine docker on this machine; "
        "leave --runtime out: `podzol local up --run` needs no engine"
    )


def test_an_engine_that_does_not_work_is_quoted(programs: Path, steps: Steps) -> None:
    put(programs, "podman", "echo 'cannot connect to Podman' >&2; exit 125")
    with pytest.raises(Failure) as caught:
        pass_through("lab", "podman", steps)
    assert str(caught.value).startswith("podman does not work: cannot connect to Podman; leave --runtime out")


def test_with_an_engine_kwokctl_makes_the_cluster(programs: Path, steps: Steps, tmp_path: Path) -> None:
    put(programs, "docker", "exit 0")
    pass_through("lab", "kind", steps)
    assert (tmp_path / "asked").read_text() == "create cluster --name lab --runtime kind\n"
    assert "context kwok-lab; `kwokctl delete cluster --name lab` ends it" in steps.console.export_text()


def test_a_runtime_that_kwokctl_has_not_is_refused(steps: Steps) -> None:
    with pytest.raises(UserError) as caught:
        pass_through("lab", "vagrant", steps)
    assert str(caught.value) == (
        '--runtime: must be one of docker, kind, podman, kind-podman, nerdctl, kind-nerdctl, got "vagrant"'
    )
