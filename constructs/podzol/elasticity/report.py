"""Defines `Report`, of one recording or of two side by side, and how its files are written."""

from dataclasses import dataclass
from pathlib import Path

from podzol.elasticity.axes import ValueAxis, power_marks, value_marks
from podzol.elasticity.pictures import Picture
from podzol.elasticity.run import Run
from podzol.faults import Fault, UserError
from podzol.generated import put, refuse_unwritable

PAGE, TEXT, PICTURES = "report.html", "report.md", "pictures"
"""Files and folder of a report."""


def refuse_as_markdown(path: Path) -> None:
    """Refuse a place where the Markdown form can't stand with its pictures, in a folder called as it is without `.md`.

    Raises:
        UserError: it doesn't end so.
        Failure: it can't be written.
    """
    if path.suffix != ".md":
        raise UserError([Fault("--markdown", "must be a file that ends in .md", str(path), f"such as {path}.md")])
    refuse_unwritable(path)


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
    def measures(self) -> list[tuple[str, str, str, list[str]]]:
        """Subject, what, meaning and how long it took in each run, of every time that matters."""
        found = [{(each.subject, each.what): each for each in run.measures} for run in self.runs]
        first = {key: each for measures in reversed(found) for key, each in measures.items()}
        ordered = dict.fromkeys(key for measures in found for key in measures)
        return [
            (*key, first[key].meaning, [each[key].taken if key in each else "–" for each in found]) for key in ordered
        ]

    def about(self, run: Run) -> list[str]:
        """What a scenario says of itself, but for what the title says, or the run before."""
        before = [said for other in self.runs[: self.runs.index(run)] for said in other.about]
        return [each for each in run.about if each.rstrip(".") not in self.title and each not in before]

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
