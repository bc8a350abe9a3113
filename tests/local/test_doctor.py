"""What `podzol doctor` says."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from podzol.cli import app, doctor
from podzol.local.toolchain.tools import all_tools

doctor.register(app)


@pytest.fixture
def findings() -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code and findings of a machine with an empty cache."""
    result = CliRunner().invoke(app, ["doctor", "--json"])
    return result.exit_code, {finding["name"].split()[0]: finding for finding in json.loads(result.stdout)}


def test_a_missing_tool_of_the_cluster_is_an_error_with_what_to_do(findings) -> None:
    code, found = findings
    assert code == 1
    assert found["helm"]["verdict"] == "missing"
    assert found["helm"]["advice"] == "podzol toolchain install cluster"


def test_a_missing_tool_that_only_some_need_is_none(findings) -> None:
    _, found = findings
    assert found["karpenter"]["verdict"] == "optional"
    assert found["karpenter"]["advice"] == "podzol toolchain install autoscaling"


def test_python_and_node_are_found(findings) -> None:
    _, found = findings
    assert (found["Python"]["verdict"], found["Node"]["verdict"]) == ("ok", "ok")


def test_with_all_tools_there_it_exits_with_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program"
    program.write_text("")
    program.chmod(0o755)
    for tool in all_tools().values():
        monkeypatch.setenv(tool.variable, str(program))
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert "what to do" in result.stdout


def test_a_variable_that_names_nothing_is_reported_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODZOL_HELM", "/nowhere")
    result = CliRunner().invoke(app, ["doctor", "--json"])
    advice = {finding["name"].split()[0]: finding["advice"] for finding in json.loads(result.stdout)}["helm"]
    assert advice == "PODZOL_HELM names /nowhere, which is no program; correct it or unset it"
