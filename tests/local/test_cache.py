"""Where tools are found, and how files and locks behave when two commands meet."""

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from podzol.faults import Failure
from podzol.local.toolchain import cache, find, require
from podzol.local.toolchain.tools import tool


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_an_empty_cache_has_nothing_and_says_how_to_get_it() -> None:
    assert find("helm") is None
    with pytest.raises(Failure) as error:
        require("helm")
    assert str(error.value) == (
        f"helm {tool('helm').version} is not installed; run `podzol toolchain install cluster`, "
        "or set PODZOL_HELM to a program of your own"
    )


def test_a_tool_of_the_cache_is_found() -> None:
    place = put(cache.place_of(tool("helm")))
    assert find("helm") == require("helm") == place


def test_another_version_in_the_cache_is_not_found() -> None:
    put(cache.place_of(tool("helm").model_copy(update={"version": "v0.0.1"})))
    assert find("helm") is None


def test_the_variable_goes_before_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(cache.place_of(tool("kube-apiserver")))
    own = put(tmp_path / "my-apiserver")
    monkeypatch.setenv("PODZOL_KUBE_APISERVER", str(own))
    assert find("kube-apiserver") == own


def test_a_variable_that_names_nothing_is_an_error_not_a_fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    put(cache.place_of(tool("helm")))
    monkeypatch.setenv("PODZOL_HELM", "/nowhere/helm")
    with pytest.raises(Failure) as error:
        find("helm")
    assert str(error.value) == "PODZOL_HELM names /nowhere/helm, which is no program; correct it or unset it"


def test_the_cache_follows_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PODZOL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.root() == tmp_path / "podzol"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.root() == Path.home() / ".cache/podzol"


def test_a_file_takes_its_place_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    path.write_text("old")
    with pytest.raises(OSError, match="full"):
        write_half(path)
    assert path.read_text() == "old"
    with cache.placing(path) as partial:
        partial.write_text("new")
    assert path.read_text() == "new"
    assert os.listdir(path.parent) == ["file"]


def write_half(path: Path) -> None:
    with cache.placing(path) as partial:
        partial.write_text("half")
        raise OSError("disk full")


def hold(path: Path, events: Connection, me: str) -> None:
    with cache.locked(path, lambda: events.send(f"{me} waits")):
        events.send(f"{me} has it")
        if me == "first":
            assert events_of_second_wait.wait(20)
        events.send(f"{me} is done")


def following(events: Connection) -> str:
    """What was sent next. A pipe keeps the order of two processes; a queue's threads don't."""
    assert events.poll(20), "nothing more was sent"
    return str(events.recv())


events_of_second_wait = multiprocessing.get_context("fork").Event()


def test_a_second_command_waits_for_the_first_and_the_lock_file_is_gone_afterwards(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    (events, sent), path = fork.Pipe(duplex=False), tmp_path / "lock"
    first = fork.Process(target=hold, args=(path, sent, "first"))
    first.start()
    assert following(events) == "first has it"
    second = fork.Process(target=hold, args=(path, sent, "second"))
    second.start()
    assert following(events) == "second waits"
    events_of_second_wait.set()
    rest = [following(events) for _ in range(3)]
    first.join()
    second.join()
    assert rest == ["first is done", "second has it", "second is done"]
    assert not path.exists()


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    (events, sent), path = fork.Pipe(duplex=False), tmp_path / "lock"
    events_of_second_wait.clear()
    holder = fork.Process(target=hold, args=(path, sent, "first"))
    holder.start()
    assert following(events) == "first has it"
    holder.kill()
    holder.join()
    with cache.locked(path, lambda: pytest.fail("nobody holds it")):
        pass


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure) as error, cache.locked(tmp_path / "file" / "lock", lambda: None):
        pass
    assert str(error.value) == f"{tmp_path / 'file'} can't be written: File exists"
