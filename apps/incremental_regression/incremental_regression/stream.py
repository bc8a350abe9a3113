"""The stream: CSV files of one folder in the order of their names, read batch by batch from any place on.

A place is a Cursor (file and byte), so a restart reads nothing twice. A file counts as complete once it has its name:
who adds to the stream writes beside and renames. A batch never spans two files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lifecycle import Final, say


@dataclass(frozen=True)
class Cursor:
    """The first byte not yet learned."""

    file: str = ""
    offset_bytes: int = 0
    rows: int = 0
    """Rows learned so far, in all files."""
    begun: tuple[str, ...] = ()
    """Files of which rows were learned; `file` is the last of them."""


@dataclass(frozen=True)
class Batch:
    """Some rows of the stream, and the place after them."""

    features: np.ndarray
    target: np.ndarray
    after: Cursor


class Stream:
    """The CSV files of a folder. All have one header: feature columns and the target column, all numbers."""

    def __init__(self, folder: Path, target: str, batch_rows: int) -> None:
        self.folder, self.target, self.batch_rows = folder, target, batch_rows
        if not folder.is_dir():
            raise Final(f"{folder}: there is no such folder; mount the dataset there, or name another with --data")
        self.files = sorted(path.name for path in folder.glob("*.csv") if path.is_file())
        if not self.files:
            raise Final(f"{folder}: holds no .csv file; the dataset is empty, or it is mounted elsewhere")
        with (folder / self.files[0]).open("rb") as file:
            self.columns = self._header(file, self.files[0])

    @property
    def features(self) -> list[str]:
        """The feature columns, in the order of the file."""
        return [column for column in self.columns if column != self.target]

    def batches(self, cursor: Cursor) -> Iterator[Batch]:
        """Every batch from the cursor on."""
        for name in self.files:
            if name < cursor.file and name not in cursor.begun:
                say("file_late", file=name, reason=f"it sorts before {cursor.file}, which is learned; it is left out")
            if name >= cursor.file:
                for batch in self._of_file(name, cursor):
                    yield batch
                    cursor = batch.after

    def _of_file(self, name: str, cursor: Cursor) -> Iterator[Batch]:
        path = self.folder / name
        with path.open("rb") as file:
            if self._header(file, name) != self.columns:
                raise Final(f"{path}: its columns differ from {self.files[0]}'s; one stream has one header")
            if name == cursor.file:
                if path.stat().st_size < cursor.offset_bytes:
                    raise Final(f"{path}: is shorter than what was learned of it; a file of the stream must not change")
                file.seek(cursor.offset_bytes)
            else:
                cursor = replace(cursor, file=name, begun=(*cursor.begun, name))
            while rows := self._rows(file, path):
                table = np.array(rows)
                cursor = replace(cursor, offset_bytes=file.tell(), rows=cursor.rows + len(rows))
                target = self.columns.index(self.target)
                yield Batch(np.delete(table, target, axis=1), table[:, target], cursor)

    def _rows(self, file: BinaryIO, path: Path) -> list[list[float]]:
        rows: list[list[float]] = []
        while len(rows) < self.batch_rows and (line := file.readline()):
            if not line.strip():
                continue
            try:
                row = [float(field) for field in line.split(b",")]
            except ValueError:
                row = []
            if len(row) != len(self.columns) or not np.isfinite(row).all():
                raise Final(
                    f"{path}: byte {file.tell() - len(line)}: must be {len(self.columns)} finite numbers, "
                    f"got {line.decode(errors='replace').strip()[:80]!r}; correct the line or leave it out"
                )
            rows.append(row)
        return rows

    def _header(self, file: BinaryIO, name: str) -> list[str]:
        columns = file.readline().decode(errors="replace").strip().split(",")
        if self.target not in columns:
            raise Final(f"{self.folder / name}: has no column {self.target!r}, only {', '.join(columns)[:200]}")
        return columns
