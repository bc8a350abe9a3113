"""Defines `Terminal`: a pseudo-terminal, whose one end programs have and whose other end we write to and read from.

Source: pty(7) (2026-11-23).
"""

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import termios


class Terminal:
    """A pseudo-terminal."""

    def __init__(self) -> None:
        self.ours, self.theirs = pty.openpty()

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """What the programs say, and what they are told. To be called once they have their end: ours closes it, so that
        the last of them ends what they say."""
        os.close(self.theirs)
        loop, output = asyncio.get_running_loop(), asyncio.StreamReader()
        reading = os.fdopen(os.dup(self.ours), "rb", 0)
        await loop.connect_read_pipe(lambda: Output(output), reading)
        writing = os.fdopen(self.ours, "wb", 0)
        transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, writing)
        return output, asyncio.StreamWriter(transport, protocol, None, loop)

    def resize(self, height: int, width: int) -> None:
        """The user's window has so many lines and columns."""
        with contextlib.suppress(OSError):
            fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


class Output(asyncio.StreamReaderProtocol):
    """Ends where the last program closes the terminal, which the kernel tells as an error (EIO)."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(None)
