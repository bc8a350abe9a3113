"""Defines `Run`, a recording with everything that a report says of it, and how the report's files are written."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from podzol.elasticity.axes import ValueAxis, power_marks, value_marks
from podzol.elasticity.narrative import Sentence, narrative
from podzol.elasticity.pictures import Picture, pictures
from podzol.elasticity.records import iso, read
from podzol.elasticity.spending import Spending, spending
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.times import Measure, times
from podzol.elasticity.words import duration, listed, money, several
from podzol.generated import put

PAGE, TEXT, PICTURES = "report.html", "report.md", "pictures"
"""Files and folder of a report."""


class Run:
    """A recording, read.

    Raises:
        UserError: the folder holds no recording.
    """

    def __init__(self, folder: Path) -> None:
        self.name = folder.resolve().name
        self.timeline = Timeline(read(folder))

    @cached_property
    def spent(self) -> Spending:
        """What its nodes cost."""
        return spending(self.timeline)

    @cached_property
    def pictures(self) -> list[Picture]:
        """Its pictures."""
        return pictures(self.timeline, self.spent)

    @cached_property
    def story(self) -> list[Sentence]:
        """Its narrative."""
        return narrative(self.timeline)

    @cached_property
    def measures(self) -> list[Measure]:
        """Its times that matter."""
        return times(self.timeline)

    @property
    def when(self) -> str:
        """When and for how long it was recorded, on which Kubernetes."""
        first = next((record.fields for record in self.timeline.records if record.kind == "Run"), {})
        server = f", on Kubernetes {first['kubernetes']}" if first.get("kubernetes") else ""
        return f"Recorded from {iso(self.timeline.start)} for {duration(self.timeline.seconds)}{server}."

    @property
    def about(self) -> list[str]:
        """What a scenario says of itself, paragraph by paragraph; nothing for another recording."""
        said = next((record.fields for record in self.timeline.records if record.kind == "Scenario"), {})
        first, *rest = said.get("story", "").strip().split("\n\n")
        pace = ["Played fast: machines and pods take seconds where a cloud takes minutes."] if said.get("fast") else []
        return [" ".join(each.split()) for each in (first, *rest) if each] + pace

    @property
    def claims(self) -> list[tuple[str, str, str]]:
        """What a scenario claimed: each sentence, what speaks against it, and what was measured (kind `Claim`)."""
        found = [record for record in self.timeline.records if record.kind == "Claim"]
        return [(each.name, each.fields.get("against", ""), each.fields.get("measured", "")) for each in found]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The few figures that come first: value and what it is."""
        facts = []
        for pool, steps in sorted(self.timeline.nodes_by_pool.items()):
            values = [value for _, value in steps]
            least, most = min(values), max(values)
            facts.append((f"{least:g} to {most:g}" if least < most else f"{most:g}", f"nodes in {pool}"))
        for scale in self.timeline.scales:
            facts.append((f"{max(value for _, value in scale.ready):g}", f"ready replicas of {scale.name} at most"))
        for load in self.timeline.loads:
            asked, answered = load.requests
            if asked:
                facts.append(
                    (f"{100 * answered / asked:.1f} %", f"of {asked:,.0f} requests to {load.name} were served")
                )
        offered, used = self.timeline.gpu_seconds
        if offered:
            facts.append(
                (f"{100 * used / offered:.0f} %", f"of the GPU time was used, {duration(used)} of {duration(offered)}")
            )
        if self.spent.by_pool:
            facts.append((money(self.spent.total), "for nodes, at list prices"))
        return facts

    @property
    def notes(self) -> list[str]:
        """What to know when reading the figures."""
        notes = ["Times are those at which the recorder saw a change, in seconds since the recording began."]
        if self.spent.by_pool:
            pools = listed(f"{money(usd)} in {pool}" for pool, usd in sorted(self.spent.by_pool.items()))
            notes.append(
                f"Cost: {pools}; list prices of us-east-1 or us-central1, from a node's order until it is gone; "
                "disks, traffic and the control plane come on top."
            )
        if self.spent.unpriced:
            nodes = listed(
                f"{several(count, 'node')} of {machine}" for machine, count in sorted(self.spent.unpriced.items())
            )
            notes.append(f"No price is known for {nodes}.")
        return notes


@dataclass(frozen=True)
class Row:
    """One picture of each run, on the same axes."""

    key: str
    title: str
    pictures: list[Picture | None]
    """None where a run has nothing for it."""

    @property
    def seconds(self) -> float:
        """End of the time axis."""
        return max(picture.seconds for picture in self.pictures if picture)

    @property
    def axis(self) -> ValueAxis:
        """The axis of values, which holds those of all."""
        there = [picture for picture in self.pictures if picture]
        highest = max(picture.highest for picture in there)
        if there[0].log:
            return ValueAxis(power_marks(min(picture.lowest for picture in there), highest), log=True)
        return ValueAxis(value_marks(highest, there[0].whole))


@dataclass(frozen=True)
class Report:
    """One run, or two side by side."""

    title: str
    runs: list[Run]

    @property
    def rows(self) -> list[Row]:
        """The pictures of all runs, those of the same thing in one row."""
        by_key = [{picture.key: picture for picture in run.pictures} for run in self.runs]
        titles = {key: picture.title for pictures in by_key for key, picture in pictures.items()}
        return [Row(key, title, [pictures.get(key) for pictures in by_key]) for key, title in titles.items()]

    @property
    def measures(self) -> list[tuple[str, str, str, list[float | None]]]:
        """Subject, what, meaning and each run's seconds, of every time that matters."""
        found = [{(each.subject, each.what): each for each in run.measures} for run in self.runs]
        first = {key: each for measures in reversed(found) for key, each in measures.items()}
        ordered = dict.fromkeys(key for measures in found for key in measures)
        return [
            (*key, first[key].meaning, [each[key].seconds if key in each else None for each in found])
            for key in ordered
        ]

    def about(self, run: Run) -> list[str]:
        """What a scenario says of itself, but for what the title says."""
        return [each for each in run.about if each.rstrip(".") not in self.title]

    def picture_name(self, key: str, number: int) -> str:
        """Name of a picture's PNG."""
        return f"{key}{f'-{number + 1}' if len(self.runs) > 1 else ''}.png"

    def write(self, folder: Path) -> list[Path]:
        """Write the page, the Markdown form and its pictures; gives the two texts' paths.

        Raises:
            Failure: the disk doesn't take them.
        """
        from podzol.elasticity.page import page

        self.write_markdown(folder / TEXT, PICTURES)
        put(folder / PAGE, page(self).encode())
        return [folder / PAGE, folder / TEXT]

    def write_markdown(self, path: Path, pictures: str) -> None:
        """Write the Markdown form alone.

        Args:
            path: of the text.
            pictures: folder beside it for its pictures.

        Raises:
            Failure: the disk doesn't take them.
        """
        from podzol.elasticity.lane_views import lane_views
        from podzol.elasticity.markdown import markdown
        from podzol.elasticity.png import lanes_png, png

        folder = path.parent / pictures
        for number, run in enumerate(self.runs):
            for row in self.rows:
                if picture := row.pictures[number]:
                    put(folder / self.picture_name(row.key, number), png(picture, row.seconds, row.axis))
            lanes, _ = lane_views(run.timeline, run.timeline.seconds or 1.0)
            if lanes:
                put(folder / self.picture_name("lanes", number), lanes_png(lanes, run.timeline.seconds or 1.0))
        put(path, markdown(self, pictures).encode())
