"""SIGTERM, heard between two steps: a signal never cuts through a save."""

from __future__ import annotations

import signal
import time
from types import FrameType


class Stop:
    """Listens for SIGTERM (the cluster) and SIGINT (a person); the handler only notes it, for `asked`."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until a stop is asked."""
        end = time.monotonic() + seconds
        while not self.asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.05))
