"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What the system says when a volume, a quota or the largest file is full."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Write to the path that is given, and it becomes `path` in one step: a reader sees the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.writing")
    try:
        yield beside
        sync(beside)
        os.replace(beside, path)
        sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """A text file, whole or not at all."""
    with whole_file(path) as beside:
        beside.write_text(text)


def sync(path: Path) -> None:
    """Have the disk hold what was written to a file, or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
