"""Defines which processes belong to a cluster, and how they are ended.

kwokctl starts each program through a link in the cluster's own folder, so the path of the program tells whose it is.
"""

import os
import signal
import subprocess
from pathlib import Path

from podzol.faults import Failure
from podzol.kubelet.namespaces import MARK
from podzol.local.waiting import within

END_SECONDS = 10.0
"""How long the kernel may take to end killed processes."""
KILL_SECONDS = 0.02
"""Between two looks at what is left of them."""


def running_under(folder: Path) -> list[int]:
    """Ids of the processes that run a program of `folder`, or kwokctl with a file of it."""
    inside = f"{folder}/"
    return [
        pid
        for pid, (program, *arguments) in commands()
        if program.startswith(inside)
        or (Path(program).name.startswith("kwokctl") and any(inside in a for a in arguments))
    ]


def pods_under(folder: Path) -> list[int]:
    """Ids of the processes of pods that really run and that nothing else ends: `folder` is named by a variable."""
    inside = f"{MARK}={folder}/".encode()
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if inside in environment(path)]


def environment(process: Path) -> bytes:
    """The environment of a process; none of one that has ended, or isn't ours."""
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def ids_under(folder: Path) -> dict[str, int]:
    """Name -> id of the processes that run a program of `folder`."""
    inside = f"{folder}/"
    return {Path(program).name: pid for pid, (program, *_) in commands() if program.startswith(inside)}


def commands() -> list[tuple[int, list[str]]]:
    """Id and command line of every process that we may see."""
    if Path("/proc/self/cmdline").exists():
        return [(int(path.name), words) for path in Path("/proc").glob("[0-9]*") if (words := command_line(path))]
    lines = subprocess.run(["ps", "-A", "-o", "pid=,command="], capture_output=True, text=True, check=True).stdout
    split = [line.split() for line in lines.splitlines()]
    return [(int(pid), words) for pid, *words in split if words]


def command_line(process: Path) -> list[str]:
    """The words of a process's command line; none for one that has ended or is a kernel thread."""
    try:
        return (process / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")[:-1]
    except OSError:
        return []


def end_all(folder: Path) -> int:
    """End every process of `folder` at once; what they would still write is thrown away. Gives how many there were.

    Raises:
        Failure: one is still there after ten seconds.
    """
    ended: set[int] = set()

    def kill_them() -> list[int]:
        pids = running_under(folder) + pods_under(folder)
        for pid in pids:
            kill(pid, folder)
        ended.update(pids)
        return pids

    if not within(END_SECONDS, lambda: not kill_them(), KILL_SECONDS):
        raise Failure(f"processes {', '.join(map(str, kill_them()))} of {folder} do not end")
    return len(ended)


def kill(pid: int, folder: Path) -> None:
    """Kill a process of `folder`, unless it has ended.

    Raises:
        Failure: we may not.
    """
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise Failure(f"process {pid} of {folder} belongs to another user; ask them to end it") from error
