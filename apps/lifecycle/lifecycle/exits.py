"""How a program ends, so that the cluster knows whether to try again.

A Job's podFailurePolicy reads exit codes: FINAL fails the Job at once (`FailJob`), everything else is counted against
`backoffLimit` or, after a disruption, ignored. The table is told to people in docs/programs.md.
Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy (2026-11-23)
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

from lifecycle.files import NO_ROOM
from lifecycle.journal import say

DONE = 0
"""The work is complete."""
FAILED = 1
"""It failed, and another try may succeed: a full disk, a lost peer, a port in use, an error nobody foresaw."""
FINAL = 42
"""It failed, and every other try would fail the same way: bad arguments, bad or missing data, a loss that is NaN."""
KILLED = 137
"""A process that did the work was ended by SIGKILL (128 + 9), most likely for its memory."""
STOPPED = 143
"""SIGTERM (128 + 15) was heard and the state is saved: the next try goes on from there."""


class Ending(Exception):
    """A program's end that is not success: one line for the person, one exit code for the cluster."""

    code = FAILED


class Failed(Ending):
    """Another try may succeed."""


class Final(Ending):
    """Every other try would fail the same way."""

    code = FINAL


class Killed(Ending):
    """A tool or a child was killed; with more memory another try may succeed."""

    code = KILLED


class Stopped(Ending):
    """SIGTERM was heard and the state is saved."""

    code = STOPPED

    @classmethod
    def at(cls, step: int) -> Stopped:
        """A training's stop, between two steps."""
        return cls(f"stopped at step {step} as asked; the next try goes on from there")


class Terminated(BaseException):
    """SIGTERM came before the program listened for it: while it imports, reads its data, or has nothing to save."""


def run(name: str, program: Callable[[list[str]], None], argv: list[str] | None = None) -> NoReturn:
    """Run `program` and leave with its exit code. An error is one line on stderr, never a traceback."""
    signal.signal(signal.SIGTERM, terminate)  # the first process of a container hears only what it has a handler for
    sys.unraisablehook = threading.excepthook = tell_aside
    code, line = outcome(program, sys.argv[1:] if argv is None else argv)
    signal.signal(signal.SIGTERM, take_no_notice)
    if line:
        say_why(name, line)
    sys.exit(code)


def outcome(program: Callable[[list[str]], None], argv: list[str]) -> tuple[int, str]:
    """The exit code, and what to say: nothing when it is done."""
    try:
        program(argv)
    except SystemExit:
        raise
    except BaseException as error:
        return told(error)
    return DONE, ""


def told(error: BaseException) -> tuple[int, str]:
    """The exit code of an error that nobody caught, and its line."""
    match error:
        case Ending():
            return error.code, str(error)
        case Terminated():
            return STOPPED, "stopped before there was anything to save"
        case KeyboardInterrupt():
            return 130, "interrupted before there was anything to save"
        case MemoryError():
            return FAILED, "out of memory; give the container more, or work on smaller batches"
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains as it exits
            return FAILED, "nobody reads the output any more"
        case OSError() if error.errno in NO_ROOM:
            return FAILED, f"no room on a volume: {error}; what was saved is kept; give the volume more room"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    return FAILED, f"unexpected {type(error).__name__} at {where}: {error}"


def tell_aside(raised: Any) -> None:
    """An error in a thread, or in what native code calls back, is a line of the journal. If it ends the program,
    `told` tells that."""
    say("error_aside", error=one_line(f"{raised.exc_type.__name__}: {raised.exc_value}"))


def terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated


def take_no_notice(number: int, frame: FrameType | None) -> None:
    """It leaves already."""


def say_why(name: str, message: str) -> None:
    """The program's last words: one line on stderr, after all that it has to say on stdout."""
    sys.stdout.flush()
    print(f"{name}: {one_line(message)}", file=sys.stderr, flush=True)


def one_line(text: str, width: int = 600) -> str:
    """`text` without line breaks, cut at `width` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 3] + "..."
