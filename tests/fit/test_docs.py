"""docs/fit.md: what it shows runs, and prints what it says."""

import re
import sys
from pathlib import Path

import pytest

from podzol.cli import main

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "fit.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


def ran(command: str, monkeypatch: pytest.MonkeyPatch, helm: Path) -> None:
    """Run the command of a block; it has to end well."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PODZOL_HELM", str(helm))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "argv", command.split())
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code


@pytest.mark.helm
def test_the_first_command_prints_what_the_page_shows(
    helm: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(blocks("sh")[0], monkeypatch, helm)
    printed, shown = capsys.readouterr().out, blocks("text")[0]
    assert [line.split() for line in printed.strip().splitlines()] == [
        line.split() for line in shown.strip().splitlines()
    ]


@pytest.mark.helm
def test_the_other_commands_run(helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in blocks("sh")[1:]:
        ran(command, monkeypatch, helm)


def test_the_python_runs_and_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("python")
    exec(compile(code, "docs/fit.md", "exec"), {})
    assert capsys.readouterr().out.strip() == code.rpartition("#")[2].strip()


def test_the_page_names_every_question() -> None:
    named = set(re.findall(r"\(`(\w+)\.py`\)", TEXT))
    asked = {path.stem for path in (ROOT / "constructs/podzol/fit").glob("*.py")}
    assert named <= asked
    assert {"selector", "taints", "resources", "quota", "volumes", "spot"} <= named
