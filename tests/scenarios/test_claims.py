"""Claims against recordings of real runs, as they are and with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from podzol.elasticity.records import Record
from podzol.elasticity.timeline import Timeline
from podzol.scenarios.catalogue import SCENARIOS
from podzol.scenarios.claims import Verdict, judged
from podzol.scenarios.points import fallen
from podzol.scenarios.settings import Settings

Records = Callable[[str], list[Record]]
Change = Callable[[Record], Record | None]


def verdicts(name: str, records: list[Record], settings: Settings) -> list[Verdict]:
    return judged(SCENARIOS[name].claims(settings), Timeline(records))


def against(name: str, records: list[Record], settings: Settings, change: Change) -> list[str]:
    """What speaks against the claims of a recording with one thing changed."""
    changed = [made for record in records if (made := change(record))]
    return [verdict.found.against for verdict in verdicts(name, changed, settings) if not verdict.held]


def with_fields(record: Record, **fields: Any) -> Record:
    return replace(record, fields={**record.fields, **fields})


@pytest.mark.parametrize("name", ["both", "spot-reclaim", "zone-loss", "no-capacity", "nightly"])
def test_every_claim_of_a_real_run_holds(name: str, records: Records, settings: Settings) -> None:
    assert [verdict for verdict in verdicts(name, records(name), settings) if not verdict.held] == []


@pytest.mark.parametrize(
    ("name", "count"), [("both", 16), ("spot-reclaim", 8), ("zone-loss", 8), ("no-capacity", 7), ("nightly", 11)]
)
def test_no_claim_holds_of_a_recording_in_which_nothing_happened(
    name: str, count: int, records: Records, settings: Settings
) -> None:
    empty = [record for record in records(name) if record.kind == "Run"]
    held = [verdict.sentence for verdict in verdicts(name, empty, settings) if verdict.held]
    assert len(SCENARIOS[name].claims(settings)) == count
    empty_ones = (" only", "nothing else", "no eviction", "never overlap", "finished Job")
    assert [sentence for sentence in held if not any(each in sentence for each in empty_ones)] == []


def test_a_failed_pod_breaks_the_claim_of_the_job(records: Records, settings: Settings) -> None:
    def change(record: Record) -> Record:
        return with_fields(record, failed=1) if record.kind == "Job" else record

    assert against("both", records("both"), settings, change) == ["1 of its pods failed"]


def test_a_pod_that_waits_a_moment_for_its_volume_breaks_no_claim(records: Records, settings: Settings) -> None:
    run = records("both")
    first = next(r for r in run if r.kind == "Pod" and r.fields.get("release") == "data-api")
    assert not first.fields.get("node")

    def change(record: Record) -> Record:
        unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
        return with_fields(record, unschedulable=unbound) if record is first else record

    assert against("both", run, settings, change) == []


def test_a_service_on_a_gpu_node_breaks_the_claims_of_both_pools(records: Records, settings: Settings) -> None:
    run = records("both")
    node = next(r.name for r in run if r.kind == "Node" and r.fields.get("pool") == "gpu-pool")
    pod = next(r for r in run if r.kind == "Pod" and r.fields.get("release") == "data-api" and r.fields.get("node"))

    def change(record: Record) -> Record:
        mine = record.uid == pod.uid and record.fields.get("node")
        return with_fields(record, node=node) if mine else record

    assert against("both", run, settings, change) == [f"{pod.name} on {node}"] * 2


def test_a_load_that_is_not_all_served_is_found_with_its_time(records: Records, settings: Settings) -> None:
    run = records("both")
    last = max(r.at for r in run if r.kind == "Load" and r.fields["offered"])

    def change(record: Record) -> Record:
        return with_fields(record, served=50) if (record.kind, record.at) == ("Load", last) else record

    (found,) = against("both", run, settings, change)
    since = last - Timeline(run).start
    assert found == f"data-api served 50 of 109 requests a second at {since:.1f} s"


def test_a_node_that_stays_breaks_every_claim_about_its_going(records: Records, settings: Settings) -> None:
    def change(record: Record) -> Record | None:
        gone = record.kind == "Node" and record.change == "deleted" and record.fields.get("pool") == "cpu-pool"
        return None if gone else record

    found = against("both", records("both"), settings, change)
    late = "not seen: cpu-pool is back at 1"
    assert found == [late, "cpu-pool ended with 2 nodes", late]


def test_what_takes_too_long_is_told_with_its_time(records: Records, settings: Settings) -> None:
    run = records("both")
    done = next(record.at for record in run if record.kind == "Job" and record.fields.get("complete"))
    found = against("both", run, settings, lambda it: replace(it, at=it.at + 200) if it.at > done else it)
    assert "it took 229.6 s" in found


def test_a_charged_retry_breaks_the_claim_of_a_reclaim(records: Records, settings: Settings) -> None:
    def change(record: Record) -> Record:
        return with_fields(record, failed=1) if record.kind == "Job" else record

    assert against("spot-reclaim", records("spot-reclaim"), settings, change) == ["1 of its retries were used"]


def test_an_eviction_beyond_the_budget_is_found(records: Records, settings: Settings) -> None:
    run = records("spot-reclaim")
    out = next(r for r in run if r.kind == "Pod" and r.fields.get("disrupted") and r.fields["release"] == "data-api")
    late = {r.name for r in run if r.kind == "Pod" and r.fields.get("release") == "data-api" and r.at > out.at + 1}
    missing = sorted(late - {out.name})[0]

    def change(record: Record) -> Record:
        return with_fields(record, ready=False) if record.name == missing else record

    (found, *_) = against("spot-reclaim", run, settings, change)
    assert "was evicted at " in found
    assert found.endswith(", which left 4 ready")


def test_lost_requests_are_counted(records: Records, settings: Settings) -> None:
    def change(record: Record) -> Record:
        return with_fields(record, served=0) if record.kind == "Load" and record.fields["offered"] else record

    (found,) = against("spot-reclaim", records("spot-reclaim"), settings, change)
    assert found.endswith("requests lost")


def test_an_answer_that_names_another_cause_is_told(records: Records, settings: Settings) -> None:
    def change(record: Record) -> Record:
        return with_fields(record, cause="quota", reason="no quota is left") if record.kind == "Why" else record

    assert against("spot-reclaim", records("spot-reclaim"), settings, change) == ["it said quota: no quota is left"]


def test_steps_have_fallen_when_they_are_down_for_good() -> None:
    assert fallen([(0, 1), (5, 3), (7, 1), (8, 2), (9, 1)], 1) == 9
    assert fallen([(0, 1), (5, 3)], 1) is None
    assert fallen([(0, 1)], 1) is None


def test_a_run_that_begins_though_it_was_left_out_is_found(records: Records, settings: Settings) -> None:
    run = records("nightly")
    left_out = next(r.at for r in run if r.kind == "Event" and r.fields.get("reason") == "JobAlreadyActive")
    job = next(r for r in run if r.kind == "Job" and r.change == "added" and r.fields["owner"] == "CronJob/refresh")
    late = replace(job, at=left_out + 11, name="refresh-late", uid="late")
    broken = [each for each in verdicts("nightly", sorted([*run, late], key=lambda r: r.at), settings) if not each.held]
    first, second = [each.found.against for each in broken]
    assert first == f"refresh-late began while {job.name} was running"
    assert second == "refresh-late began all the same"


def test_a_finished_job_that_is_never_cleared_away_is_found(records: Records, settings: Settings) -> None:
    def change(record: Record) -> Record | None:
        return None if record.kind == "Job" and record.change == "deleted" else record

    assert against("nightly", records("nightly"), settings, change) == ["2 are there"]


def test_a_node_that_joins_while_there_is_no_machine_is_found(records: Records, settings: Settings) -> None:
    run = records("no-capacity")
    withdrawn = next(r.at for r in run if r.kind == "Event" and r.fields.get("reason") == "InsufficientCapacity")

    def change(record: Record) -> Record:
        early = record.kind == "Node" and record.fields.get("pool") == "gpu-pool" and record.change != "deleted"
        return with_fields(replace(record, at=withdrawn + 1), ready=True) if early else record

    found = against("no-capacity", run, settings, change)
    assert "gpu-pool 1" in found


def test_a_node_in_the_zone_that_is_lost_is_found(records: Records, settings: Settings) -> None:
    run = records("zone-loss")
    zone = next(r.fields["about_name"] for r in run if r.kind == "Event" and r.fields.get("reason") == "ZoneLost")
    newest = next(r.name for r in reversed(run) if r.kind == "Node" and r.change == "added")

    def change(record: Record) -> Record:
        return with_fields(record, zone=zone) if (record.kind, record.name) == ("Node", newest) else record

    assert newest in against("zone-loss", run, settings, change)
