"""Errors as problem details: JSON that says what is wrong, for people and for programs.

Source: RFC 9457, Problem Details for HTTP APIs, https://www.rfc-editor.org/rfc/rfc9457 (2026-11-23)
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from data_api.store import TookTooLong


class Problem(HTTPException):
    """What to answer instead. An HTTPException, as FastAPI passes no other through the reading of a body."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(status, detail, headers)
        self.more = more

    def response(self) -> JSONResponse:
        body = {"type": "about:blank", "title": HTTPStatus(self.status_code).phrase, "status": self.status_code}
        return JSONResponse(
            {**body, "detail": self.detail, **self.more},
            self.status_code,
            headers=dict(self.headers) if self.headers else None,
            media_type="application/problem+json",
        )


def busy(detail: str) -> Problem:
    """Come back in a moment; by then the cluster may have added pods."""
    return Problem(503, detail, {"Retry-After": "1"})


def handle(app: FastAPI) -> None:
    """Have every error of the application answered as a problem."""

    @app.exception_handler(TookTooLong)
    async def slow(request: Request, error: TookTooLong) -> JSONResponse:
        return busy("the query took too long and was broken off; ask for less, or again in a moment").response()

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors()]
        return Problem(422, "the request is not what it should be; see errors", errors=wrong).response()

    @app.exception_handler(HTTPException)
    async def other(request: Request, error: HTTPException) -> JSONResponse:
        if isinstance(error, Problem):
            return error.response()
        headers = dict(error.headers) if error.headers else None
        return Problem(error.status_code, f"{request.method} {request.url.path}: {error.detail}", headers).response()
