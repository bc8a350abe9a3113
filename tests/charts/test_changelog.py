"""The changelog: the form it must have, and that the version we ship is in it."""

from datetime import date
from pathlib import Path

import pytest

from podzol.charts.changelog import Change, Entry, parse, read_entry
from podzol.faults import UserError
from podzol.version import VERSION

ROOT = Path(__file__).parents[2]

TEXT = """\
# Changelog

## [Unreleased]

### Added

- Not out yet.

## [1.1.0] - 2026-12-01

### Added

- A thing that takes
  two lines.

### Fixed

- A wrong default.

## [1.0.0] - 2026-11-23
"""


def test_reads_version_date_and_changes() -> None:
    assert parse(TEXT)["1.1.0"] == Entry(
        "1.1.0",
        date(2026, 12, 1),
        (Change("added", "A thing that takes two lines."), Change("fixed", "A wrong default.")),
    )


def test_leaves_out_what_is_unreleased() -> None:
    assert list(parse(TEXT)) == ["1.1.0", "1.0.0"]


def test_dates_are_midnight_utc() -> None:
    entry = parse(TEXT)["1.0.0"]
    assert (entry.epoch_seconds, entry.timestamp) == (1795392000, "2026-11-23T00:00:00Z")


def test_refuses_every_heading_that_is_not_keep_a_changelog() -> None:
    with pytest.raises(UserError) as error:
        parse("# Changelog\n## 1.0.0\n## [1.0.0] - 2026-11-23\n### New\n- A thing.\n")
    assert str(error.value) == (
        'CHANGELOG.md: must read "## [VERSION] - YYYY-MM-DD" or "## [Unreleased]", got "## 1.0.0"\n'
        "CHANGELOG.md: 1.0.0: must use a heading of Keep a Changelog "
        '(added, changed, deprecated, removed, fixed, security), got "### New"'
    )


@pytest.mark.parametrize("day", ["2026-13-40", "0226-11-23", "1969-12-31", "2242-01-01"])
def test_refuses_a_date_that_is_none_or_that_no_package_can_carry(day: str) -> None:
    with pytest.raises(UserError) as error:
        parse(f"## [1.0.0] - {day}\n")
    assert str(error.value) == f'CHANGELOG.md: must have a real date, got "## [1.0.0] - {day}"'


def test_refuses_a_version_that_stands_twice() -> None:
    with pytest.raises(UserError) as error:
        parse("## [1.0.0] - 2026-11-23\n## [1.0.0] - 2026-11-24\n")
    told = 'CHANGELOG.md: must have one entry for each version, got "## [1.0.0] - 2026-11-24"; join them'
    assert str(error.value) == told


def test_fails_when_the_version_has_no_entry(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text(TEXT)
    with pytest.raises(UserError) as error:
        read_entry(tmp_path / "CHANGELOG.md", "2.0.0")
    assert str(error.value) == (
        f"{tmp_path}/CHANGELOG.md: must have an entry for version 2.0.0; "
        'add "## [2.0.0] - YYYY-MM-DD" with what changed'
    )


def test_fails_when_there_is_no_changelog(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        read_entry(tmp_path / "none.md", "2.0.0")
    assert str(error.value) == (
        f"{tmp_path}/none.md: must be the project's changelog: a package carries its date; "
        'write one, or name it with --changelog; it needs an entry "## [2.0.0] - YYYY-MM-DD"'
    )


def test_fails_when_the_changelog_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError) as error:
        read_entry(tmp_path / "CHANGELOG.md", "1.0.0")
    assert str(error.value) == f"{tmp_path}/CHANGELOG.md: must be text in UTF-8"


def test_the_version_we_ship_has_an_entry_with_changes() -> None:
    assert read_entry(ROOT / "CHANGELOG.md", VERSION).changes
