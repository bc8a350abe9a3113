"""Defines how generated files are put in place, compared and cleared. Does not define what is generated."""

import difflib
import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from podzol.faults import Failure

DIFF_LINES_SHOWN = 40
"""Enough to see what changed; `git diff` after it is written shows the rest."""


def put(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file whole or not at all: beside its place, then moved there. Its folder is made when there is none.

    Args:
        path: its place.
        content: what it holds.
        mode: its permissions.

    Raises:
        Failure: the disk doesn't take it.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make_folder(path.parent)
        try:
            beside.write_bytes(content)
            beside.chmod(mode)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Failure(f"{path}: can't be written: {error.strerror}") from error


def make_folder(folder: Path) -> None:
    """Make a folder where there is none; the system would say of a file in its place that it exists."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None


def refuse_unwritable(path: Path) -> None:
    """Refuse a place that `put` couldn't write, before time is spent on what is to stand there.

    Raises:
        Failure: the disk wouldn't take it.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        make_folder(path.parent)
        beside.touch()
        beside.unlink()
    except OSError as error:
        raise Failure(f"{path}: can't be written: {error.strerror}") from error


def own(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Make the folder hold exactly these files; gives what was written or removed, as paths inside it."""
    changed = [path for path, _ in differences(folder, files)]
    for path in changed:
        if path in files:
            put(folder / path, files[path].encode())
        else:
            (folder / path).unlink()
    for place in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(place.iterdir()):
            place.rmdir()
    return changed


def differences(folder: Path, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each path in which the folder differs from the files, with a unified diff from the folder to the files."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for path in sorted(there | set(files)):
        old = (folder / path).read_bytes() if path in there else None
        new = files[path].encode() if path in files else None
        if old != new:
            names = ("missing" if old is None else str(folder / path), "not generated" if new is None else "generated")
            before, after = ((content or b"").decode(errors="replace").splitlines() for content in (old, new))
            yield path, "\n".join(difflib.unified_diff(before, after, *names, n=1, lineterm=""))


def first_lines(diff: Sequence[str]) -> list[str]:
    """As much of a difference as a message shows."""
    rest = len(diff) - DIFF_LINES_SHOWN
    return [*diff[:DIFF_LINES_SHOWN], *([f"... {rest} more lines"] if rest > 0 else [])]
