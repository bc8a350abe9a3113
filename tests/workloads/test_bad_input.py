"""Bad input, refused alike by three doors: in Python, by a real Helm, and by `podzol`; each tells where and why."""

import json
import re
import shutil
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
from podzol.version import VERSION
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


@pytest.fixture(scope="module")
def helm_refusals(charts: Path, helm: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What Helm says of each case. One call of an umbrella with an alias a case tells what every schema refuses; rules
    stop at the first Helm chart that fails, so their cases run alone."""
    umbrella = tmp_path_factory.mktemp("umbrella")
    shutil.copytree(charts, umbrella / "charts")
    parts = {f"c{number}": case for number, case in enumerate(CASES)}
    dependencies = [{"name": case.workload.chart, "version": VERSION, "alias": part} for part, case in parts.items()]
    about = {"apiVersion": "v2", "name": "umbrella", "version": "0.0.0", "dependencies": dependencies}
    (umbrella / "Chart.yaml").write_text(json.dumps(about))
    told = template(helm, umbrella, {part: case.values for part, case in parts.items()})
    _, *sections = re.split(r"(?m)^(c[0-9]+):$", told)
    by_schema = dict(zip(sections[::2], sections[1::2], strict=True))
    return {
        case.about: by_schema.get(part) or template(helm, charts / case.workload.chart, case.values)
        for part, case in parts.items()
    }


def template(helm: Path, chart: Path, values: dict[str, Any]) -> str:
    """What Helm says while it refuses these values."""
    file = chart / "bad-values.json"
    file.write_text(json.dumps(values))
    run = subprocess.run([helm, "template", "a", chart, "--values", file], capture_output=True, text=True, check=False)
    assert run.returncode == 1, values
    return run.stderr


@pytest.mark.helm
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_helm_refuses_and_tells_where(case: Case, helm_refusals: dict[str, str]) -> None:
    """A rule is told in the same words; what the schema refuses, at the same place."""
    said = helm_refusals[case.about]
    for fault in case.told:
        assert any(words in said for words in helm_words(fault)), said


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


def loads(case: Case) -> bool:
    """The model takes the values, so that a rule refuses them."""
    try:
        case.workload.load(case.values)
    except ValuesError:
        return False
    return True


@pytest.mark.parametrize("by_rule", [False, True], ids=["by model", "by rule"])
def test_podzol_tells_the_faults_of_every_part_of_a_platform_and_exits_2(
    by_rule: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = {f"c{number}": case for number, case in enumerate(CASES) if loads(case) == by_rule}
    written = "".join(f"    {part!r}: ({case.workload.__name__}, {case.values!r}),\n" for part, case in parts.items())
    app = tmp_path / "application.py"
    app.write_text(f"from podzol import *\nsoil = Platform('soil', {{\n{written}}}, release='soil')\n")
    monkeypatch.setattr(sys, "argv", ["podzol", "synth", str(app), "--out", str(tmp_path / "manifests")])
    with pytest.raises(SystemExit) as exit_:
        podzol.cli.main()
    assert exit_.value.code == 2
    told = "".join(f"podzol: {part}.{fault}\n" for part, case in parts.items() for fault in case.told)
    assert capsys.readouterr().err == told
    assert not (tmp_path / "manifests").exists()
