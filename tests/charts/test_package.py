"""A package has the same bytes on any machine, and is a plain .tgz to every reader."""

import gzip
import hashlib
import io
import subprocess
import tarfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from podzol.charts.changelog import Entry
from podzol.charts.folder import packaged
from podzol.charts.package import STORED_BLOCK_MAX, pack

ENTRY = Entry("1.0.0", date(2026, 11, 23), ())
CHART_YAML = "apiVersion: v2\nname: greeter\nversion: 1.0.0\n"
FILES = {"values.yaml": "a: 1\n", "Chart.yaml": CHART_YAML, "templates/z.yaml": "é\n", "templates/a.yaml": ""}


def members(data: bytes) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return archive.getmembers()


def test_bytes_are_what_they_were() -> None:
    """The digest was taken once; a change of any byte, by Python, zlib or us, shows here."""
    assert (
        hashlib.sha256(pack(FILES, ENTRY).data).hexdigest()
        == "bfd766faab9946a36fc85a27656806a50a90ae914dc1b42a123164f767e1968f"
    )


def test_order_of_the_files_given_does_not_matter() -> None:
    assert pack(dict(reversed(FILES.items())), ENTRY).data == pack(FILES, ENTRY).data


def test_chart_yaml_comes_first_and_the_rest_is_sorted() -> None:
    assert [member.name for member in members(pack(FILES, ENTRY).data)] == [
        "greeter/Chart.yaml",
        "greeter/templates/a.yaml",
        "greeter/templates/z.yaml",
        "greeter/values.yaml",
    ]


def test_every_file_has_the_date_of_the_release_one_mode_and_no_owner() -> None:
    for member in members(pack(FILES, ENTRY).data):
        assert (member.mtime, member.mode, member.uid, member.gid) == (ENTRY.epoch_seconds, 0o644, 0, 0)
        assert (member.uname, member.gname) == ("", "")


def test_gzip_header_holds_no_date_name_or_system() -> None:
    assert pack(FILES, ENTRY).data[:10] == bytes.fromhex("1f8b08" + "00" * 6 + "ff")


@pytest.mark.parametrize("length", [0, 1, STORED_BLOCK_MAX, STORED_BLOCK_MAX + 1, 3 * STORED_BLOCK_MAX])
def test_content_of_every_length_reads_back(length: int) -> None:
    data = pack(FILES | {"big.txt": "x" * length}, ENTRY).data
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as archive:
        big = archive.extractfile("greeter/big.txt")
        assert big is not None
        assert big.read() == b"x" * length


def test_names_itself_as_helm_does() -> None:
    assert pack(FILES, ENTRY).file_name == "greeter-1.0.0.tgz"


@pytest.mark.helm
def test_holds_the_same_files_as_helm_package_makes(helm: Path, built: Path, tmp_path: Path) -> None:
    for place in sorted(path for path in built.iterdir() if path.is_dir()):
        subprocess.run([helm, "package", place, "--destination", tmp_path], check=True, capture_output=True)
        files = {path.relative_to(place).as_posix(): path.read_text() for path in place.rglob("*") if path.is_file()}
        ours = contents(pack(packaged(files), ENTRY).data)
        (theirs,) = tmp_path.glob(f"{place.name}-*.tgz")
        assert rewritten(ours) == rewritten(contents(theirs.read_bytes())), place.name


def contents(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {member.name: file.read() for member in archive if (file := archive.extractfile(member))}


def rewritten(files: dict[str, bytes]) -> dict[str, Any]:
    """Helm writes Chart.yaml anew, with the same content."""
    return {name: yaml.safe_load(data) if name.endswith("/Chart.yaml") else data for name, data in files.items()}
