"""Defines `execute` and `attach`: the input and output of a command, or of a container itself, over a WebSocket.

The protocol is v5.channel.k8s.io: the first byte of a message says which stream it belongs to, and 255 that the stream
named by the second byte is over. Source: KEP-4006 and k8s.io/apimachinery v0.37.2, pkg/util/remotecommand (2026-11-23).
"""

import asyncio
import contextlib
import json

from aiohttp import WSMsgType, web

from podzol.kubelet.process import Process
from podzol.kubelet.terminal import Terminal

STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255
PROTOCOL = "v5.channel.k8s.io"
CHUNK = 32_768


async def opened(request: web.Request, protocol: str = PROTOCOL) -> web.WebSocketResponse:
    """The WebSocket of a request.

    Raises:
        HTTPBadRequest: it speaks another protocol.
    """
    if protocol not in request.headers.get("Sec-WebSocket-Protocol", ""):
        raise web.HTTPBadRequest(text=f"only WebSockets with {protocol} are served here")
    socket = web.WebSocketResponse(protocols=[protocol], max_msg_size=0)
    await socket.prepare(request)
    return socket


async def execute(request: web.Request, process: Process) -> web.StreamResponse:
    """Run a command in a container."""
    socket = await opened(request)
    with_terminal = asks_for(request, "tty")
    command = process.beside(request.query.getall("command"), with_terminal)
    environment = process.plan.environment | ({"TERM": "xterm"} if with_terminal else {})
    running = run_on_terminal if with_terminal else run_on_pipes
    code = await running(socket, command, environment, asks_for(request, "input"))
    await send(socket, ERROR, json.dumps(result(code)).encode())
    await socket.close()
    return socket


def asks_for(request: web.Request, what: str) -> bool:
    """Whether an option of a request is set."""
    return request.query.get(what) in ("1", "true")


def result(code: int) -> dict[str, object]:
    """The Status that says how a command ended."""
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "reason": "NonZeroExitCode",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


async def run_on_pipes(
    socket: web.WebSocketResponse, command: list[str], environment: dict[str, str], takes: bool
) -> int:
    """Without a terminal: three pipes."""
    done = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.PIPE if takes else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert done.stdout
    assert done.stderr
    feeding = asyncio.create_task(feed(socket, done.stdin, None))
    feeding.add_done_callback(lambda _: end_if_gone(socket, done))
    await asyncio.gather(bring(done.stdout, socket, STDOUT), bring(done.stderr, socket, STDERR))
    code = await done.wait()
    feeding.cancel()
    return 128 - code if code < 0 else code


async def run_on_terminal(
    socket: web.WebSocketResponse, command: list[str], environment: dict[str, str], takes: bool
) -> int:
    """On a terminal of its own."""
    terminal = Terminal()
    theirs = terminal.theirs
    done = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    output, writer = await terminal.open()
    feeding = asyncio.create_task(feed(socket, writer if takes else None, terminal))
    feeding.add_done_callback(lambda _: end_if_gone(socket, done))
    await bring(output, socket, STDOUT)
    code = await done.wait()
    feeding.cancel()
    writer.close()
    return 128 - code if code < 0 else code


def end_if_gone(socket: web.WebSocketResponse, process: asyncio.subprocess.Process) -> None:
    """End a command whose user has gone."""
    if socket.closed and process.returncode is None:
        process.kill()


async def feed(
    socket: web.WebSocketResponse,
    stdin: asyncio.StreamWriter | None,
    terminal: Terminal | None,
    ends_it: bool = True,
) -> None:
    """Hand on what the user types, and the size of their window.

    Args:
        ends_it: the input is over when the user has no more to say.
    """
    async for message in socket:
        if message.type != WSMsgType.BINARY or not message.data:
            continue
        channel, data = message.data[0], message.data[1:]
        if channel == STDIN and stdin:
            with contextlib.suppress(ConnectionError):
                stdin.write(data)
                await stdin.drain()
        elif channel == CLOSE and data[:1] == bytes([STDIN]) and stdin and ends_it and terminal is None:
            stdin.close()
        elif channel == RESIZE and terminal:
            size = json.loads(data)
            terminal.resize(size["Height"], size["Width"])


async def bring(reader: asyncio.StreamReader, socket: web.WebSocketResponse, channel: int) -> None:
    """Send what a stream brings, until it ends."""
    while chunk := await reader.read(CHUNK):
        await send(socket, channel, chunk)


async def send(socket: web.WebSocketResponse, channel: int, data: bytes) -> None:
    """Send a message, if the user is still there."""
    if not socket.closed:
        with contextlib.suppress(ConnectionError):
            await socket.send_bytes(bytes([channel]) + data)


async def attach(request: web.Request, process: Process) -> web.StreamResponse:
    """Show what a container says from now on, and hand it what the user types, if it takes that."""
    socket, plan = await opened(request), process.plan
    said: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue()

    def hear(stream: str, chunk: bytes) -> None:
        said.put_nowait((STDERR if stream == "stderr" else STDOUT, chunk))

    stdin = process.input if plan.takes_input and asks_for(request, "input") else None
    feeding = asyncio.create_task(feed(socket, stdin, process.terminal, plan.takes_input_once))
    over = asyncio.create_task(process.over.wait())
    for end in (feeding, over):
        end.add_done_callback(lambda _: said.put_nowait(None))
    process.listeners.add(hear)
    while heard := await said.get():
        await send(socket, *heard)
    process.listeners.discard(hear)
    feeding.cancel()
    over.cancel()
    if stdin and plan.takes_input_once and not plan.has_terminal:
        stdin.close()
    await send(socket, ERROR, json.dumps(result(0)).encode())
    await socket.close()
    return socket
