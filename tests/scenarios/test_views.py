"""What a run shows while it goes on and at its end, from the records of a real one."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from podzol.elasticity.records import Record
from podzol.elasticity.report import Report
from podzol.faults import Failure
from podzol.scenarios.catalogue import SCENARIOS
from podzol.scenarios.claims import Found, Verdict
from podzol.scenarios.decisions import decision
from podzol.scenarios.live import Lines, Screen, view
from podzol.scenarios.played import Outcome
from podzol.scenarios.seen import NotSeen, Seen
from podzol.scenarios.settings import Settings
from podzol.scenarios.verdicts import show

Records = Callable[[str], list[Record]]


@pytest.fixture
def console() -> Console:
    return Console(record=True, width=140, force_terminal=False, file=io.StringIO())


def event(**fields: object) -> Record:
    return Record(0.0, "Event", change="added", fields=fields)


@pytest.mark.parametrize(
    ("record", "who", "what"),
    [
        (Record(0.0, "Note", fields={"text": "The load ends"}), "scenario", "The load ends"),
        (
            Record(0.0, "NodeClaim", change="modified", fields={"pool": "gpu-pool", "machine": "g6.2xlarge"}),
            "Karpenter",
            "orders g6.2xlarge for gpu-pool",
        ),
        (
            event(
                reason="SuccessfulRescale",
                about_name="api",
                message="New size: 5; reason: cpu resource utilization (percentage of request) above target",
            ),
            "HPA",
            "api to 5 replicas: cpu is above its target",
        ),
        (
            event(
                reason="FailedScheduling",
                about_name="train-x",
                message="0/1 nodes are available: 1 Insufficient nvidia.com/gpu. preemption: 0/1 nodes are available",
            ),
            "scheduler",
            "no room for train-x: one node has no GPU free",
        ),
        (
            event(reason="DisruptionTerminating", about="Node", about_name="n1", message="Disrupting Node: Empty"),
            "Karpenter",
            "takes n1 away: nothing runs on it",
        ),
    ],
)
def test_a_decision_is_told_with_who_made_it_and_why(record: Record, who: str, what: str) -> None:
    made = decision(record)
    assert made
    assert (made.who, made.what) == (who, what)


def test_other_records_tell_of_no_decision(records: Records) -> None:
    kinds = {record.kind for record in records("both") if decision(record)}
    assert kinds == {"Note", "NodeClaim", "Event"}


def test_without_a_terminal_each_decision_is_one_line(records: Records, settings: Settings, console: Console) -> None:
    shown = view(SCENARIOS["both"], settings, console)
    assert isinstance(shown, Lines)
    with shown:
        for record in records("both"):
            shown.take(record)
    lines = console.export_text().splitlines()
    assert any(line.endswith("Karpenter orders g6.2xlarge for gpu-pool") for line in lines)
    assert sum("no room for a pod of data-api: one node has too little CPU free" in line for line in lines) == 1
    assert any(line.endswith("Karpenter takes node 2 of cpu-pool away: its pods fit elsewhere") for line in lines)
    assert any("HPA       data-api to 5 replicas" in line for line in lines)


def test_the_screen_has_pools_nodes_replicas_load_and_decisions(records: Records, settings: Settings) -> None:
    drawn = Console(record=True, width=140, force_terminal=True, file=io.StringIO())
    screen = Screen(SCENARIOS["both"], settings, drawn)
    run = records("both")
    until = next(r.at for r in run if r.kind == "Note" and r.fields["text"].startswith("All of the load"))
    for record in run:
        if record.at <= until:
            screen.take(record)
    drawn.print(screen.drawn())
    text = drawn.export_text()
    assert "cpu-pool  ■■ 2" in text
    assert "1 to 6" in text
    assert re.search(r"data-api +5 +5 +2 to 12 +111 % +50 % +109 of 109/s, \d+ ms", text)
    assert "Karpenter orders" in text


@pytest.mark.parametrize(("width", "height"), [(80, 24), (140, 50)])
def test_the_screen_fits_the_terminal(width: int, height: int, records: Records, settings: Settings) -> None:
    drawn = Console(record=True, width=width, height=height, force_terminal=True, file=io.StringIO())
    screen = Screen(SCENARIOS["both"], settings, drawn)
    for record in records("both"):
        screen.take(record)
    drawn.print(screen.drawn())
    lines = drawn.export_text().splitlines()
    assert len(lines) < height
    assert max(map(len, lines)) <= width
    assert "takes node 2 of cpu-pool away" in lines[-1]


def test_waiting_ends_when_it_holds_and_says_what_was_not_seen(records: Records) -> None:
    seen = Seen()
    with pytest.raises(NotSeen) as error:
        seen.until("a GPU node", lambda it: it.nodes("gpu-pool"), 0.01)
    assert str(error.value) == "not seen within 0 s: a GPU node"
    for record in records("both"):
        seen.take(record)
        if seen.nodes("gpu-pool"):
            break
    seen.until("a GPU node", lambda it: it.nodes("gpu-pool"), 0.01)


def test_waiting_ends_when_nobody_waits_any_more() -> None:
    seen = Seen()
    seen.abandon()
    with pytest.raises(NotSeen):
        seen.until("a GPU node", lambda it: it.nodes("gpu-pool"), 60)


def test_what_is_gone_is_not_seen_any_more(records: Records) -> None:
    seen = Seen()
    for record in records("both"):
        seen.take(record)
    assert seen.nodes("gpu-pool") == []
    assert [node.name for node in seen.nodes("cpu-pool")] == ["cpu-pool-floor-0"]
    assert seen.phases("soil", "data-api") == {"running": 2}


def test_a_broken_claim_is_explained_by_what_happened_last(console: Console) -> None:
    verdicts = [Verdict("the job completes", Found("it failed")), Verdict("the pool ends at 0", Found(measured="0"))]
    outcome = Outcome(SCENARIOS["gpu-from-zero"], verdicts, [], 42.0, Path("run/report.html"), Report("", []))
    assert not outcome.held
    assert outcome.explanation() == (
        "gpu-from-zero: 1 of 2 claims do not hold, first of all:\n  the job completes: it failed\n"
        "what happened last:\nall of it: run/report.html"
    )
    show(outcome, console)
    assert console.export_text() == (
        "\n✗ the job completes: it failed\n✓ the pool ends at 0 (0)\ngpu-from-zero: 1 of 2 claims hold, 42 s\n"
    )


def test_not_seen_is_a_failure_that_a_person_can_read() -> None:
    assert issubclass(NotSeen, Failure)
