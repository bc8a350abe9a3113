"""The reads: which files belong together, and whether they are FASTQ at all."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from lifecycle import Final, Stop, Stopped

FASTQ = re.compile(r"(?P<name>.+?)(?:[._]R?(?P<mate>[12])(?:_001)?)?\.(?:fastq|fq)(?:\.gz)?")
"""`soil_R1.fastq.gz`, `soil_R1_001.fq`, `soil_1.fq.gz`, `soil.fastq`."""
PLAIN = re.compile(r"[\w./+@=:%~-]+")
"""Paths that MEGAHIT can read: it puts them into a command line of a shell, and commas between them."""
LOOKED_AT = 1000
"""Records at the start of each file that are checked before any work is begun."""
BLOCK_BYTES = 1 << 22
BASES = re.compile(rb"[ACGTUNRYSWKMBDHVacgtunryswkmbdhv]+")


@dataclass(frozen=True)
class Library:
    """The files of one sequencing run: two mates, or one file of single reads."""

    name: str
    files: tuple[Path, ...]


def find(folder: Path) -> list[Library]:
    """The libraries of a folder, checked. Raises Final when there is none, or a file isn't FASTQ."""
    if not folder.is_dir():
        raise Final(f"{folder}: there is no such folder; mount the reads there, or name another with --reads")
    by_name: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.iterdir()):
        if match := FASTQ.fullmatch(path.name):
            mate = match["mate"] or ""
            if mate in by_name.setdefault(match["name"], {}):
                raise Final(f"{path}: is there twice, also as {by_name[match['name']][mate].name}; leave one out")
            by_name[match["name"]][mate] = path
    if not by_name:
        raise Final(f"{folder}: holds no .fastq, .fq, .fastq.gz or .fq.gz file; the dataset is empty, or elsewhere")
    libraries = [library(name, files) for name, files in by_name.items()]
    for one in libraries:
        must_be_plain(one.name, one.files[0])
        check(one)
    return libraries


def must_be_plain(text: str, path: Path) -> None:
    """Raise Final unless MEGAHIT can read files of such a name."""
    if not PLAIN.fullmatch(text):
        raise Final(f"{path}: must have only letters, digits and . _ + - in its name, for MEGAHIT; rename it")


def library(name: str, files: dict[str, Path]) -> Library:
    if set(files) in ({"1", "2"}, {""}):
        return Library(name, tuple(files[mate] for mate in sorted(files)))
    there = ", ".join(path.name for path in files.values())
    raise Final(f"{name}: must be two mates (NAME_1 and NAME_2) or one file (NAME), got {there}; rename or add one")


def check(one: Library) -> None:
    """Look at the first records of each file, and that mates have the same names."""
    names = [[mate_name(name) for name in islice(records(path), LOOKED_AT)] for path in one.files]
    for path, found in zip(one.files, names, strict=True):
        if not found:
            raise Final(f"{path}: is empty; a library must have reads")
    if len(names) == 2 and names[0] != names[1]:
        raise Final(f"{one.files[1]}: its reads aren't the mates of {one.files[0].name}'s, in the same order")


def count(one: Library, stop: Stop) -> int:
    """The reads of a library, each file read to its end: fastp takes a file that is cut off for a whole one."""
    counts = [lines(path, stop) for path in one.files]
    for path, found in zip(one.files, counts, strict=True):
        if found % 4:
            raise Final(f"{path}: isn't FASTQ: it has {found} lines, no multiple of four; it is cut off or damaged")
    if len(set(counts)) > 1:
        numbers = " and ".join(f"{found // 4} in {path.name}" for path, found in zip(one.files, counts, strict=True))
        raise Final(f"{one.name}: both mates must have the same number of reads, got {numbers}")
    return sum(counts) // 4


def lines(path: Path, stop: Stop) -> int:
    """The lines of a file. Raises Final when it is cut off."""
    found, last = 0, b"\n"
    with opened(path) as file:
        while block := file.read(BLOCK_BYTES):
            found, last = found + block.count(b"\n"), block[-1:]
            if stop.asked:
                raise Stopped("stopped while the reads were checked, as asked; the next try checks them again")
    return found + (last != b"\n")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked where it is gzip. Raises Final when it can't be read."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if zipped else path.open("rb") as file:
            yield cast(BinaryIO, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Final(f"{path}: is cut off or damaged: {error}; copy it again") from error
    except OSError as error:
        raise Final(f"{path}: can't be read: {error.strerror}") from error


def records(path: Path) -> Iterator[bytes]:
    """The names of the first records. Raises Final at one that isn't FASTQ."""
    with opened(path) as file:
        for number in range(LOOKED_AT):
            four = [file.readline(1 << 20).rstrip(b"\r\n") for _ in range(4)]
            if not any(four):
                return
            fault = what_is_wrong(*four)
            if fault:
                raise Final(f"{path}: isn't FASTQ: record {number + 1} {fault}")
            yield four[0][1:]


def what_is_wrong(name: bytes, bases: bytes, plus: bytes, quality: bytes) -> str | None:
    """What is wrong with a record; None when nothing is."""
    if not name.startswith(b"@"):
        return "must begin with @"
    if not BASES.fullmatch(bases):
        return "must have bases on its second line"
    if not plus.startswith(b"+"):
        return "must have + on its third line"
    if len(quality) != len(bases):
        return f"must have as many qualities as bases, got {len(quality)} and {len(bases)}"
    return None


def mate_name(name: bytes) -> bytes:
    """A read's name without what tells its mates apart."""
    first = name.split(maxsplit=1)[0] if name.strip() else b""
    return first[:-2] if first.endswith((b"/1", b"/2")) else first
