"""Defines `played`: a scenario played on a cluster that runs, recorded, judged, and made into a report."""

from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, Self

from podzol.charts import build
from podzol.charts import folder as chart_folder
from podzol.charts.catalogue import all_charts
from podzol.charts.changelog import Entry
from podzol.elasticity.narrative import Sentence, narrative
from podzol.elasticity.recorder import Recorder
from podzol.elasticity.records import FILE_NAME, Record, RecordFile, read, refuse_taken
from podzol.elasticity.report import PAGE, PICTURES, TEXT, Report
from podzol.elasticity.run import Run
from podzol.elasticity.timeline import Timeline
from podzol.faults import Failure, UserError
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm
from podzol.scenarios.claims import Found, Verdict, judged
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.seen import Seen
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import Stage

QUIET_SECONDS = 1.0
"""The recorder sees what came last."""
LAST_SENTENCES = 12
"""Of the story, shown where a claim doesn't hold."""


class View(AbstractContextManager["View"], Protocol):
    """Shows a run while it goes on."""

    def __enter__(self) -> Self: ...

    def take(self, record: Record) -> None:
        """One more record."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    scenario: Scenario
    verdicts: list[Verdict]
    story: list[Sentence]
    seconds: float
    page: Path
    """The report's, written."""
    report: Report

    @property
    def held(self) -> bool:
        """Whether every claim did."""
        return all(verdict.held for verdict in self.verdicts)

    def explanation(self) -> str:
        """How many claims don't hold, the first of them, from which others often follow, and what happened."""
        broken = [verdict for verdict in self.verdicts if not verdict.held]
        return "\n".join(
            [
                f"{self.scenario.name}: {len(broken)} of {len(self.verdicts)} claims do not hold, first of all:",
                f"  {broken[0].sentence}: {broken[0].found.against}",
                "what happened last:",
                *(f"  {sentence}" for sentence in self.story[-LAST_SENTENCES:]),
                f"all of it: {self.page}",
            ]
        )


def played(scenario: Scenario, cluster: Cluster, settings: Settings, folder: Path, view: View) -> Outcome:
    """Play it.

    Args:
        folder: of the recording and the report; what an earlier run left in it is replaced.

    Raises:
        Failure: the cluster can't be recorded, or the report can't be written.
    """
    forget(folder)
    seen = Seen()

    def take(record: Record) -> None:
        seen.take(record)
        view.take(record)

    failure = ""
    with view, Recorder(folder, cluster.kubeconfig, on_record=take) as recorder:
        recorder.note("Scenario", scenario.name, story=scenario.story, fast=settings.fast)
        stage = Stage(Helm(cluster), settings, recorder, seen, charts(folder), folder)
        try:
            scenario.play(stage)
            recorder.wait(QUIET_SECONDS)
        except (Failure, UserError) as error:
            failure = str(error)
            stage.say_why()
    return outcome(scenario, settings, folder, failure)


def forget(folder: Path) -> None:
    """Remove what an earlier run left, so that nothing of it stands beside what comes: the user's own files stay.

    Raises:
        Failure: it is no earlier run's; a recorder writes it still.
    """
    refuse_taken(folder)
    for name in (FILE_NAME, PAGE, TEXT):
        (folder / name).unlink(missing_ok=True)
    pictures = folder / PICTURES
    for picture in pictures.glob("*.png"):
        picture.unlink()
    with suppress(OSError):  # there is none, or it holds something else
        pictures.rmdir()


def outcome(scenario: Scenario, settings: Settings, folder: Path, failure: str) -> Outcome:
    """Judge a recording and write its report."""
    timeline = Timeline(read(folder))
    verdicts = judged(scenario.claims(settings), timeline)
    if failure:
        verdicts.insert(0, Verdict("the story is played to its end", Found(failure)))
    end = timeline.records[-1].at
    file = RecordFile(folder)
    file.write(Record(end, "Claim", name=each.sentence, fields=asdict(each.found)) for each in verdicts)
    file.close()
    report = Report(scenario.title, [Run(folder)])
    page, _ = report.write(folder)
    return Outcome(scenario, verdicts, narrative(timeline), timeline.seconds, page, report)


def charts(folder: Path) -> Path:
    """The Helm charts of the project where one is, else those of the package, written beside the recording."""
    project = Path("charts")
    if (project / "cpu-autoscaled-service" / "Chart.yaml").is_file():
        return project
    found = all_charts()
    entry = Entry(found[0].version, date.today(), ())
    build.write(folder / "charts", {chart.name: chart_folder.files(chart, entry) for chart in found})
    return folder / "charts"
