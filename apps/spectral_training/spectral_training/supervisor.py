"""With several pods, the training runs in a child process: when a pod is lost, JAX's native code aborts the process it
is in, with a stack trace and no chance to say why. The parent turns that into one line and an exit code.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import FrameType

from lifecycle import KILLED, STOPPED, Ending, Failed, say

SUPERVISED = "SPECTRAL_TRAINING_SUPERVISED"
"""Set in the child's environment."""
STACK = re.compile(r"\s+@ +0x|\*\*\* |Fatal Python error|Thread 0x|Current thread|\s+File \"|Extension modules|$")
"""Lines of a native or faulthandler stack trace."""
PR_SET_PDEATHSIG = 1
"""prctl: the signal this process gets when its parent dies. Source: man 2 prctl, 2026-11-23."""


class Ended(Ending):
    """The child has said why in its own last line, which is repeated here."""

    def __init__(self, line: str, code: int) -> None:
        super().__init__(line)
        self.code = code


def is_child(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process is the child; if so, have it die with its parent."""
    if SUPERVISED not in environment:
        return False
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return True


def supervise(name: str, argv: list[str], count: int) -> None:
    """Run the program in a child; return when it is done, raise an Ending when it failed."""
    child = subprocess.Popen(
        [sys.executable, "-m", __package__, *argv],
        env={**os.environ, SUPERVISED: "1"},
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )

    def pass_on(number: int, frame: FrameType | None) -> None:
        child.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, pass_on)
    last, reason = "", ""
    for line in child.stderr or ():
        if line.startswith(f"{name}: "):
            last = line.removeprefix(f"{name}: ").strip()
        elif not STACK.match(line):
            say("native_log", text=line.strip())
            found = re.search(r"absl::Status: (\w+)", line)
            reason = found[1] if found else reason
    code = child.wait()
    if code == 0:
        return
    if code == -signal.SIGTERM:
        raise Ended("stopped before there was anything to save", STOPPED)
    if code < 0 and not last:
        raise Ended(why(-code, reason, count), KILLED if code == -signal.SIGKILL else Failed.code)
    raise Ended(last or f"the training ended with exit code {code} and no word", max(code, 1))


def why(number: int, reason: str, count: int) -> str:
    """What a child that was ended by a signal died of."""
    if number == signal.SIGKILL:
        return "the training was killed; if for its memory, give the container more"
    if number == signal.SIGABRT and reason == "DEADLINE_EXCEEDED":
        return (
            f"not all {count} pods came in time; see that each can run, and raise --rendezvous-seconds if they are slow"
        )
    if number == signal.SIGABRT and reason:
        return f"a pod of the {count} is lost ({reason}); all start again from the checkpoint"
    return f"the training was ended by {signal.Signals(number).name}; native_log lines may say why"
