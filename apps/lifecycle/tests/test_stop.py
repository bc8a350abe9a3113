"""SIGTERM is heard between two steps."""

import os
import signal
import time

from lifecycle import Stop


def test_a_pause_ends_when_a_stop_is_asked():
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        stop, begun = Stop(), time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        stop.pause(60)
        assert stop.asked
        assert time.monotonic() - begun < 10
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
