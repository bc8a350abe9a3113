"""Defines the Helm repository: a folder of packages and index.yaml, which only ever grows.

A version once packaged never changes a byte: teams pin it, and a cluster may have verified its digest.
Source of the form: https://helm.sh/docs/topics/chart_repository/ (2026-11-23).
"""

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from podzol.charts.changelog import Entry
from podzol.charts.chart_yaml import dump
from podzol.charts.package import Package
from podzol.documents import document
from podzol.faults import Fault, UserError
from podzol.generated import put

INDEX = "index.yaml"

Index = dict[str, Any]

VERSION = re.compile(r"v?([0-9]+(?:\.[0-9]+){0,2})(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")
"""A version as Helm takes it: https://github.com/Masterminds/semver/blob/v3.5.0/version.go, NewVersion (2026-11-24)."""


def add(folder: Path, packages: Sequence[Package], entry: Entry) -> list[Package]:
    """Put the packages into the repository at `folder` and its index; gives those that weren't there yet.

    The packages are written before the index, so that whoever reads the index finds what it lists.

    Raises:
        UserError: a version is there with other bytes, or the repository itself is broken. Nothing is written then.
    """
    new = missing(folder, packages)
    if new:
        for package in new:
            put(folder / package.file_name, package.data)
            # `helm push` takes the date of the file as the date of the OCI artifact
            os.utime(folder / package.file_name, (entry.epoch_seconds, entry.epoch_seconds))
        put(folder / INDEX, dump(merge(read(folder), new, entry)).encode())
    return new


def missing(folder: Path, packages: Sequence[Package]) -> list[Package]:
    """The packages that the repository at `folder` doesn't list yet.

    Raises:
        UserError: as `add`.
    """
    index = read(folder)
    faults = [*broken(folder, index, packages), *changed(index, packages)]
    if faults:
        raise UserError(faults)
    return [package for package in packages if not _listed(index, package)]


def read(folder: Path) -> Index:
    """The index of the repository at `folder`; an empty one when there is none.

    Raises:
        UserError: the file is no index.
    """
    path = folder / INDEX
    if not path.is_file():
        return {"entries": {}}
    try:
        index = document(path)
    except UserError:
        index = None
    if not _is_index(index):
        raise UserError([Fault(str(path), "must be the index of a Helm repository", fix="restore it")])
    return index


def _is_index(content: Any) -> bool:
    """Whether it has what is asked of it here."""
    entries = content.get("entries") if isinstance(content, dict) else None
    if not isinstance(entries, dict) or not all(isinstance(versions, list) for versions in entries.values()):
        return False
    return all(_is_listed(version) for versions in entries.values() for version in versions)


def _is_listed(version: Any) -> bool:
    if not isinstance(version, dict) or not isinstance(urls := version.get("urls"), list) or not urls:
        return False
    texts = (version.get("version"), version.get("created"), version.get("digest"), urls[0])
    return all(isinstance(each, str) for each in texts) and VERSION.fullmatch(version["version"]) is not None


def merge(index: Index, packages: Iterable[Package], entry: Entry) -> Index:
    """The index with the packages added: names sorted, newest version first, entries that are there left alone."""
    entries = {name: list(versions) for name, versions in index["entries"].items()}
    for package in packages:
        described = package.metadata | {
            "created": entry.timestamp,
            "digest": package.digest,
            "urls": [package.file_name],
        }
        entries.setdefault(package.name, []).append(described)
    for versions in entries.values():
        versions.sort(key=lambda version: precedence(version["version"]), reverse=True)
    newest = max(version["created"] for versions in entries.values() for version in versions)
    return {"apiVersion": "v1", "entries": dict(sorted(entries.items())), "generated": newest}


def changed(index: Index, packages: Iterable[Package]) -> list[Fault]:
    """A fault for each package whose version is listed with other bytes."""
    fix = "raise VERSION in constructs/podzol/version.py and add an entry to CHANGELOG.md"
    faults = []
    for package in packages:
        listed = _listed(index, package)
        if listed and listed["digest"] != package.digest:
            rule = f"must stay as it was packaged (sha256 {listed['digest'][:12]})"
            faults.append(Fault(package.file_name, rule, package.digest[:12], fix))
    return faults


def broken(folder: Path, index: Index, packages: Iterable[Package] = ()) -> list[Fault]:
    """A fault for each listed package that is missing or has other bytes, and for each package that isn't listed.

    A package that is about to be listed may lie there already: an interrupted run left it.
    """
    expected = {package.file_name: package.digest for package in packages}
    listed = {version["urls"][0]: version["digest"] for versions in index["entries"].values() for version in versions}
    faults = []
    for name, digest in sorted(listed.items()):
        path = folder / name
        if not path.is_file():
            faults.append(Fault(str(path), "must be there: index.yaml lists it", fix="restore it from version control"))
        elif (got := _sha256(path)) != digest:
            rule = f"must have the digest that index.yaml lists (sha256 {digest[:12]})"
            faults.append(Fault(str(path), rule, got[:12], "restore it from version control"))
    for path in sorted(set(folder.glob("*.tgz")) - {folder / name for name in listed}):
        if expected.get(path.name) != _sha256(path):
            faults.append(Fault(str(path), "must be listed in index.yaml", fix="remove it, or restore index.yaml"))
    return faults


def precedence(version: str) -> tuple[Any, ...]:
    """A key that sorts versions as SemVer does. Source: https://semver.org/#spec-item-11 (2026-11-23)."""
    found = VERSION.fullmatch(version)
    assert found is not None
    core, pre = found.groups()
    identifiers = [(0, int(word), "") if word.isdigit() else (1, 0, word) for word in pre.split(".")] if pre else []
    return (*map(int, core.split(".")), not pre, identifiers)


def _listed(index: Index, package: Package) -> dict[str, Any] | None:
    versions = index["entries"].get(package.name, [])
    return next((version for version in versions if version["version"] == package.version), None)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
