"""Defines how a cluster gets its TCP ports: free on this machine, and of no other cluster of ours."""

import errno
import random
import socket
from collections.abc import Iterable

from podzol.faults import Failure, Fault, UserError

FIRST, LAST = 20_000, 30_000
"""Below the range that Linux and macOS take for outgoing connections (32,768 and up), so nothing grabs one between."""
LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Go's servers do
        try:
            server.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def choose(count: int, taken: Iterable[int]) -> list[int]:
    """`count` free ports that are not in `taken`.

    Raises:
        Failure: there are not that many.
    """
    taken = set(taken)
    candidates = random.sample(range(FIRST, LAST), LAST - FIRST)
    free = (port for port in candidates if port not in taken and is_free(port))
    chosen = [port for port, _ in zip(free, range(count), strict=False)]
    if len(chosen) < count:
        raise Failure(f"no {count} free TCP ports between {FIRST} and {LAST} on {LOOPBACK}")
    return chosen


def check_free(port: int) -> None:
    """Refuse a port of the user's choice that is busy.

    Raises:
        UserError: something listens there.
    """
    if not is_free(port):
        raise UserError([Fault("--port", "must be free on 127.0.0.1", port, "take another, or leave it out")])
