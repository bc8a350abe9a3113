"""Defines the package of a Helm chart: a .tgz with the same bytes on any machine.

The archive is sorted, every file has the same owner, mode and date, and nothing is compressed: what deflate makes of
one text differs between builds of zlib (zlib-ng and hardware compressors choose other matches), stored blocks don't.
A chart is some 100 kB; git and HTTP compress it on their way.
"""

import hashlib
import io
import struct
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from podzol.charts.changelog import Entry

STORED_BLOCK_MAX = 0xFFFF
"""Bytes of the largest stored block of deflate. Source: RFC 1951, section 3.2.4."""


@dataclass(frozen=True)
class Package:
    """A packaged Helm chart: the content of Chart.yaml, and the bytes."""

    metadata: dict[str, Any]
    data: bytes

    @property
    def name(self) -> str:
        return str(self.metadata["name"])

    @property
    def version(self) -> str:
        return str(self.metadata["version"])

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.version}.tgz"

    @property
    def digest(self) -> str:
        """SHA-256 in hex, as index.yaml holds it."""
        return hashlib.sha256(self.data).hexdigest()


def pack(files: Mapping[str, str], entry: Entry) -> Package:
    """The package of a chart folder, given as path -> text; `entry` gives the date of every file in it."""
    metadata = yaml.safe_load(files["Chart.yaml"])
    return Package(metadata, _gzip(_tar(files, metadata["name"], entry.epoch_seconds)))


def _tar(files: Mapping[str, str], folder: str, epoch_seconds: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(files, key=lambda path: (path != "Chart.yaml", path)):  # readers look for Chart.yaml first
            content = files[path].encode()
            member = tarfile.TarInfo(f"{folder}/{path}")
            member.size, member.mode, member.mtime = len(content), 0o644, epoch_seconds
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def _gzip(content: bytes) -> bytes:
    """A gzip file of stored blocks. Source: RFC 1952 (header, trailer) and RFC 1951 (stored blocks)."""
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"  # deflate; no flags, no date, unknown system
    starts = range(0, max(len(content), 1), STORED_BLOCK_MAX)
    blocks = b"".join(_stored(content[at : at + STORED_BLOCK_MAX], last=at == starts[-1]) for at in starts)
    return header + blocks + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


def _stored(block: bytes, last: bool) -> bytes:
    return struct.pack("<BHH", int(last), len(block), len(block) ^ 0xFFFF) + block
