"""Defines how the agent becomes able to give pods files and a network of their own without root: a user namespace.

In it the agent has root's powers over what it makes itself (mounts, networks, process ids) and over nothing else; for
the machine it stays the user that it is. Source: user_namespaces(7), network_namespaces(7) (2026-11-23).
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000
PYTHON = os.path.realpath(sys.executable)
"""Not the link that the agent is started through, by which its process is known."""
LAUNCH = Path(__file__).with_name("launch.py")
PROGRAMS = ("setpriv", "nsenter", "ip")
"""Of util-linux and iproute2, which nearly every Linux has."""
TRY_SECONDS = 10.0
MARK = "PODZOL_POD"
"""Environment variable of a process that no namespace ends: it names a folder of the agent, so `down` finds it."""
MISSING = "missing"
"""File in the root that says why pods have no namespaces, empty when they have: the agent is ready once it is there."""

libc = ctypes.CDLL(None, use_errno=True)


class Missing(Exception):
    """This machine has no namespaces for us; the message says what is missing."""


def enter() -> None:
    """Make the user namespace and go in; before any thread is started.

    Raises:
        Missing: the kernel or its settings don't let us.
    """
    if absent := [name for name in PROGRAMS if shutil.which(name) is None]:
        raise Missing(f"no program {', '.join(absent)} (packages util-linux and iproute2)")
    uid, gid = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWUSER)
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    except OSError as error:
        raise Missing(f"user namespaces are restricted here: {error.strerror}") from error


def try_out(folder: Path) -> None:
    """Start a container that does nothing.

    Raises:
        Missing: it doesn't start, with what it said.
    """
    root = folder / "try"
    (root / "volume").mkdir(parents=True, exist_ok=True)
    (root / "root").mkdir(exist_ok=True)
    mount = {"source": str(root / "volume"), "target": "/podzol/volume", "read_only": False}
    orders = {"contained": True, "root": str(root / "root"), "mounts": [mount], "uid": 65532, "gid": 65532}
    orders |= {"folder": "/", "argv": ["true"]}
    read, write = os.pipe()
    done = subprocess.run(
        launch(write, orders), pass_fds=[write], capture_output=True, text=True, timeout=TRY_SECONDS, check=False
    )
    os.close(write)
    said = os.read(read, 4096).decode(errors="replace").strip()
    os.close(read)
    if done.returncode:
        raise Missing(said or done.stderr.strip() or f"a container ends with code {done.returncode}")


def launch(status: int, orders: dict[str, Any]) -> list[str]:
    """The words that start a container.

    Args:
        status: descriptor of the pipe that is told how that goes.
        orders: see `Plan.orders`.
    """
    return [PYTHON, "-I", "-S", str(LAUNCH), str(status), json.dumps(orders)]


def with_us() -> list[str]:
    """The words before a command that end it when the agent ends."""
    return [which("setpriv"), "--pdeathsig", "KILL"]


def kill_marked(place: str) -> None:
    """End every process whose environment has a container's mark, however far it has gone from the container."""
    mark = f"{MARK}={place}".encode()
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile, or isn't ours
            if place and mark in (path / "environ").read_bytes().split(b"\0"):
                os.kill(int(path.name), signal.SIGKILL)


def which(program: str) -> str:
    """Where a program is."""
    return shutil.which(program) or program


def call(function: str, *arguments: int) -> None:
    """A function of the C library that is a system call.

    Raises:
        Missing: it fails.
    """
    if getattr(libc, function)(*arguments) < 0:
        number = ctypes.get_errno()
        raise Missing(f"{function}: {os.strerror(number)}")
