"""SPDY as `kubectl port-forward` speaks it, and the bytes of a connection."""

import asyncio
import struct
import zlib

from podzol.kubelet.network import Loopback
from podzol.kubelet.port_forward import carry
from podzol.kubelet.spdy import CONTROL, FIN, PING, SYN_REPLY, SYN_STREAM, Spdy, Stream
from podzol.kubelet.spdy_dictionary import DICTIONARY


class Client:
    """kubectl's side."""

    def __init__(self) -> None:
        self.packer = zlib.compressobj(zdict=DICTIONARY)

    def opens(self, number: int, **headers: str) -> bytes:
        """The frame that opens a stream."""
        text = struct.pack(">I", len(headers))
        for word in (word for pair in headers.items() for word in pair):
            text += struct.pack(">I", len(word)) + word.encode()
        packed = self.packer.compress(text) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        content = struct.pack(">IIH", number, 0, 0) + packed
        return struct.pack(">HHI", CONTROL, SYN_STREAM, len(content)) + content


def data(number: int, content: bytes, end: bool = False) -> bytes:
    """A frame of bytes."""
    return struct.pack(">II", number, (FIN if end else 0) << 24 | len(content)) + content


def frames(sent: bytes) -> list[tuple[str, int, bytes]]:
    """The frames that were sent: what they are, the stream's number, the content of data."""
    found = []
    while sent:
        first, second = struct.unpack(">II", sent[:8])
        length = second & 0xFFFFFF
        content, sent = sent[8 : 8 + length], sent[8 + length :]
        if first >> 16 == CONTROL:
            number = struct.unpack(">I", content[:4])[0]
            found.append(({SYN_REPLY: "reply", PING: "ping"}[first & 0xFFFF], number, b""))
        else:
            found.append(("end" if second >> 24 & FIN else "data", first, content))
    return found


def test_the_dictionary_is_that_of_the_protocol() -> None:
    assert len(DICTIONARY) == 1423
    assert zlib.adler32(DICTIONARY) == 0xE3C6A7C2  # what every stream that is packed with it names


def test_streams_are_opened_and_carry_bytes_however_they_are_cut() -> None:
    async def talk() -> tuple[list[Stream], bytes, bytes]:
        sent, streams = bytearray(), []

        async def send(chunk: bytes) -> None:
            sent.extend(chunk)

        spdy, client = Spdy(send, streams.append), Client()
        said = client.opens(1, streamtype="error", port="80", requestid="0")
        said += client.opens(3, streamtype="data", port="80", requestid="0")
        said += data(3, b"GET ") + data(3, b"/", end=True) + struct.pack(">HHII", CONTROL, PING, 4, 7)
        for place in range(len(said)):
            await spdy.take(said[place : place + 1])
        await spdy.write(streams[1], b"OK!", end=True)
        return streams, bytes(sent), await streams[1].incoming.read()

    streams, sent, read = asyncio.run(talk())
    assert [stream.headers["streamtype"] for stream in streams] == ["error", "data"]
    assert read == b"GET /"
    assert frames(sent) == [("reply", 1, b""), ("reply", 3, b""), ("ping", 7, b""), ("end", 3, b"OK!")]


async def carried(port: int, say: bytes) -> list[tuple[str, int, bytes]]:
    """What is sent for one connection to a port."""
    sent = bytearray()

    async def send(chunk: bytes) -> None:
        sent.extend(chunk)

    stream, error = Stream(3, {"port": str(port)}), Stream(1, {})
    stream.incoming.feed_data(say)
    stream.incoming.feed_eof()
    await carry(Spdy(send, lambda _: None), stream, error, "127.0.0.1", Loopback())
    return frames(bytes(sent))


def test_a_connection_reaches_the_pod_and_its_answer_comes_back() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read()).upper())
        writer.close()

    async def both() -> list[tuple[str, int, bytes]]:
        async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
            return await carried(server.sockets[0].getsockname()[1], b"horizon")

    assert asyncio.run(both()) == [("end", 1, b""), ("data", 3, b"HORIZON"), ("end", 3, b"")]


def test_a_port_where_nobody_listens_is_told_as_an_error() -> None:
    refused = asyncio.run(carried(1, b""))
    assert refused[0][:2] == ("end", 1)
    assert refused[0][2].startswith(b"error forwarding port 1 to pod: ")
    assert refused[1] == ("end", 3, b"")
