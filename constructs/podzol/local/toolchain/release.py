"""Defines `download`: a tool from its project's own release files, its sha256 checked before it is put in place.

A mirror (`PODZOL_MIRROR=https://mirror.example/files`) is asked for `<mirror>/<host>/<path>` instead of
`https://<host>/<path>`, the layout of a plain caching proxy.
"""

import errno
import hashlib
import json
import os
import queue
import tarfile
import threading
import urllib.request
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError
from urllib.parse import urlsplit

from podzol.faults import Failure
from podzol.local.toolchain.cache import place_of, placing, this_platform
from podzol.local.toolchain.tools import Tool

CONTACT_SECONDS = 4.0
"""How long a host may take to give its checksums, name lookup included, before it counts as out of reach."""
STALL_SECONDS = 30.0
"""How long a download may stand still."""
BLOCK_BYTES = 1 << 20
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS)
"""Errors of our own disk, not of the network; building would meet them too."""

Doing = Callable[[str, float | None], None]
"""Told what happens now, and how far it is (0 to 1)."""


class Unavailable(Exception):
    """The release file can't be had here, so the tool has to be built."""


def download(tool: Tool, doing: Doing) -> None:
    """Fetch the tool into the cache.

    Raises:
        Unavailable: no file for this machine, or no way to its host.
        Failure: the file isn't the one that its project published.
    """
    release = tool.release
    if release is None or this_platform() not in release.platforms:
        raise Unavailable("its project publishes no file for this machine")
    url, checksum_url = fill(release.url, tool), fill(release.checksum, tool)
    doing(f"asking {host_of(checksum_url)}", None)
    expected = published_sum(contact(mirrored(checksum_url)), PurePosixPath(urlsplit(url).path).name)
    with placing(place_of(tool)) as partial:
        try:
            actual = fetch(mirrored(url), partial, lambda done: doing(f"downloading from {host_of(url)}", done))
        except (OSError, HTTPException) as error:  # what urllib raises, timeouts too
            if isinstance(error, OSError) and error.errno in DISK_ERRORS:
                raise
            raise Unavailable(f"{host_of(url)}: {error}") from error
        if actual != expected:
            raise Failure(
                f"{tool.name}: {url} has the sha256 {actual}, but its project published {expected}; nothing was "
                "installed; try again, or look at the mirror or proxy in between"
            )
        if release.member:
            keep_member(partial, fill(release.member, tool))
        partial.chmod(0o755)


def fill(pattern: str, tool: Tool) -> str:
    """The pattern, with this tool, version and machine in it."""
    system, machine = this_platform().split("-")
    number = tool.version.removeprefix("v")
    return pattern.format(name=tool.name, version=tool.version, number=number, os=system, arch=machine)


def mirrored(url: str) -> str:
    """The address to ask: the mirror's where there is one."""
    mirror = os.environ.get("PODZOL_MIRROR", "").rstrip("/")
    parts = urlsplit(url)
    return f"{mirror}/{parts.netloc}{parts.path}" if mirror else url


def host_of(url: str) -> str:
    """The host that is really asked."""
    return urlsplit(mirrored(url)).netloc


@cache
def contact(url: str) -> str:
    """The text at `url`, or Unavailable when it doesn't come soon: offline, this must not take long."""
    answer: queue.Queue[str | Exception] = queue.Queue()

    def ask() -> None:
        try:
            with urllib.request.urlopen(url, timeout=CONTACT_SECONDS) as response:
                answer.put(response.read().decode(errors="replace"))
        except (OSError, HTTPException) as error:
            answer.put(error)

    host = urlsplit(url).netloc
    if host in out_of_reach:
        raise Unavailable(f"{host} is out of reach")
    threading.Thread(target=ask, daemon=True).start()  # a name lookup knows no timeout, so it is left behind
    try:
        got = answer.get(timeout=CONTACT_SECONDS)
    except queue.Empty:
        got = TimeoutError(f"no answer in {CONTACT_SECONDS:.0f} s")
    if isinstance(got, HTTPError) and got.code == HTTPStatus.NOT_FOUND:
        raise Unavailable(f"{host} has no {urlsplit(url).path}")  # what another tool needs may be there
    if isinstance(got, Exception):
        out_of_reach.add(host)
        raise Unavailable(f"{host} is out of reach ({getattr(got, 'reason', got)})")
    return got


out_of_reach: set[str] = set()
"""Hosts that didn't answer; one wait for each is enough."""


def published_sum(text: str, filename: str) -> str:
    """The sha256 that `text` gives for the file: GitHub's JSON, `SUM`, or lines of `SUM  FILENAME`.

    Raises:
        Unavailable: it gives none.
    """
    if text.lstrip().startswith("{"):
        found = digest_of_asset(text, filename).removeprefix("sha256:")
    else:
        sums = [line.split() for line in text.splitlines() if line.strip()]
        found = next((words[0] for words in sums if len(words) == 1 or words[1].lstrip("*") == filename), "")
    if len(found) != 64:
        raise Unavailable(f"no sha256 is published for {filename}")
    return found.lower()


def digest_of_asset(text: str, filename: str) -> str:
    """The digest that a release of GitHub's API gives for a file; empty when it gives none."""
    try:
        assets = json.loads(text).get("assets", [])
    except json.JSONDecodeError:
        return ""
    return next((asset.get("digest") or "" for asset in assets if asset["name"] == filename), "")


def fetch(url: str, path: Path, progress: Callable[[float], None]) -> str:
    """Write what is at `url` to `path`; gives its sha256."""
    digest = hashlib.sha256()
    with urllib.request.urlopen(url, timeout=STALL_SECONDS) as response, path.open("wb") as file:
        total, done = int(response.headers.get("Content-Length") or 0), 0
        while block := response.read(BLOCK_BYTES):
            digest.update(block)
            done += file.write(block)
            progress(done / total if total else 0.0)
    return digest.hexdigest()


def keep_member(archive: Path, member: str) -> None:
    """Put one member of a tar archive in the archive's own place."""
    try:
        with tarfile.open(archive) as tar:
            content = tar.extractfile(member)
            data = content.read() if content else b""
    except (KeyError, tarfile.TarError) as error:
        raise Failure(f"the release file holds no {member}: {error}") from error
    archive.write_bytes(data)
