"""Defines the log of a container: written as the kubelet's container runtimes write it, read as `kubectl logs` asks.

A line is `TIME STREAM TAG TEXT`: https://kubernetes.io/docs/concepts/cluster-administration/logging/ (2026-11-23); a
line without an end has the tag P, the others F.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 16_384
"""Bytes; a longer line is written in parts, as containerd does."""
MOST_BYTES = 10 * 2**20
"""Of one file, the kubelet's containerLogMaxSize; then the file before it is thrown away."""
POLL_SECONDS = 0.1


class LogFile:
    """The file that a container's output goes to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("ab", buffering=0)

    async def copy(self, reader: asyncio.StreamReader, stream: str, heard: Callable[[str, bytes], None]) -> None:
        """Write what a pipe brings, until it ends, and hand it on as it comes."""
        rest = b""
        while chunk := await reader.read(65_536):
            heard(stream, chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self.write(line, stream)
            while len(rest) > LONGEST_LINE:
                self.write_part(rest[:LONGEST_LINE], stream, "P")
                rest = rest[LONGEST_LINE:]
        if rest:
            self.write_part(rest, stream, "P")

    def write(self, line: bytes, stream: str) -> None:
        """Write a whole line."""
        while len(line) > LONGEST_LINE:
            self.write_part(line[:LONGEST_LINE], stream, "P")
            line = line[LONGEST_LINE:]
        self.write_part(line, stream, "F")

    def write_part(self, text: bytes, stream: str, tag: str) -> None:
        """Write one entry; begin a new file when this one is full."""
        if self.file.tell() > MOST_BYTES:
            self.file.close()
            self.path.replace(self.path.with_suffix(".log.1"))
            self.file = self.path.open("ab", buffering=0)
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "000Z")
        self.file.write(f"{now} {stream} {tag} ".encode() + text + b"\n")

    def close(self) -> None:
        """No more comes."""
        self.file.close()


@dataclass(frozen=True)
class Wanted:
    """What of a log is asked for, by the API's own words."""

    follow: bool = False
    timestamps: bool = False
    tail_lines: int | None = None
    limit_bytes: int | None = None
    since: str = ""
    """A time as the log has it, or empty."""


async def read(path: Path, wanted: Wanted, ended: asyncio.Event) -> AsyncIterator[bytes]:
    """The log's text; with `follow`, until the container has ended."""
    left = wanted.limit_bytes if wanted.limit_bytes is not None else 1 << 62
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        if wanted.tail_lines is not None:
            skip_to_tail(file, wanted.tail_lines)
        while left > 0:
            is_last, is_full = ended.is_set(), is_replaced(file, path)  # asked before reading: nothing is missed
            lines = whole_lines(file)
            for line in lines:
                if text := shown(line, wanted):
                    yield text[:left]
                    left -= len(text)
                    if left <= 0:
                        return
            if lines:
                continue
            if wanted.follow and is_full:
                file = stack.enter_context(path.open("rb"))
            elif not wanted.follow or is_last:
                return
            else:
                await asyncio.sleep(POLL_SECONDS)


def is_replaced(file: BinaryIO, path: Path) -> bool:
    """Whether a new file was begun since this one was opened."""
    return path.exists() and not os.path.samestat(os.fstat(file.fileno()), path.stat())


def whole_lines(file: BinaryIO) -> list[bytes]:
    """The next entries that are written to their end."""
    start = file.tell()
    chunk = file.read(1 << 20)
    end = chunk.rfind(b"\n") + 1
    file.seek(start + end)
    return chunk[:end].split(b"\n")[:-1]  # a carriage return ends none: progress bars are full of them


def skip_to_tail(file: BinaryIO, count: int) -> None:
    """Go to the last `count` whole lines."""
    starts, position = [], 0
    for line in file:
        if b" F " in line[:48] or b" P " in line[:48]:
            starts.append(position)
        position += len(line)
    file.seek(starts[-count] if 0 < count <= len(starts) else (position if count == 0 else 0))


def shown(line: bytes, wanted: Wanted) -> bytes:
    """An entry as it is shown; empty when it isn't asked for."""
    time, _, rest = line.partition(b" ")
    _, _, tagged = rest.partition(b" ")
    tag, _, text = tagged.partition(b" ")
    if wanted.since and time.decode() < wanted.since:
        return b""
    return (time + b" " if wanted.timestamps else b"") + text + (b"" if tag == b"P" else b"\n")
