"""Defines `Record`, one line of a recording, and `RecordFile`, the file that a recorder appends to.

A recording is a folder with `records.jsonl`: one JSON object a line, in the order in which things were seen, only ever
appended to. A recorder that is killed leaves a readable file; the next one cuts off a torn last line and goes on.
Does not define what is kept of an object (`kinds`), nor who watches (`recorder`).
"""

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec

from podzol.elasticity.fields import fault_in
from podzol.faults import Failure, Fault, UserError
from podzol.generated import make_folder

FILE_NAME = "records.jsonl"
LATEST = 253_402_300_799
"""The end of the year 9999: what Python can tell as a date."""
MOST_FAULTS = 10
"""Told of a file; the rest will be alike."""


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that was seen."""

    at: Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
    """Seconds since 1970, by the clock of the recorder's machine."""
    kind: str
    """Of a Kubernetes object (`Pod`), or one of the recorder's own: `Run`, `Watch`, `NodeMetrics`, `PodMetrics`,
    `Load`, `Note`."""
    change: str = ""
    """`added`, `modified` or `deleted`; empty for the recorder's own kinds. What is there when the recorder starts is
    `added`."""
    name: str = ""
    namespace: str = ""
    uid: str = ""
    version: str = ""
    """resourceVersion; no two records of an object have the same one. Empty: nobody saw it, as of a deletion while the
    API server was away."""
    fields: dict[str, Any] = {}
    """What is kept of it."""


ENCODE = msgspec.json.Encoder().encode
DECODE = msgspec.json.Decoder(Record).decode


class RecordFile:
    """The file of a recording, open for appending, by one recorder at a time.

    Args:
        folder: made when there is none.

    Raises:
        Failure: it can't be written, or another recorder writes it.
        UserError: it isn't a recording.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        self.file = _taken(path)
        self.file.seek(0)
        content = self.file.read()
        whole = content.rfind(b"\n") + 1
        self.before = _decoded(content[:whole], path)
        """What earlier recorders wrote."""
        self.file.truncate(whole)

    def write(self, records: Iterable[Record]) -> None:
        """Append records; they outlive the death of this process, not yet that of the machine (`sync`).

        Raises:
            Failure: the disk doesn't take them.
        """
        try:
            self.file.write(b"".join(ENCODE(record) + b"\n" for record in records))
            self.file.flush()
        except OSError as error:
            raise Failure(f"{self.file.name}: can't be written: {error.strerror}") from error

    def sync(self) -> None:
        """Wait until all that was written is on the disk.

        Raises:
            Failure: the disk doesn't take it.
        """
        try:
            self.file.flush()  # of what a full disk did not take
            os.fsync(self.file.fileno())
        except OSError as error:
            raise Failure(f"{self.file.name}: can't be written: {error.strerror}") from error

    def close(self) -> None:
        """Sync and close.

        Raises:
            Failure: the disk doesn't take it.
        """
        try:
            self.sync()
        finally:
            with suppress(OSError):
                self.file.close()


def _taken(path: Path) -> BinaryIO:
    """The file, open and locked; its folder is made when there is none."""
    try:
        make_folder(path.parent)
        file = path.open("a+b")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Failure(f"{path}: another recorder writes it; give each a folder of its own") from error
    except OSError as error:
        raise Failure(f"{path}: can't be written: {error.strerror}") from error
    return file


def refuse_taken(folder: Path) -> None:
    """Refuse a folder that can't take a recording, before time is spent on one. Makes it when there is none.

    Raises:
        Failure: it can't be written, or another recorder writes in it.
    """
    path = folder / FILE_NAME
    with _taken(path):
        if not path.stat().st_size:
            path.unlink()


def refuse_other(folder: Path, before: Iterable[Record], cluster: str) -> None:
    """Refuse to go on with the recording of another cluster.

    Args:
        cluster: what tells ours from others, as in the `Run` records; empty: it isn't known.

    Raises:
        UserError: it is of another one.
    """
    known = {record.fields.get("cluster") for record in before if record.kind == "Run"} - {None, ""}
    if cluster and known and cluster not in known:
        rule, fix = "must be without a recording of another cluster", "give each cluster a folder of its own"
        raise UserError([Fault("--out", rule, str(folder), fix)])


def read(folder: Path) -> list[Record]:
    """All records of a recording, oldest first. One that is still being written may be read too.

    Raises:
        UserError: there is no recording, or a line isn't a record.
    """
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        fix = "record one with `podzol record --out DIR`"
        raise UserError([Fault(str(path), "must be a recording", error.strerror or "nothing", fix)]) from error
    records = _decoded(content[: content.rfind(b"\n") + 1], path)
    if not records:
        raise UserError([Fault(str(path), "must hold a record", "none", "record for longer")])
    return records


def _decoded(content: bytes, path: Path) -> list[Record]:
    records, faults = [], []
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        try:
            record = DECODE(line)
            records.append(record)
            wrong = fault_in(record.kind, record.fields)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            wrong = str(error)
        if wrong:
            fix = "the file was changed by another program"
            faults.append(Fault(f"{path}:{number}", "must be a record", wrong, fix))
    if faults and not records:
        raise UserError([Fault(str(path), "must be a recording", faults[0].got, "give the folder of a recording")])
    if faults:
        raise UserError(faults[:MOST_FAULTS])
    return records


def seconds(timestamp: str | None) -> float | None:
    """A timestamp of the Kubernetes API (RFC 3339) as seconds since 1970."""
    return datetime.fromisoformat(timestamp).timestamp() if timestamp else None


def iso(at: float) -> str:
    """A time for people: UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
