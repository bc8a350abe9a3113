"""The report's files: what they hold, that nothing is fetched, and that they are the same for the same recording."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from podzol.cli.report import report as command
from podzol.elasticity.axes import ValueAxis, power_marks, time_marks, value_marks
from podzol.elasticity.drawn import drawn
from podzol.elasticity.page import page
from podzol.elasticity.pictures import Line, Picture
from podzol.elasticity.records import FILE_NAME
from podzol.elasticity.report import Report, refuse_as_markdown
from podzol.elasticity.run import Run
from podzol.faults import Failure, UserError

PICTURES = [
    "nodes",
    "pods",
    "replicas-api-cpu-autoscaled-service",
    "cpu-api-cpu-autoscaled-service",
    "load-api",
    "gpus",
    "cost",
]


@pytest.fixture(scope="module")
def written(elastic: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report, made by the command."""
    out = tmp_path_factory.mktemp("report")
    command(elastic, None, out, "What the cluster did")
    return out


def test_writes_a_page_a_text_and_pictures(written: Path) -> None:
    files = sorted(str(path.relative_to(written)) for path in written.rglob("*") if path.is_file())
    assert files == sorted(["report.html", "report.md", *(f"pictures/{key}.png" for key in [*PICTURES, "lanes"])])
    for picture in (written / "pictures").iterdir():
        assert picture.read_bytes().startswith(b"\x89PNG")


class Tags(HTMLParser):
    """The tags of a page, with a check that each that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_fetches_nothing(written: Path) -> None:
    text = (written / "report.html").read_text()
    tags = Tags(text)
    assert tags.open == []
    addresses = [value for name, value in tags.attributes if name in ("src", "href")]
    assert addresses == ["data:,"], "the empty icon, so that no browser asks for one"
    assert not re.search(r"https?://|url\(|@import", text)


def test_the_page_tells_the_story_and_draws_every_picture(written: Path, elastic: Path) -> None:
    text = (written / "report.html").read_text()
    assert re.findall(r'<figure class="picture" id="picture-([^"]+)"', text) == PICTURES
    assert text.count('<li><button type="button"') == len((elastic / "story.txt").read_text().splitlines())
    assert "2 pods of api-cpu-autoscaled-service find no room: one node has too little CPU free" in text
    assert "<b>gpu-pool 1</b> <span>n1-standard-4</span>" in text


def test_the_text_holds_the_same(written: Path, elastic: Path) -> None:
    text = (written / "report.md").read_text()
    for line in (elastic / "story.txt").read_text().splitlines():
        assert f"- {line}\n" in text
    assert "| gpu-pool | time to node | 12 s | from the order of the first new node until it was ready |" in text
    for path in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text):
        assert (written / path).is_file()


def test_the_same_recording_gives_the_same_report(written: Path, elastic: Path, tmp_path: Path) -> None:
    command(elastic, None, tmp_path, "What the cluster did")
    for path in written.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(written)).read_bytes(), path.name


def test_two_runs_stand_side_by_side_on_the_same_axes(elastic: Path, tmp_path: Path) -> None:
    lines = (elastic / FILE_NAME).read_bytes().splitlines(keepends=True)
    short = tmp_path / "half"
    short.mkdir()
    (short / FILE_NAME).write_bytes(b"".join(lines[: len(lines) // 3]))
    text = page(Report("Two runs", [Run(elastic), Run(short)]))
    assert text.count('id="picture-nodes-1"') == text.count('id="picture-nodes-2"') == 1
    assert len(set(re.findall(r'data-seconds="([^"]+)"', text))) == 1
    row = re.search(r'<th scope="row">gpu-pool</th><td>time back to minimum</td>(.*?)<td class="meaning">', text)
    assert row
    assert re.findall(r">([^<]+)</td>", row[1]) == ["34 s", "not seen"]


def test_a_name_in_the_cluster_cannot_break_out_of_the_page(elastic: Path, tmp_path: Path) -> None:
    shutil.copytree(elastic, tmp_path / "run")
    records = tmp_path / "run" / FILE_NAME
    records.write_text(records.read_text().replace("gpu-pool", "<script>alert(1)</script>"))
    text = page(Report("Odd names", [Run(tmp_path / "run")]))
    assert "<script>alert" not in text
    assert text.count("<script>") == 1


def test_a_recording_in_which_nothing_happens_gives_a_page(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"at":5.0,"kind":"Run","fields":{"what":"started"}}\n')
    command(tmp_path, None, None, "Nothing")
    assert "Nothing changed while it was recorded." in (tmp_path / "report.html").read_text()


def picture(*lines: Line, stacked: bool = False) -> Picture:
    return Picture("p", "Pods", "pods", list(lines), stacked=stacked, seconds=100.0)


TO_FOUR = ValueAxis([0, 1, 2, 3, 4])


def test_draws_steps() -> None:
    line = Line("ready", [(0.0, 1.0), (50.0, 4.0)], "blue")
    assert drawn(picture(line), 100, TO_FOUR).lines[0].path == "M0 75H50V0H100V0"


def test_stacks_areas_on_each_other() -> None:
    low, high = Line("a", [(0.0, 1.0)], "blue"), Line("b", [(0.0, 0.0), (50.0, 3.0)], "red")
    it = drawn(picture(low, high, stacked=True), 100, TO_FOUR)
    assert it.lines[0].path == "M0 75H100V75H100V75V100H0Z"
    assert it.lines[1].path == "M0 75H50V0H100V0H100V0V75H50V75H0Z"


def test_an_area_of_many_steps_keeps_its_shape() -> None:
    line = Line("pods", [(at / 10, 1.0 + (at > 500) * 2) for at in range(1000)], "blue")
    path = drawn(picture(line, stacked=True), 100, TO_FOUR).lines[0].path
    assert re.search(r"H50(\.\d+)?V25H", path), "it rises in the middle"
    assert path.count("V75") > 100


def test_axes_have_few_round_marks() -> None:
    assert [text for _, text in time_marks(230)] == ["0", "1 min", "2 min", "3 min"]
    assert [text for _, text in time_marks(55)] == ["0", "10 s", "20 s", "30 s", "40 s", "50 s"]
    assert value_marks(5, whole=True) == [0, 2, 4, 6]
    assert value_marks(0.018, whole=False) == pytest.approx([0, 0.005, 0.01, 0.015, 0.02])
    assert value_marks(0, whole=True) == [0, 1]
    assert power_marks(24, 10_000) == [10, 100, 1000, 10_000]
    assert power_marks(10, 10) == [10, 100]


@pytest.mark.parametrize(
    ("seconds", "last"), [(5, "5 s"), (3600, "60 min"), (90_000, "24 h"), (20 * 86_400, "20 d"), (90 * 86_400, "80 d")]
)
def test_axes_of_time_have_few_marks_however_long(seconds: float, last: str) -> None:
    marks = time_marks(seconds)
    assert len(marks) <= 7
    assert marks[-1][1] == last


def test_a_line_on_an_axis_of_powers_has_a_gap_where_there_is_nothing() -> None:
    line = Line("mean", [(0.0, 10.0), (20.0, 0.0), (50.0, 1000.0)], "purple")
    axis = ValueAxis([10, 100, 1000], log=True)
    assert drawn(picture(line), 100, axis).lines[0].path == "M0 100H20M50 0H100V0"


def test_names_every_folder_without_a_recording(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        command(tmp_path / "one", tmp_path / "other", None, "")
    assert [fault.where for fault in raised.value.faults] == [
        str(tmp_path / name / FILE_NAME) for name in ("one", "other")
    ]


def test_knows_beforehand_where_the_markdown_form_cannot_stand(tmp_path: Path) -> None:
    refuse_as_markdown(tmp_path / "new" / "report.md")
    assert list((tmp_path / "new").iterdir()) == [], "nothing is left"
    with pytest.raises(UserError) as refused:
        refuse_as_markdown(Path("report"))
    assert str(refused.value) == '--markdown: must be a file that ends in .md, got "report"; such as report.md'
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "file").touch()
    for path, why in ((tmp_path / "folder.md", "Is a directory"), (tmp_path / "file" / "a.md", "Not a directory")):
        with pytest.raises(Failure) as failed:
            refuse_as_markdown(path)
        assert str(failed.value) == f"{path}: can't be written: {why}"
