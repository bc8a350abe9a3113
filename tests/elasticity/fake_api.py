"""A Kubernetes API that says what it is told to: lists by page, watches line by line, errors in between."""

import json
from typing import Any

import httpx2


class FakeApi:
    """Answers requests with the next of its answers, and keeps what was asked.

    Args:
        answers: one a request: a list of items (a page), watch lines (`watch(...)`), or an exception to raise.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, str]] = []
        self.client = httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer), base_url="http://cluster")

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(dict(request.url.params))
        if not self.answers:
            raise Exhausted
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def get(self, path: str, **parameters: str) -> Any:
        from podzol.elasticity.api import ApiFailure

        answer = await self.client.get(path, params=parameters)
        if answer.is_error:
            raise ApiFailure.of(answer.status_code, answer.content)
        return answer.json()


class Exhausted(Exception):
    """The test's answers are used up: the watch may end."""


def pod(name: str, version: int, phase: str = "Pending") -> dict[str, Any]:
    """A pod as the API gives it, as far as it matters here."""
    meta = {"name": name, "namespace": "soil", "uid": f"uid-{name}", "resourceVersion": str(version)}
    return {"metadata": meta, "spec": {}, "status": {"phase": phase}}


def page(version: int, *items: dict[str, Any], more: str = "") -> httpx2.Response:
    """A page of a list."""
    meta = {"resourceVersion": str(version), **({"continue": more} if more else {})}
    return httpx2.Response(200, json={"metadata": meta, "items": list(items)})


def watch(*events: tuple[str, dict[str, Any]], torn: str = "") -> httpx2.Response:
    """What a watch brings before its connection ends, maybe in the middle of a line."""
    lines = "".join(json.dumps({"type": kind, "object": it}) + "\n" for kind, it in events)
    return httpx2.Response(200, text=lines + torn)


def bookmark(version: int) -> tuple[str, dict[str, Any]]:
    """Says that all changes up to a version have been brought."""
    return "BOOKMARK", {"kind": "Pod", "metadata": {"resourceVersion": str(version)}}


def failure(status: int, reason: str, message: str) -> httpx2.Response:
    """An error of the API."""
    return httpx2.Response(status, json={"kind": "Status", "code": status, "reason": reason, "message": message})
