"""A watch hands on each state of each object once, whatever the connection and the server do."""

import asyncio
from contextlib import suppress

import httpx2
import pytest
from fake_api import Exhausted, FakeApi, bookmark, failure, page, pod, watch

from podzol.elasticity import watch as watch_module
from podzol.elasticity.kinds import KINDS
from podzol.elasticity.watch import Seen, Watch

PODS = next(kind for kind in KINDS if kind.name == "Pod")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "PAUSES_SECONDS", (0.0,))
    monkeypatch.setattr(watch_module, "UNKNOWN_SECONDS", 0.0)


def run(api: FakeApi, known: dict[str, Seen] | None = None) -> tuple[list[tuple[str, str, str]], list[str]]:
    """What is handed on (change, name, phase), and what is told, until the answers are used up."""
    changes: list[tuple[str, str, str]] = []
    told: list[str] = []

    def hand_on(change: str, uid: str, state: Seen) -> None:
        changes.append((change, state.name, state.fields["phase"]))

    it = Watch(api, PODS, "api/v1/pods", known or {}, hand_on, lambda what, why: told.append(what))
    with suppress(Exhausted):
        asyncio.run(it.run())
    return changes, told


def test_goes_on_from_the_last_version_when_a_connection_ends() -> None:
    api = FakeApi(
        page(5, pod("a", 3)),
        watch(("MODIFIED", pod("a", 7, "Running")), ("ADDED", pod("b", 8))),
        watch(("MODIFIED", pod("b", 9, "Running"))),
    )
    changes, told = run(api)
    assert changes == [
        ("added", "a", "Pending"),
        ("modified", "a", "Running"),
        ("added", "b", "Pending"),
        ("modified", "b", "Running"),
    ]
    assert told == []
    assert [asked.get("resourceVersion") for asked in api.asked] == [None, "5", "8", "9"]
    assert api.asked[1]["allowWatchBookmarks"] == "true"


def test_goes_on_from_a_bookmark() -> None:
    api = FakeApi(page(5), watch(bookmark(40)), watch())
    run(api)
    assert [asked.get("resourceVersion") for asked in api.asked] == [None, "5", "40", "40"]


def test_leaves_a_torn_line_to_the_next_watch() -> None:
    api = FakeApi(page(5), watch(("ADDED", pod("a", 6)), torn='{"type":"ADDED","obj'), watch(("ADDED", pod("b", 7))))
    changes, _ = run(api)
    assert changes == [("added", "a", "Pending"), ("added", "b", "Pending")]
    assert api.asked[2]["resourceVersion"] == "6"


@pytest.mark.parametrize(
    "gone",
    [
        failure(410, "Expired", "too old resource version: 5 (90)"),
        watch(("ERROR", {"kind": "Status", "metadata": {}, "code": 410, "reason": "Expired", "message": "too old"})),
        failure(504, "Timeout", "Too large resource version: 5, current: 2"),
    ],
    ids=["answered", "within the watch", "the server has forgotten"],
)
def test_lists_anew_when_the_version_is_gone_and_hands_on_only_what_differs(gone: httpx2.Response) -> None:
    api = FakeApi(
        page(5, pod("same", 1), pod("changed", 2), pod("lost", 3)),
        gone,
        page(90, pod("same", 1), pod("changed", 80, "Running"), pod("new", 81)),
        watch(("MODIFIED", pod("new", 91, "Running"))),
    )
    changes, told = run(api)
    assert changes[3:] == [
        ("deleted", "lost", "Pending"),
        ("modified", "changed", "Running"),
        ("added", "new", "Pending"),
        ("modified", "new", "Running"),
    ]
    assert told == ["relisted"]
    assert api.asked[3]["resourceVersion"] == "90"


def versions(*answers: httpx2.Response, known: dict[str, Seen] | None = None) -> list[tuple[str, str, str]]:
    """What is written (change, uid, version) until the answers are used up."""
    written: list[tuple[str, str, str]] = []
    it = Watch(
        FakeApi(*answers),
        PODS,
        "api/v1/pods",
        known or {},
        lambda change, uid, state: written.append((change, uid, state.version)),
        lambda what, why: None,
    )
    with suppress(Exhausted):
        asyncio.run(it.run())
    return written


EXPIRED = failure(410, "Expired", "too old resource version: 5 (90)")


def test_a_deletion_that_nobody_saw_has_no_version() -> None:
    """Its last state's version was written with that state: a restarted API server makes the watch list anew."""
    written = versions(page(5, pod("a", 3)), EXPIRED, page(90), watch())
    assert written == [("added", "uid-a", "3"), ("deleted", "uid-a", "")]


def test_a_change_that_is_brought_again_is_passed_over() -> None:
    again = watch(("ADDED", pod("a", 6)), ("MODIFIED", pod("a", 7, "Running")), ("DELETED", pod("a", 8, "Running")))
    written = versions(page(5), again, again, watch(("ADDED", pod("b", 9))))
    assert written == [
        ("added", "uid-a", "6"),
        ("modified", "uid-a", "7"),
        ("deleted", "uid-a", "8"),
        ("added", "uid-b", "9"),
    ]


def test_what_a_server_restored_from_a_backup_brings_has_no_version_until_it_is_further_than_before() -> None:
    written = versions(
        page(5, pod("a", 3)),
        watch(("MODIFIED", pod("a", 7, "Running")), ("ADDED", pod("b", 8)), ("DELETED", pod("b", 9))),
        failure(504, "Timeout", "Too large resource version: 9, current: 6"),
        page(6, pod("a", 3)),
        watch(("MODIFIED", pod("a", 7, "Failed")), ("ADDED", pod("c", 10))),
    )
    assert written[4:] == [("modified", "uid-a", ""), ("modified", "uid-a", ""), ("added", "uid-c", "10")]


def test_what_an_earlier_recorder_saw_is_not_written_with_the_same_version_again() -> None:
    seen = Seen("a", "soil", "7", {"phase": "Running"})
    assert versions(page(6, pod("a", 3)), watch(), known={"uid-a": seen}) == [("modified", "uid-a", "")]


def test_survives_a_server_that_is_away() -> None:
    refused = httpx2.ConnectError("connection refused")
    api = FakeApi(
        page(5, pod("a", 3)),
        httpx2.RemoteProtocolError("peer closed connection"),
        refused,
        refused,
        failure(503, "ServiceUnavailable", "starting"),
        watch(("DELETED", pod("a", 6))),
    )
    changes, told = run(api)
    assert changes == [("added", "a", "Pending"), ("deleted", "a", "Pending")]
    assert told == ["lost", "resumed"]
    assert [asked.get("resourceVersion") for asked in api.asked[1:]] == ["5", "5", "5", "5", "5", "6"]


def test_reads_a_list_page_by_page() -> None:
    api = FakeApi(page(5, pod("a", 3), more="next"), page(5, pod("b", 4)), watch())
    changes, _ = run(api)
    assert [name for _, name, _ in changes] == ["a", "b"]
    assert api.asked[1] == {"limit": "500", "continue": "next"}


def test_begins_the_list_again_when_its_next_page_is_gone() -> None:
    expired = failure(410, "Expired", "the provided continue parameter is too old")
    api = FakeApi(page(5, pod("a", 3), more="next"), expired, page(6, pod("a", 3), pod("b", 4)), watch())
    changes, _ = run(api)
    assert [name for _, name, _ in changes] == ["a", "b"]


def test_is_silent_about_a_change_of_what_is_not_kept() -> None:
    noisy = pod("a", 6)
    noisy["metadata"]["annotations"] = {"heartbeat": "13:45"}
    changes, _ = run(FakeApi(page(5, pod("a", 3)), watch(("MODIFIED", noisy))))
    assert changes == [("added", "a", "Pending")]


def test_does_not_hand_on_again_what_an_earlier_recorder_saw() -> None:
    seen = Seen("a", "soil", "3", {"phase": "Pending"})
    changes, _ = run(FakeApi(page(9, pod("a", 3), pod("b", 8)), watch()), {"uid-a": seen, "uid-old": seen})
    assert changes == [("deleted", "a", "Pending"), ("added", "b", "Pending")]


def test_ends_when_it_is_refused() -> None:
    changes, told = run(FakeApi(failure(403, "Forbidden", 'pods is forbidden: User "dev" cannot list resource "pods"')))
    assert (changes, told) == ([], ["refused"])


def test_asks_again_for_a_kind_that_comes_later() -> None:
    missing = failure(404, "NotFound", "the server could not find the requested resource")
    changes, told = run(FakeApi(missing, missing, page(5, pod("a", 3)), watch()))
    assert changes == [("added", "a", "Pending")]
    assert told == ["unknown", "unknown"]
