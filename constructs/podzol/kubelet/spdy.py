"""Defines `Spdy`, the server's side of SPDY/3.1 as far as `kubectl port-forward` needs it: streams that the client
opens, and bytes both ways. kubectl still speaks it, inside a WebSocket.

Source: https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/ (2026-11-23). Flow control is left out, as
in the library that kubectl uses (moby/spdystream).
"""

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from podzol.kubelet.spdy_dictionary import DICTIONARY

SYN_STREAM, SYN_REPLY, RST_STREAM, PING, GOAWAY = 1, 2, 3, 6, 7
CONTROL, FIN = 0x8003, 0x01
CHUNK = 32_768

Send = Callable[[bytes], Awaitable[None]]


@dataclass
class Stream:
    """A stream that the client has opened."""

    number: int
    headers: dict[str, str]
    incoming: asyncio.StreamReader = field(default_factory=asyncio.StreamReader)


class Spdy:
    """One connection.

    Args:
        send: takes the bytes for the client.
        opened: is told of each new stream.
    """

    def __init__(self, send: Send, opened: Callable[[Stream], None]) -> None:
        self.send, self.opened = send, opened
        self.unpacker = zlib.decompressobj(zdict=DICTIONARY)
        self.packer = zlib.compressobj(zdict=DICTIONARY)
        self.buffer = b""
        self.streams: dict[int, Stream] = {}

    async def take(self, data: bytes) -> None:
        """Bytes from the client."""
        self.buffer += data
        while len(self.buffer) >= 8:
            first, second = struct.unpack(">II", self.buffer[:8])
            length = second & 0xFFFFFF
            if len(self.buffer) < 8 + length:
                return
            content, self.buffer = self.buffer[8 : 8 + length], self.buffer[8 + length :]
            if first >> 16 == CONTROL:
                await self.control(first & 0xFFFF, second >> 24, content)
            else:
                self.data(first, second >> 24, content)

    async def control(self, kind: int, flags: int, content: bytes) -> None:
        """A control frame."""
        if kind == SYN_STREAM:
            number = struct.unpack(">I", content[:4])[0]
            stream = self.streams[number] = Stream(number, self.headers(content[10:]))
            if flags & FIN:
                stream.incoming.feed_eof()
            nothing = self.packer.compress(bytes(4)) + self.packer.flush(zlib.Z_SYNC_FLUSH)
            await self.frame(SYN_REPLY, struct.pack(">I", number) + nothing)
            self.opened(stream)
        elif kind == RST_STREAM:
            if gone := self.streams.pop(struct.unpack(">I", content[:4])[0], None):
                gone.incoming.feed_eof()
        elif kind == PING:
            await self.frame(PING, content)
        elif kind == GOAWAY:
            self.end()

    def headers(self, packed: bytes) -> dict[str, str]:
        """The headers of a new stream."""
        text = self.unpacker.decompress(packed)
        count, at, words = struct.unpack(">I", text[:4])[0], 4, []
        for _ in range(2 * count):
            length = struct.unpack(">I", text[at : at + 4])[0]
            words.append(text[at + 4 : at + 4 + length].decode())
            at += 4 + length
        return dict(zip(words[::2], words[1::2], strict=True))

    def data(self, number: int, flags: int, content: bytes) -> None:
        """Bytes of a stream."""
        if stream := self.streams.get(number):
            if content:
                stream.incoming.feed_data(content)
            if flags & FIN:
                stream.incoming.feed_eof()

    async def frame(self, kind: int, content: bytes) -> None:
        """Send a control frame."""
        await self.send(struct.pack(">HHI", CONTROL, kind, len(content)) + content)

    async def write(self, stream: Stream, data: bytes, end: bool = False) -> None:
        """Send bytes of a stream; `end`: no more will come."""
        await self.send(struct.pack(">II", stream.number, (FIN if end else 0) << 24 | len(data)) + data)

    def end(self) -> None:
        """The client has gone."""
        for stream in self.streams.values():
            stream.incoming.feed_eof()
        self.streams.clear()
