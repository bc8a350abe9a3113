"""What a scenario adds to the report: its story, its claims with their verdicts, how much was served, and how fast."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from podzol.elasticity.page import page
from podzol.elasticity.records import Record, RecordFile
from podzol.elasticity.report import Report
from podzol.elasticity.run import Run
from podzol.elasticity.timeline import Timeline
from podzol.scenarios.catalogue import SCENARIOS
from podzol.scenarios.played import charts, outcome
from podzol.scenarios.settings import Settings

RECORDINGS = Path(__file__).parent / "recordings"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(RECORDINGS / "both", tmp_path / "both")
    return tmp_path / "both"


def test_a_run_is_judged_and_its_report_says_how(folder: Path, settings: Settings) -> None:
    done = outcome(SCENARIOS["both"], settings, folder, "")
    assert done.held
    text = (folder / "report.md").read_text()
    assert text.startswith(
        "# The training job and the data API share a cluster and never a machine\n\n"
        "Both stories at once: a GPU node comes and goes for the job while load makes the data API and cpu-pool grow "
        "and shrink.\n\nPlayed fast: machines and pods take seconds where a cloud takes minutes.\n\nRecorded from "
    )
    assert "\n- holds: the job of train completes without a failed pod\n" in text
    assert "\n- holds: gpu-pool begins at 0, grows to 1, and ends at 0 (1 at most)\n" in text
    assert text.count("\n- holds: ") == 16
    assert done.page.read_text().count('<li class="held">') == 16


def test_a_story_that_was_not_played_to_its_end_is_the_first_broken_claim(folder: Path, settings: Settings) -> None:
    done = outcome(SCENARIOS["both"], settings, folder, "not seen within 9 s: a node")
    assert [verdict.sentence for verdict in done.verdicts if not verdict.held] == ["the story is played to its end"]
    broken = "- **does not hold**: the story is played to its end (not seen within 9 s: a node)\n"
    assert broken in (folder / "report.md").read_text()


def test_what_speaks_against_a_claim_is_on_the_page(folder: Path) -> None:
    file = RecordFile(folder)
    file.write([Record(file.before[-1].at, "Claim", name="nothing <is> lost", fields={"against": "3 requests"})])
    file.close()
    text = page(Report("What was claimed", [Run(folder)]))
    assert (
        '<li class="broken"><b>does not hold</b><span>nothing &lt;is&gt; lost: <em>3 requests</em></span></li>' in text
    )


def test_the_figures_say_how_much_was_served(folder: Path) -> None:
    facts = dict(reversed(fact) for fact in Run(folder).facts)
    (served,) = [value for what, value in facts.items() if what.endswith("requests to data-api were served")]
    assert served == "94.0 %"


def test_response_times_are_drawn_where_they_are_known(folder: Path) -> None:
    (picture,) = [each for each in Run(folder).pictures if each.key == "latency-data-api"]
    assert picture.unit == "milliseconds"
    assert picture.highest == 10_000


def test_the_bar_of_a_pod_ends_with_its_node(records: Callable[[str], list[Record]]) -> None:
    lanes = Timeline(records("spot-reclaim")).lanes
    assert all(bar.until <= lane.gone for lane in lanes for bar in lane.bars)


def test_the_markdown_form_goes_where_it_is_wanted_with_its_pictures_beside(folder: Path, tmp_path: Path) -> None:
    Report("A run", [Run(folder)]).write_markdown(tmp_path / "docs/capstone.md", "capstone")
    text = (tmp_path / "docs/capstone.md").read_text()
    assert "](capstone/nodes.png)" in text
    assert (tmp_path / "docs/capstone/nodes.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_project_the_packages_own_helm_charts_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = charts(tmp_path / "run")
    assert made == tmp_path / "run" / "charts"
    assert {path.parent.name for path in made.glob("*/Chart.yaml")} >= {"gpu-batch-job", "cpu-autoscaled-service"}
