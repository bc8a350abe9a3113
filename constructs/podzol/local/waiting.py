"""Defines how one waits for what comes by itself: it is asked for again and again, never without a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

from podzol.faults import Failure

Found = TypeVar("Found")

WAIT_SECONDS = 300
"""Longer than any controller takes."""
ASK_SECONDS = 0.1
"""Between two questions that cost little."""
ASK_API_SECONDS = 0.5
"""Between two questions to the API server while something takes its time: each starts a kubectl."""


def within(seconds: float, ask: Callable[[], Found], every_seconds: float = ASK_SECONDS) -> Found:
    """Ask until the answer is more than nothing, or the time is up; gives the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < deadline:
        time.sleep(every_seconds)
    return answer


def wait(reached: Callable[[], object], what: str, seconds: float = WAIT_SECONDS) -> None:
    """Wait until it is so.

    Raises:
        Failure: it isn't in time.
    """
    if not within(seconds, reached, ASK_API_SECONDS):
        raise Failure(f"waited {seconds:.0f} s for {what}")
