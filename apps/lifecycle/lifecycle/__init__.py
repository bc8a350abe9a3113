"""A program's life in a pod: start, checkpoint, stop, and an exit code that says whether to try again."""

from lifecycle.arguments import Arguments, between
from lifecycle.checkpoints import Checkpoints
from lifecycle.claim import claim
from lifecycle.exits import DONE, FAILED, FINAL, KILLED, STOPPED, Ending, Failed, Final, Killed, Stopped, run
from lifecycle.files import sha256, sync, whole_file, write_whole
from lifecycle.journal import say
from lifecycle.limits import Limits
from lifecycle.stop import Stop

__all__ = [
    "DONE",
    "FAILED",
    "FINAL",
    "KILLED",
    "STOPPED",
    "Arguments",
    "Checkpoints",
    "Ending",
    "Failed",
    "Final",
    "Killed",
    "Limits",
    "Stop",
    "Stopped",
    "between",
    "claim",
    "run",
    "say",
    "sha256",
    "sync",
    "whole_file",
    "write_whole",
]
