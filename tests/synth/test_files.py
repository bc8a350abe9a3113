"""The files of `podzol synth`: one a platform, written whole, checked to the byte."""

from pathlib import Path

import pytest

from podzol import CpuAutoscaledService, Failure, Platform
from podzol.faults import UserError
from podzol.synth import files
from podzol.synth.yaml import to_yaml


@pytest.fixture(scope="module")
def soil() -> Platform:
    values = {"image": {"repository": "ghcr.io/soil/api", "tag": "1.0"}}
    return Platform("soil", {"api": (CpuAutoscaledService, values)}, release="lab", namespace="lab")


def test_a_platform_is_a_file_of_its_name(soil: Platform) -> None:
    assert files.manifest_files([soil]) == {"soil.k8s.yaml": to_yaml(soil.manifests)}


def test_two_platforms_of_one_name_are_refused(soil: Platform) -> None:
    with pytest.raises(UserError) as error:
        files.manifest_files([soil, soil])
    assert str(error.value) == "soil: must be the name of one platform only; rename one"


def test_what_is_written_is_found_unchanged(soil: Platform, tmp_path: Path) -> None:
    manifests = files.manifest_files([soil])
    assert files.write(tmp_path / "dist", manifests) == [tmp_path / "dist" / "soil.k8s.yaml"]
    files.check(tmp_path / "dist", manifests)


def test_nothing_but_the_files_is_left_behind(soil: Platform, tmp_path: Path) -> None:
    files.write(tmp_path, files.manifest_files([soil]))
    files.write(tmp_path, files.manifest_files([soil]))
    assert [path.name for path in tmp_path.iterdir()] == ["soil.k8s.yaml"]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("a file\n")
    with pytest.raises(Failure) as failure:
        files.write(tmp_path / "dist", {"soil.k8s.yaml": "kind: A\n"})
    assert str(failure.value) == f"{tmp_path}/dist/soil.k8s.yaml: can't be written: Not a directory"


def test_a_changed_file_is_named_with_its_difference(tmp_path: Path) -> None:
    files.write(tmp_path, {"soil.k8s.yaml": "kind: A\n"})
    with pytest.raises(Failure) as failure:
        files.check(tmp_path, {"soil.k8s.yaml": "kind: B\n"})
    assert str(failure.value) == "\n".join(
        [
            f"1 files in {tmp_path} are not what the platforms make; run `podzol synth`",
            f"  {tmp_path}/soil.k8s.yaml",
            "--- soil.k8s.yaml",
            "+++ synth",
            "@@ -1 +1 @@",
            "-kind: A",
            "+kind: B",
        ]
    )


def test_a_missing_file_fails_the_check(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="are not what the platforms make"):
        files.check(tmp_path, {"soil.k8s.yaml": "kind: B\n"})


def test_a_file_that_no_platform_makes_fails_the_check(tmp_path: Path) -> None:
    files.write(tmp_path, {"old.k8s.yaml": "kind: A\n"})
    with pytest.raises(Failure, match=r"old\.k8s\.yaml: no platform makes it; remove it"):
        files.check(tmp_path, {})


def test_a_long_difference_is_cut(tmp_path: Path) -> None:
    text = "".join(f"line: {number}\n" for number in range(100))
    with pytest.raises(Failure, match=r"\n\.\.\. 63 more lines$"):
        files.check(tmp_path, {"soil.k8s.yaml": text})
