"""Probes: what they ask, and how many answers make a verdict."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from podzol.kubelet.network import Loopback
from podzol.kubelet.probes import Verdict, ask

Object = dict[str, Any]


@pytest.mark.parametrize(
    ("results", "verdicts"),
    [
        ([False, False, True, False, False, False], [True, True, True, True, True, False]),
        ([False, False, False, True, True], [True, True, False, False, True]),
    ],
)
def test_so_many_results_in_a_row_change_the_verdict(results: list[bool], verdicts: list[bool]) -> None:
    verdict = Verdict({"failureThreshold": 3, "successThreshold": 2}, passing=True)
    seen = []
    for result in results:
        verdict.takes(result)
        seen.append(verdict.passing)
    assert seen == verdicts


async def no_command(words: list[str], seconds: float) -> tuple[int, str]:
    raise AssertionError(words)


def answer(
    probe: Object, status: bytes | None = None, command: Callable[[list[str], float], Awaitable[Any]] = no_command
) -> str:
    """What comes of one attempt on a server that gives this status line, or says nothing."""

    async def attempt() -> str:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            request = await reader.readline()
            if status:
                writer.write(status if request.startswith(b"GET /healthz HTTP/1.1") else b"HTTP/1.1 404 Not Found\r\n")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            container = {"ports": [{"name": "http", "containerPort": server.sockets[0].getsockname()[1]}]}
            return await ask(probe, container, "127.0.0.1", Loopback(), command)

    return asyncio.run(attempt())


GET = {"httpGet": {"path": "/healthz", "port": "http"}}


@pytest.mark.parametrize(
    ("probe", "status", "said"),
    [
        (GET, b"HTTP/1.1 200 OK\r\n", ""),
        (GET, b"HTTP/1.1 302 Found\r\n", ""),
        (GET, b"HTTP/1.1 503 Service Unavailable\r\n", "HTTP probe failed with statuscode: 503"),
        (GET, b"hello\r\n", 'Get "http://127.0.0.1:{port}/healthz": malformed HTTP response'),
        ({"httpGet": {"port": "http"}}, b"HTTP/1.1 200 OK\r\n", "HTTP probe failed with statuscode: 404"),
        ({"tcpSocket": {"port": "http"}}, None, ""),
        ({"tcpSocket": {"port": "admin"}}, None, 'no port of the container is named "admin"'),
        ({"grpc": {"port": 1}}, None, "a probe of the kind grpc is not done here"),
    ],
)
def test_a_probe_asks_the_pod(probe: Object, status: bytes | None, said: str) -> None:
    assert re.sub(r":\d+/", ":{port}/", answer(probe, status)) == said


@pytest.mark.parametrize(
    ("probe", "said"),
    [
        ({"tcpSocket": {"port": 1}}, "dial tcp 127.0.0.1:1: connect: connection refused"),
        (
            {"httpGet": {"path": "healthz", "port": 1}},
            'Get "http://127.0.0.1:1/healthz": dial tcp 127.0.0.1:1: connect: connection refused',
        ),
    ],
)
def test_a_port_where_nobody_listens_is_told_in_the_kubelet_s_words(probe: Object, said: str) -> None:
    assert answer(probe) == said


def test_an_answer_that_does_not_come_in_time_is_told_so() -> None:
    async def attempt() -> str:
        waiting = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await waiting.wait()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            probe = {"httpGet": {"port": port}, "timeoutSeconds": 0.05}
            said = await ask(probe, {}, "127.0.0.1", Loopback(), no_command)
            waiting.set()
            return said.replace(str(port), "{port}")

    late = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    assert asyncio.run(attempt()) == f'Get "http://127.0.0.1:{{port}}/": {late}'


@pytest.mark.parametrize(
    ("result", "said"), [((0, "fine"), ""), ((1, "no file"), "no file"), ((2, ""), "command ended with 2")]
)
def test_a_command_s_exit_code_decides(result: tuple[int, str], said: str) -> None:
    async def command(words: list[str], seconds: float) -> tuple[int, str]:
        assert words == ["cat", "/ready"]
        return result

    assert answer({"exec": {"command": ["cat", "/ready"]}}, command=command) == said


def test_a_command_that_takes_too_long_fails() -> None:
    async def command(words: list[str], seconds: float) -> tuple[int, str]:
        await asyncio.Event().wait()
        return 0, ""

    probe = {"exec": {"command": ["x"]}, "timeoutSeconds": 0.05}
    assert answer(probe, command=command) == "command timed out after 0.05s"
