"""The repository only ever grows: what is listed stays, byte for byte."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from podzol.charts import repository
from podzol.charts.changelog import Entry
from podzol.charts.package import Package, pack
from podzol.faults import UserError

FIRST = Entry("1.0.0", date(2026, 11, 23), ())
SECOND = Entry("1.1.0", date(2026, 12, 1), ())


def package(entry: Entry, name: str = "greeter", values: str = "a: 1\n") -> Package:
    chart_yaml = f'apiVersion: v2\nname: {name}\nversion: {entry.version}\nappVersion: "1"\n'
    return pack({"Chart.yaml": chart_yaml, "values.yaml": values}, entry)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_index_lists_the_package_with_its_digest_date_and_relative_url(tmp_path: Path) -> None:
    repository.add(tmp_path, [package(FIRST)], FIRST)
    assert yaml.safe_load((tmp_path / "index.yaml").read_text()) == {
        "apiVersion": "v1",
        "entries": {
            "greeter": [
                {
                    "apiVersion": "v2",
                    "name": "greeter",
                    "version": "1.0.0",
                    "appVersion": "1",
                    "created": "2026-11-23T00:00:00Z",
                    "digest": package(FIRST).digest,
                    "urls": ["greeter-1.0.0.tgz"],
                }
            ]
        },
        "generated": "2026-11-23T00:00:00Z",
    }


def test_adding_the_same_package_again_changes_nothing(tmp_path: Path) -> None:
    repository.add(tmp_path, [package(FIRST)], FIRST)
    before = content(tmp_path)
    assert repository.add(tmp_path, [package(FIRST)], SECOND) == []
    assert content(tmp_path) == before


def test_a_newer_version_leaves_the_older_one_and_its_entry_alone(tmp_path: Path) -> None:
    repository.add(tmp_path, [package(FIRST)], FIRST)
    older = repository.read(tmp_path)["entries"]["greeter"]
    repository.add(tmp_path, [package(SECOND)], SECOND)
    entries = repository.read(tmp_path)["entries"]["greeter"]
    assert [entry["version"] for entry in entries] == ["1.1.0", "1.0.0"]
    assert entries[1:] == older
    assert (tmp_path / "greeter-1.0.0.tgz").read_bytes() == package(FIRST).data


def test_fails_when_a_version_has_other_bytes_and_writes_nothing(tmp_path: Path) -> None:
    repository.add(tmp_path, [package(FIRST), package(FIRST, "other")], FIRST)
    before = content(tmp_path)
    old, new = package(FIRST), package(FIRST, values="a: 2\n")
    with pytest.raises(UserError) as error:
        repository.add(tmp_path, [new, package(FIRST, "third")], FIRST)
    assert str(error.value) == (
        f'greeter-1.0.0.tgz: must stay as it was packaged (sha256 {old.digest[:12]}), got "{new.digest[:12]}"; '
        "raise VERSION in constructs/podzol/version.py and add an entry to CHANGELOG.md"
    )
    assert content(tmp_path) == before


def test_fails_when_the_folder_is_not_what_its_index_lists(tmp_path: Path) -> None:
    repository.add(tmp_path, [package(FIRST), package(FIRST, "other")], FIRST)
    (tmp_path / "greeter-1.0.0.tgz").write_bytes(b"x")
    (tmp_path / "other-1.0.0.tgz").rename(tmp_path / "stray-1.0.0.tgz")
    with pytest.raises(UserError) as error:
        repository.add(tmp_path, [package(SECOND)], SECOND)
    assert str(error.value) == (
        f"{tmp_path}/greeter-1.0.0.tgz: must have the digest that index.yaml lists "
        f'(sha256 {package(FIRST).digest[:12]}), got "2d711642b726"; restore it from version control\n'
        f"{tmp_path}/other-1.0.0.tgz: must be there: index.yaml lists it; restore it from version control\n"
        f"{tmp_path}/stray-1.0.0.tgz: must be listed in index.yaml; remove it, or restore index.yaml"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "entries: [",
        "entries: []\n",
        "entries: {greeter: null}",
        "entries: {greeter: [{version: 1.0.0}]}",
        "entries: {greeter: [{version: latest, created: a, digest: b, urls: [c]}]}",
        "entries: {greeter: [{version: 1.0, created: a, digest: b, urls: [c]}]}",
        "\x00",
    ],
)
def test_fails_when_the_index_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.yaml").write_text(text)
    with pytest.raises(UserError) as error:
        repository.add(tmp_path, [package(FIRST)], FIRST)
    assert str(error.value) == f"{tmp_path}/index.yaml: must be the index of a Helm repository; restore it"
    assert content(tmp_path) == {"index.yaml": text.encode()}


def test_goes_on_after_it_was_killed_between_the_package_and_the_index(tmp_path: Path) -> None:
    (tmp_path / "greeter-1.0.0.tgz").write_bytes(package(FIRST).data)
    assert [added.name for added in repository.add(tmp_path, [package(FIRST)], FIRST)] == ["greeter"]


def test_versions_sort_as_semver_says() -> None:
    """The chain of https://semver.org/#spec-item-11, and numbers by their size."""
    chain = ["v0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"]
    chain += ["1.0.0-rc.1", "1.0.0", "1.0.10", "1.2.0", "1.10.0", "2.0.0"]
    backwards = chain[::-1]
    assert sorted(backwards, key=repository.precedence) == chain
