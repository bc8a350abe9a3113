"""The verb `podzol why`: what it prints, and its exit code for CI."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from test_answers import FOLDER, evidence_of

import podzol.why
from podzol.cli import main

Why = Callable[..., tuple[int, str, str]]


@pytest.fixture
def why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Why:
    """Runs the command on recorded evidence: its exit code and what it printed."""

    def run(recorded: str, *arguments: str) -> tuple[int, str, str]:
        evidence = evidence_of(yaml.safe_load((FOLDER / f"{recorded}.yaml").read_text(encoding="utf-8")))
        monkeypatch.setattr(podzol.why, "read", lambda kubeconfig, namespace, context: (evidence, namespace or "soil"))
        monkeypatch.setattr(sys, "argv", ["podzol", "why", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


def test_what_runs_ends_with_0(why: Why) -> None:
    code, out, err = why("runs", "api")
    assert (code, out.splitlines()[0], err) == (0, "api in soil: it runs", "")


def test_what_does_not_run_ends_with_1_and_the_reason(why: Why) -> None:
    code, out, _ = why("helm-killed", "train")
    assert code == 1
    assert "The likeliest reason: release train: a `helm install` is under way" in out


def test_a_mistake_of_the_user_ends_with_2(why: Why) -> None:
    code, out, err = why("runs", "deploy/apo")
    assert (code, out) == (2, "")
    assert (
        err
        == 'podzol: NAME: must be a Deployment in the namespace soil, got "deploy/apo"; the nearest are deploy/api\n'
    )


def test_programs_get_json(why: Why) -> None:
    code, out, _ = why("kueue-no-such-queue", "train", "--json")
    found = json.loads(out)
    assert code == 1
    assert found["runs"] is False
    assert found["states"] == [{"name": "Job/train", "runs": False, "state": "it is suspended"}]
    assert found["findings"] == [
        {
            "cause": "queue",
            "likelihood": "said",
            "stops": True,
            "about": ["Job/train"],
            "reason": "it waits for the queue gpus, which the namespace has not; there are gpu",
            "todo": "set `queueName` to one of them in the values and upgrade the release",
            "seen": [],
        }
    ]


def test_a_kubeconfig_that_is_not_there_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["podzol", "why", "train", "--kubeconfig", str(tmp_path / "none")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("podzol: --kubeconfig: must be a kubeconfig with a current context, got ")
