"""Bad input, refused alike by three doors: in Python, by a real Helm, and by `podzol`; each tells where and why."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import podzol.cli
from podzol import workloads
from podzol.charts import build
from podzol.charts.catalogue import all_charts
from podzol.template import ValuesError
from podzol.workloads import Workload

ROOT = Path(__file__).parents[2]


class Case(NamedTuple):
    """Values that a workload refuses, and the faults that a person is told."""

    about: str
    workload: type[Workload]
    values: dict[str, Any]
    told: list[str]


CASES = [
    Case(case["about"], getattr(workloads, workload), case["values"], case["told"])
    for workload, cases in yaml.safe_load(Path(__file__).with_name("bad_input.yaml").read_text()).items()
    for case in cases
]


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Helm charts, just built."""
    place = tmp_path_factory.mktemp("charts")
    build.write(place, build.folders(all_charts(), ROOT / "CHANGELOG.md"))
    return place


def test_there_are_at_least_forty_cases_each_with_a_name_of_its_own() -> None:
    assert len({case.about for case in CASES}) == len(CASES) >= 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_python_refuses(case: Case) -> None:
    with pytest.raises(ValuesError) as refused:
        case.workload.render(case.values, release="a")
    assert str(refused.value).splitlines() == case.told


@pytest.mark.helm
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_helm_refuses_and_tells_where(case: Case, charts: Path, helm: Path, tmp_path: Path) -> None:
    """A rule is told in the same words; what the schema refuses, at the same place."""
    values = tmp_path / "values.yaml"
    values.write_text(json.dumps(case.values))
    chart = charts / case.workload.chart
    run = subprocess.run(
        [helm, "template", "a", chart, "--values", values], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    for fault in case.told:
        assert any(words in run.stderr for words in helm_words(fault)), run.stderr


def helm_words(fault: str) -> list[str]:
    """How Helm may tell a fault: as the rule says it, or as the schema's engine does, by the place of the value or of
    the section around it. It gives a wrong place for a bad key (seen with 4.3.1), but names the key."""
    where, key = fault.partition(":")[0], fault.partition('got "')[2].partition('"')[0]
    parent, _, name = ("/" + where.replace(".", "/").replace("[", "/").replace("]", "")).rpartition("/")
    return [
        fault,
        f"at '{parent}/{name}'",
        f"at '{parent}': missing property '{name}'",
        f"at '{parent}': additional properties '{name}'",
        f"invalid propertyName '{key}'",
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_podzol_refuses_with_exit_code_2(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = tmp_path / "application.py"
    app.write_text(
        f"from podzol import Platform, {case.workload.__name__}\n"
        f"soil = Platform('soil', {{'part': ({case.workload.__name__}, {case.values!r})}}, release='soil')\n"
    )
    monkeypatch.setattr(sys, "argv", ["podzol", "synth", str(app), "--out", str(tmp_path / "manifests")])
    with pytest.raises(SystemExit) as exit_:
        podzol.cli.main()
    assert exit_.value.code == 2
    assert capsys.readouterr().err == "".join(f"podzol: part.{fault}\n" for fault in case.told)
    assert not (tmp_path / "manifests").exists()
