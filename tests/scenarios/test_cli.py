"""The verbs `podzol scenario`: what they print, and with which exit code they end."""

from pathlib import Path

import pytest

from podzol.cli import main
from podzol.elasticity.report import Report
from podzol.local.cluster import Cluster
from podzol.scenarios import run
from podzol.scenarios.catalogue import SCENARIOS
from podzol.scenarios.claims import Found, Verdict
from podzol.scenarios.played import Outcome


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code."""
    monkeypatch.setattr("sys.argv", ["podzol", "scenario", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_the_list_has_every_scenario_with_its_first_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(SCENARIOS)
    assert lines[0] == "gpu-from-zero       A training job brings its GPU node, and takes it away again"


@pytest.mark.parametrize(("against", "code"), [("", 0), ("it failed", 1)])
def test_the_exit_code_is_1_when_a_claim_does_not_hold(
    against: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = SCENARIOS["hpa"]
    verdicts = [Verdict("the job completes", Found(against))]
    outcome = Outcome(scenario, verdicts, [], 1.0, Path("run/report.html"), Report("", []))
    monkeypatch.setattr(run, "run", lambda *arguments: outcome)
    assert called(monkeypatch, "run", "hpa", "--fast") == code
    said = capsys.readouterr()
    assert (
        "podzol: hpa: 1 of 1 claims do not hold, first of all:\n  the job completes: it failed" in said.err
    ) == bool(code)
    assert said.out == ("" if code else "run/report.html\n")


def test_an_unknown_name_ends_in_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(monkeypatch, "run", "day-and-night") == 2
    assert capsys.readouterr().err.startswith("podzol: NAME: must be one of gpu-from-zero, ")


def test_one_scenario_at_a_time_is_played_on_a_cluster(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PODZOL_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(run, "up", lambda *arguments: pytest.fail("nothing is to be started"))
    with run.alone(Cluster("shown")):
        assert called(monkeypatch, "run", "hpa", "--name", "shown", "--report", str(tmp_path / "run")) == 2
    assert capsys.readouterr().err == (
        'podzol: --name: must be a cluster on which no scenario is being played, got "shown"; '
        "take another name, or wait for its end\n"
    )
    assert not (tmp_path / "state" / "clusters").exists(), "nothing is left"


def test_a_report_that_cannot_be_written_is_known_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PODZOL_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(run, "up", lambda *arguments: pytest.fail("nothing is to be started"))
    (tmp_path / "file").touch()
    assert called(monkeypatch, "run", "hpa", "--report", str(tmp_path / "file")) == 1
    assert called(monkeypatch, "run", "hpa", "--markdown", str(tmp_path / "file" / "a.md")) == 1
    assert capsys.readouterr().err == (
        f"podzol: {tmp_path}/file/records.jsonl: can't be written: Not a directory\n"
        f"podzol: {tmp_path}/file/a.md: can't be written: Not a directory\n"
    )
