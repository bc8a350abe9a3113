"""Defines `execute` and `attach`: a command's input and output, or a container's output, over a WebSocket.

The protocol is v5.channel.k8s.io: the first byte of a message says which stream it belongs to, and 255 that the stream
named by the second byte is over. Source: KEP-4006 and k8s.io/apimachinery v0.37.2, pkg/util/remotecommand (2026-11-23).
"""

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import struct
import termios
from pathlib import Path

from aiohttp import WSMsgType, web

from podzol.kubelet import logs
from podzol.kubelet.process import Process

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
    socket, query = await opened(request), request.query
    with_tty = query.get("tty") in ("1", "true")
    command = process.beside(query.getall("command"), with_tty)
    environment = process.plan.environment | ({"TERM": "xterm"} if with_tty else {})
    running = run_on_terminal if with_tty else run_on_pipes
    code = await running(socket, command, environment, query.get("input") in ("1", "true"))
    await send(socket, ERROR, json.dumps(result(code)).encode())
    await socket.close()
    return socket


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
    ours, theirs = pty.openpty()
    try:
        done = await asyncio.create_subprocess_exec(
            *command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
    finally:
        os.close(theirs)
    loop = asyncio.get_running_loop()
    output = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(output), os.fdopen(os.dup(ours), "rb", 0))
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(ours, "wb", 0))
    writer = asyncio.StreamWriter(transport, protocol, None, loop)
    feeding = asyncio.create_task(feed(socket, writer if takes else None, ours))
    feeding.add_done_callback(lambda _: end_if_gone(socket, done))
    with contextlib.suppress(OSError):  # EIO: the last process has closed the terminal
        await bring(output, socket, STDOUT)
    code = await done.wait()
    feeding.cancel()
    writer.close()
    return 128 - code if code < 0 else code


def end_if_gone(socket: web.WebSocketResponse, process: asyncio.subprocess.Process) -> None:
    """End a command whose user has gone."""
    if socket.closed and process.returncode is None:
        process.kill()


async def feed(socket: web.WebSocketResponse, stdin: asyncio.StreamWriter | None, terminal: int | None) -> None:
    """Hand on what the user types, and the size of their window."""
    async for message in socket:
        if message.type != WSMsgType.BINARY or not message.data:
            continue
        channel, data = message.data[0], message.data[1:]
        if channel == STDIN and stdin:
            stdin.write(data)
            with contextlib.suppress(ConnectionError):
                await stdin.drain()
        elif channel == CLOSE and data[:1] == bytes([STDIN]) and stdin and terminal is None:
            stdin.close()
        elif channel == RESIZE and terminal is not None:
            size = json.loads(data)
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size["Height"], size["Width"], 0, 0))


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
    """Show what a container says from now on; nothing is typed into it."""
    socket = await opened(request)
    path = Path(process.log.path)
    async for text in logs.read(path, logs.Wanted(follow=True, tail_lines=0), process.over):
        await send(socket, STDOUT, text)
    await socket.close()
    return socket
