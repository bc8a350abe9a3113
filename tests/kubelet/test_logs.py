"""A container's log, as it is written and as it is read."""

import asyncio
import re
from pathlib import Path

import pytest

from podzol.kubelet import logs
from podzol.kubelet.logs import LONGEST_LINE, LogFile, Wanted, read


def written(path: Path, *chunks: bytes, stream: str = "stdout") -> Path:
    """A log of these chunks of output."""

    async def write() -> None:
        log, reader = LogFile(path), asyncio.StreamReader()
        for chunk in chunks:
            reader.feed_data(chunk)
        reader.feed_eof()
        await log.copy(reader, stream, lambda *_: None)
        log.close()

    asyncio.run(write())
    return path


def text_of(path: Path, wanted: Wanted) -> bytes:
    """What is read of a log whose container has ended."""

    async def take() -> bytes:
        over = asyncio.Event()
        over.set()
        return b"".join([chunk async for chunk in read(path, wanted, over)])

    return asyncio.run(take())


def test_lines_have_a_time_a_stream_and_a_tag(tmp_path: Path) -> None:
    text = written(tmp_path / "log", b"Training", b"...\ncomplete!\nno end", stream="stderr").read_text()
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stderr "
    expected = ["F Training...", "F complete!", "P no end"]
    assert [re.sub(form, "", line) for line in text.splitlines()] == expected


def test_a_long_line_is_written_in_parts_and_read_as_one(tmp_path: Path) -> None:
    line = b"x" * (2 * LONGEST_LINE + 7)
    path = written(tmp_path / "log", line + b"\n")
    assert len(path.read_bytes().splitlines()) == 3
    assert text_of(path, Wanted()) == line + b"\n"


def test_a_carriage_return_is_no_end_of_a_line(tmp_path: Path) -> None:
    progress = b" 10% of all steps\r100% of all steps\nno hurry, DOS\r\n"
    assert text_of(written(tmp_path / "log", progress), Wanted()) == progress


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (Wanted(), b"1\n2\n3\n"),
        (Wanted(tail_lines=2), b"2\n3\n"),
        (Wanted(tail_lines=0), b""),
        (Wanted(tail_lines=9), b"1\n2\n3\n"),
        (Wanted(limit_bytes=3), b"1\n2"),
        (Wanted(since="2999-01-01"), b""),
    ],
)
def test_a_part_of_the_log_is_read(tmp_path: Path, wanted: Wanted, text: bytes) -> None:
    assert text_of(written(tmp_path / "log", b"1\n2\n3\n"), wanted) == text


def test_times_are_shown_when_asked(tmp_path: Path) -> None:
    assert re.fullmatch(rb"\S+Z 1\n", text_of(written(tmp_path / "log", b"1\n"), Wanted(timestamps=True)))


def test_a_log_is_followed_until_the_container_has_ended(tmp_path: Path) -> None:
    async def follow() -> list[bytes]:
        log, over, seen = LogFile(tmp_path / "log"), asyncio.Event(), []
        log.write(b"first", "stdout")
        async for chunk in read(log.path, Wanted(follow=True), over):
            seen.append(chunk)
            if len(seen) == 1:
                log.write(b"second", "stdout")
            else:
                over.set()
        log.close()
        return seen

    assert asyncio.run(follow()) == [b"first\n", b"second\n"]


def test_a_log_is_followed_into_the_file_that_comes_after_a_full_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 100)

    async def follow() -> list[bytes]:
        log, over, seen = LogFile(tmp_path / "log"), asyncio.Event(), []
        log.write(100 * b"x", "stdout")
        async for chunk in read(log.path, Wanted(follow=True), over):
            seen.append(chunk)
            if len(seen) == 1:
                log.write(b"next", "stdout")
            else:
                over.set()
        log.close()
        return seen

    assert asyncio.run(follow()) == [100 * b"x" + b"\n", b"next\n"]
