"""Defines what CHANGELOG.md says about one version: its date and its changes.

The date is the only clock of the packages: they are the same bytes on any machine and on any day.
Source of the form: https://keepachangelog.com/en/1.1.0/ (2026-11-23).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from podzol.documents import text_of
from podzol.faults import Fault, UserError

KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")
"""The headings of Keep a Changelog, which are Artifact Hub's kinds of change too."""

YEARS = range(1970, 2242)
"""Of the dates that a package can carry: seconds since 1970 in eleven octal digits (tar, POSIX.1-1988)."""


@dataclass(frozen=True)
class Change:
    """One line under a heading: `kind` is one of `KINDS`, `description` is plain text."""

    kind: str
    description: str


@dataclass(frozen=True)
class Entry:
    """One released version."""

    version: str
    date: date
    changes: tuple[Change, ...]

    @property
    def epoch_seconds(self) -> int:
        """Midnight UTC of the release day, in seconds since 1970."""
        return int(datetime(self.date.year, self.date.month, self.date.day, tzinfo=UTC).timestamp())

    @property
    def timestamp(self) -> str:
        """The same instant as RFC 3339 text."""
        return f"{self.date.isoformat()}T00:00:00Z"


def read_entry(path: Path, version: str) -> Entry:
    """The entry of `version` in the changelog at `path`.

    Raises:
        UserError: there is no such file or entry, or it isn't text in the form of Keep a Changelog.
    """
    if not path.is_file():
        fix = f'write one, or name it with --changelog; it needs an entry "## [{version}] - YYYY-MM-DD"'
        raise UserError([Fault(str(path), "must be the project's changelog: a package carries its date", fix=fix)])
    found = parse(text_of(path), str(path))
    if version not in found:
        fix = f'add "## [{version}] - YYYY-MM-DD" with what changed'
        raise UserError([Fault(str(path), f"must have an entry for version {version}", fix=fix)])
    return found[version]


def parse(text: str, where: str = "CHANGELOG.md") -> dict[str, Entry]:
    """Every released version of a changelog, newest first as it stands there; `[Unreleased]` is left out.

    Raises:
        UserError: a heading of a version has no date or stands twice, or a heading of changes is none of `KINDS`.
    """
    faults: list[Fault] = []
    entries: dict[str, Entry] = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        if heading.strip().lower() == "[unreleased]":
            continue
        match = re.fullmatch(r"\[([^\]]+)\] - (\d{4}-\d{2}-\d{2})", heading.strip())
        if not match:
            rule = 'must read "## [VERSION] - YYYY-MM-DD" or "## [Unreleased]"'
            faults.append(Fault(where, rule, f"## {heading}"))
            continue
        version, day = match.groups()
        released = _date(day)
        if released is None:
            faults.append(Fault(where, "must have a real date", f"## {heading}"))
            continue
        if version in entries:
            faults.append(Fault(where, "must have one entry for each version", f"## {heading}", "join them"))
        entries[version] = Entry(version, released, _changes(body, f"{where}: {version}", faults))
    if faults:
        raise UserError(faults)
    return entries


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _changes(body: str, where: str, faults: list[Fault]) -> tuple[Change, ...]:
    changes: list[Change] = []
    kind = ""
    for line in body.splitlines():
        if line.startswith("### "):
            kind = line[4:].strip().lower()
            if kind not in KINDS:
                faults.append(Fault(where, f"must use a heading of Keep a Changelog ({', '.join(KINDS)})", line))
        elif line.startswith("- ") and kind:
            changes.append(Change(kind, line[2:].strip()))
        elif line.startswith("  ") and changes:
            last = changes.pop()
            changes.append(Change(last.kind, f"{last.description} {line.strip()}"))
    return tuple(changes)
