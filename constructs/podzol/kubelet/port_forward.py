"""Defines `carry_all`: the connections of `kubectl port-forward` to a pod's ports.

Two streams a connection, one for an error and one for the bytes, over SPDY in a WebSocket.
Source: KEP-4006 and k8s.io/client-go v0.37.2, tools/portforward (2026-11-23).
"""

import asyncio
import contextlib

from aiohttp import WSMsgType, web

from podzol.kubelet import streams
from podzol.kubelet.network import Network
from podzol.kubelet.probes import connect
from podzol.kubelet.spdy import CHUNK, Spdy, Stream

PROTOCOL = "SPDY/3.1+portforward.k8s.io"


async def carry_all(request: web.Request, ip: str, network: Network) -> web.StreamResponse:
    """Carry connections until the client goes.

    Raises:
        HTTPBadRequest: it speaks another protocol.
    """
    socket = await streams.opened(request, PROTOCOL)
    errors: dict[str, Stream] = {}
    tasks: set[asyncio.Task[None]] = set()

    def opened(stream: Stream) -> None:
        pair = stream.headers.get("requestid", "")
        if stream.headers.get("streamtype") == "error":
            errors[pair] = stream
            return
        task = asyncio.create_task(carry(spdy, stream, errors.pop(pair), ip, network))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    spdy = Spdy(socket.send_bytes, opened)
    async for message in socket:
        if message.type == WSMsgType.BINARY:
            await spdy.take(message.data)
    spdy.end()
    for task in list(tasks):
        task.cancel()
    return socket


async def carry(spdy: Spdy, stream: Stream, error: Stream, ip: str, network: Network) -> None:
    """One connection."""
    port = int(stream.headers["port"])
    try:
        reader, writer = await connect(ip, port, network)
    except OSError as refused:
        text = f"error forwarding port {port} to pod: {refused.strerror or refused}"
        await spdy.write(error, text.encode(), end=True)
        await spdy.write(stream, b"", end=True)
        return
    await spdy.write(error, b"", end=True)

    async def there() -> None:
        while chunk := await stream.incoming.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def back() -> None:
        while chunk := await reader.read(CHUNK):
            await spdy.write(stream, chunk)
        await spdy.write(stream, b"", end=True)

    with contextlib.suppress(ConnectionError):
        await asyncio.gather(there(), back())
    writer.close()
