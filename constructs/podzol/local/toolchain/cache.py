"""Defines where tools are kept and found: `find`, `require`, and how a file is put in place whole or not at all.

The cache is `$PODZOL_CACHE`, else `$XDG_CACHE_HOME/podzol`, else `~/.cache/podzol`. One tool of one version has one
file, so a newer toolchain installs what changed and nothing else.
"""

import fcntl
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from podzol.faults import Failure
from podzol.local.toolchain.tools import Tool, tool

ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
"""What Python calls a machine -> what Go and the release files call it."""


def root() -> Path:
    """The cache's folder; it need not exist yet."""
    if own := os.environ.get("PODZOL_CACHE"):
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "podzol"


def this_platform() -> str:
    """`os-arch` of this machine, in Go's words."""
    machine = platform.machine().lower()
    return f"{sys.platform}-{ARCHITECTURES.get(machine, machine)}"


def toolchain() -> Path:
    """The folder of this machine's tools."""
    return root() / "toolchain" / this_platform()


def bin_folder() -> Path:
    """A folder of links to the current version of each program, for PATH."""
    return toolchain() / "bin"


def place_of(wanted: Tool) -> Path:
    """Where the cache keeps this version of the tool."""
    return toolchain() / wanted.name / wanted.version / wanted.filename


def find(name: str) -> Path | None:
    """The file of the tool: what its variable names (`PODZOL_HELM`), else the cache's, else None.

    Raises:
        Failure: the variable names a file that isn't there.
    """
    wanted = tool(name)
    if own := os.environ.get(wanted.variable):
        path = Path(own).absolute()
        if not path.is_file() or (wanted.package and not os.access(path, os.X_OK)):
            raise Failure(f"{wanted.variable} names {own}, which is no program; correct it or unset it")
        return path
    place = place_of(wanted)
    return place if place.is_file() else None


def require(name: str) -> Path:
    """The file of the tool.

    Raises:
        Failure: it isn't there; the message says how to get it.
    """
    path = find(name)
    if path is None:
        wanted = tool(name)
        raise Failure(
            f"{name} {wanted.version} is not installed; run `podzol toolchain install {wanted.group}`, "
            f"or set {wanted.variable} to a program of your own"
        )
    return path


@contextmanager
def placing(path: Path) -> Iterator[Path]:
    """A file beside `path` to write; it takes the place of `path` when the block ends well, else it is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock file `path`; one process at a time does. `on_wait` is called when another one holds it.

    The kernel drops the lock with its process, so a killed one blocks nobody. The file is gone afterwards.

    Raises:
        Failure: the file can't be written.
    """
    while True:
        with open_lock(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if on_wait:
                    on_wait()
                fcntl.flock(file, fcntl.LOCK_EX)
            if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                continue  # its last holder removed the file that we waited for
            try:
                yield
            finally:
                path.unlink(missing_ok=True)  # a cluster that was ended meanwhile took its locks along
            return


def open_lock(path: Path) -> TextIO:
    """The lock file, open; its folder is made where it isn't there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w")
    except OSError as error:
        raise Failure(f"{path.parent} can't be written: {error.strerror}") from error
