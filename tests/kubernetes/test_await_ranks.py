"""The program that waits until every rank has a machine, with names that come one after the other."""

import socket
from typing import Any

import pytest

from podzol.kubernetes import await_ranks


def test_waits_until_the_last_rank_has_a_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {"train-0.ranks"}
    slept: list[float] = []

    def resolve(name: str, port: None) -> list[Any]:
        if name not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [name]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        known.add(f"train-{len(slept)}.ranks")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(await_ranks.time, "sleep", sleep)
    monkeypatch.setattr(await_ranks.signal, "signal", lambda *_: None)
    for name, value in {"PODZOL_JOB_NAME": "train", "SERVICE": "ranks", "NODES": "3"}.items():
        monkeypatch.setenv(name, value)
    await_ranks.main()
    assert slept == [await_ranks.POLL_SECONDS] * 2
    assert capsys.readouterr().out.splitlines() == [
        "waiting for 2 of 3 ranks, such as train-1.ranks",
        "waiting for 1 of 3 ranks, such as train-2.ranks",
        "all 3 ranks are there",
    ]
