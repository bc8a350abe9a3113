"""One program at a time in a folder: a pod whose node is thought lost, and its replacement, must not mix their work."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from lifecycle.exits import Failed, Final
from lifecycle.files import NO_ROOM
from lifecycle.journal import say


def claim(folder: Path) -> int:
    """Make the folder and hold it, until the program ends, however it ends, or the handle that is given is closed.

    Raises Failed when another program holds it or the volume has no room, Final when nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        ending = Failed if error.errno in NO_ROOM else Final
        raise ending(f"{folder}: can't write here: {error.strerror}; mount a writable volume with room") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise Failed(f"{folder}: another program works here; wait for it to end") from error
    except OSError:
        say("lock_missing", folder=str(folder), reason="the file system has no locks")
    return lock
