"""Around every request: the size of its body, the time it took, and an answer even when the program has a fault."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data_api.problems import Problem
from lifecycle import say

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # ask again, by ETag: after an upgrade no page runs with the scripts of the last one
}
BUCKETS_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass
class Draining:
    """Whether the service is on its way out."""

    begun: bool = False


@dataclass
class Metrics:
    """What /metrics tells Prometheus."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        labels, to = ["method", "route", "status"], self.registry
        self.requests = Counter("http_requests", "Requests answered.", labels, registry=to)
        self.seconds = Histogram(
            "http_request_duration_seconds", "Time to answer.", ["route"], buckets=BUCKETS_SECONDS, registry=to
        )
        self.in_flight = Gauge("http_requests_in_flight", "Requests being answered.", registry=to)
        self.searches = Gauge("searches_in_flight", "Searches for nearest spectra under way.", registry=to)
        self.refused = Counter("searches_refused", "Searches refused as too many were under way.", registry=to)
        self.samples = Gauge("dataset_samples", "Samples in the dataset.", registry=to)
        ProcessCollector(registry=to)


class Guard:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics, draining: Draining, body_bytes: int) -> None:
        self.app, self.metrics, self.draining, self.body_bytes = app, metrics, draining, body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun, status, body_left = time.perf_counter(), 0, self.body_bytes

        async def limited_receive() -> Message:
            nonlocal body_left
            message = await receive()
            body_left -= len(message.get("body", b""))
            if body_left < 0:
                raise self.too_large()
            return message

        async def marked_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status, headers = message["status"], MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.draining.begun:
                    headers["Connection"] = "close"  # so that a client with a kept connection turns to another pod
            await send(message)

        with self.metrics.in_flight.track_inprogress():
            try:
                if int(dict(scope["headers"]).get(b"content-length", b"0")) > self.body_bytes:
                    raise self.too_large()
                await self.app(scope, limited_receive, marked_send)
            except Problem as problem:
                await problem.response()(scope, receive, marked_send)
            except Exception as error:
                say("error", path=scope["path"], error=f"{type(error).__name__}: {error}")
                if not status:
                    detail = "the service has a fault; its log says which"
                    await Problem(500, detail).response()(scope, receive, marked_send)
        route = getattr(scope.get("route"), "path", "unknown")
        self.metrics.requests.labels(scope["method"], route, status).inc()
        self.metrics.seconds.labels(route).observe(time.perf_counter() - begun)

    def too_large(self) -> Problem:
        return Problem(413, f"the body must be at most {self.body_bytes} bytes", {"Connection": "close"})
