"""The verbs `podzol scenario`: what they print, and with which exit code they end."""

from pathlib import Path

import pytest

from podzol.cli import main
from podzol.elasticity.report import Report
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
