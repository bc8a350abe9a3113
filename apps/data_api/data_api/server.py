"""Serving, and ceasing to: after SIGTERM the service goes on while the cluster takes it out of the endpoints."""

from __future__ import annotations

import errno
import signal
import socket
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from data_api.api import build
from data_api.guard import Draining
from data_api.store import Store
from lifecycle import Failed, Final, say

KEEP_ALIVE_SECONDS = 75
"""How long an idle connection stays open. Longer than load balancers keep theirs (60 seconds at AWS), or one would use
a connection at the moment that the service closes it, and its client would see 502.
Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
#connection-idle-timeout (2026-11-23)"""


def serve(store: Store, options: Namespace, concurrent_searches: int) -> None:
    """Answer requests until a signal comes, drain, and return."""
    draining = Draining()
    app = build(store, draining, concurrent_searches, options.body_bytes)
    config = uvicorn.Config(
        app,
        log_level="critical",  # faults are told by the guard, in one line
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=options.finish_seconds,
        server_header=False,
    )
    with listen(options.host, options.port) as listener:
        say("serving", host=options.host, port=options.port, samples=store.samples)
        Server(config, draining, options.drain_seconds).run(sockets=[listener])
    say("stopped")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; said plainly when the port is taken."""
    try:
        return socket.create_server((host, port), backlog=2048, family=family(host))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            line = f"port {port} on {host} is in use; stop the program that has it, or name another --port"
            raise Failed(line) from error
        raise Final(f"can't listen on {host} port {port}: {error.strerror or error}") from error


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class Server(uvicorn.Server):
    """uvicorn, but the first signal only begins the drain. A second one ends it at once."""

    def __init__(self, config: uvicorn.Config, draining: Draining, drain_seconds: float) -> None:
        super().__init__(config)
        self.draining, self.drain_seconds = draining, drain_seconds
        self.drained_at, self.told = float("inf"), False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        signal.signal(signal.SIGTERM, self.begin_drain)
        signal.signal(signal.SIGINT, self.begin_drain)
        yield

    def begin_drain(self, number: int, frame: FrameType | None) -> None:
        self.drained_at = time.monotonic() + (0 if self.draining.begun else self.drain_seconds)
        self.draining.begun = True  # told by on_tick: a handler that writes could cut through another write

    async def on_tick(self, counter: int) -> bool:
        """uvicorn asks ten times a second whether to stop."""
        if self.draining.begun and not self.told:
            say("draining", seconds=self.drain_seconds)
            self.told = True
        return await super().on_tick(counter) or time.monotonic() >= self.drained_at
