"""A chart folder is owned: it holds what is generated, whole, and nothing else."""

from pathlib import Path

import pytest

from podzol.charts import build, folder
from podzol.charts.catalogue import workload_chart
from podzol.charts.changelog import Change, Entry, parse
from podzol.charts.chart import Files
from podzol.faults import Failure, UserError
from podzol.workloads.workload import Workload

ENTRY = parse("## [0.1.0] - 2026-11-23\n### Added\n- A greeter.\n")["0.1.0"]


@pytest.fixture(scope="module")
def files(greeter: type[Workload]) -> Files:
    return folder.files(workload_chart(greeter), ENTRY)


def content(place: Path) -> Files:
    return {path.relative_to(place).as_posix(): path.read_text() for path in place.rglob("*") if path.is_file()}


def test_holds_what_a_first_class_helm_chart_ships(files: Files) -> None:
    expected = {"Chart.yaml", "values.yaml", "values.schema.json", "README.md", "LICENSE", ".helmignore"}
    assert expected | {"templates/configmap.yaml", "templates/_helpers.tpl"} <= files.keys()


def test_license_is_the_projects_own(files: Files) -> None:
    assert files["LICENSE"] == (Path(__file__).parents[2] / "LICENSE").read_text()


def test_write_makes_the_folder_hold_exactly_these_files(files: Files, tmp_path: Path) -> None:
    folder.write(tmp_path / "greeter", files)
    assert content(tmp_path / "greeter") == files


def test_write_removes_what_an_earlier_version_left_behind(files: Files, tmp_path: Path) -> None:
    folder.write(tmp_path, files | {"templates/old.yaml": "kind: Old\n", "templates/tests/old.yaml": "kind: Old\n"})
    assert folder.write(tmp_path, files) == ["templates/old.yaml", "templates/tests/old.yaml"]
    assert content(tmp_path) == files
    assert not (tmp_path / "templates/tests").exists()


def test_write_leaves_files_alone_that_are_as_they_should_be(files: Files, tmp_path: Path) -> None:
    folder.write(tmp_path, files)
    (tmp_path / "values.yaml").write_text("edited: by hand\n")
    assert folder.write(tmp_path, files) == ["values.yaml"]


def test_write_refuses_a_folder_that_is_no_helm_chart(files: Files, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError) as error:
        folder.write(tmp_path, files)
    assert str(error.value) == (
        f"{tmp_path}: must be a chart folder or empty: what isn't generated is removed from it; "
        "choose another folder with --out"
    )
    assert content(tmp_path) == {"thesis.tex": "years of work"}


def test_check_lists_each_path_that_differs_with_the_lines_and_writes_nothing(tmp_path: Path) -> None:
    chart = {"Chart.yaml": "name: a\n", "values.yaml": "one: 1\ntwo: 2\n", "templates/new.yaml": "new: 1\n"}
    folder.write(tmp_path / "a", {"Chart.yaml": "name: a\n", "values.yaml": "one: 1\ntwo: 3\n", "old.txt": "old\n"})
    folder.write(tmp_path / "b", {"Chart.yaml": "name: b\n"})
    before = content(tmp_path)
    with pytest.raises(Failure) as error:
        build.check(tmp_path, {"a": chart})
    assert str(error.value) == "\n".join(
        [
            f"4 paths in {tmp_path} are not what the workloads make; run `podzol charts build`",
            f"  {tmp_path}/a/old.txt",
            f"  {tmp_path}/a/templates/new.yaml",
            f"  {tmp_path}/a/values.yaml",
            f"  {tmp_path}/b: no workload makes it; remove it",
            f"--- {tmp_path}/a/old.txt",
            "+++ not generated",
            "@@ -1 +0,0 @@",
            "-old",
            "--- missing",
            "+++ generated",
            "@@ -0,0 +1 @@",
            "+new: 1",
            f"--- {tmp_path}/a/values.yaml",
            "+++ generated",
            "@@ -1,2 +1,2 @@",
            " one: 1",
            "-two: 3",
            "+two: 2",
        ]
    )
    assert content(tmp_path) == before


def test_check_is_silent_when_the_folder_is_what_the_workloads_make(files: Files, tmp_path: Path) -> None:
    folder.write(tmp_path / "greeter", files)
    build.check(tmp_path, {"greeter": files})


def test_changelog_entry_becomes_artifact_hubs_changes(greeter: type[Workload]) -> None:
    entry = Entry("0.1.0", ENTRY.date, (Change("added", 'A "thing": yes'), Change("fixed", "A default.")))
    assert (
        "  artifacthub.io/changes: |\n"
        "    - kind: added\n"
        "      description: 'A \"thing\": yes'\n"
        "    - kind: fixed\n"
        "      description: A default.\n"
    ) in folder.files(workload_chart(greeter), entry)["Chart.yaml"]
