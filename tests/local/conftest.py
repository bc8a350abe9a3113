"""What the tests of the local room share: a cache, a state folder and release files of their own, and no internet."""

import hashlib
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from podzol.local.steps import Steps
from podzol.local.toolchain import release
from podzol.local.toolchain.tools import Tool, all_tools


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache and no clusters; no tool of the machine's."""
    monkeypatch.setenv("PODZOL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PODZOL_STATE", str(tmp_path / "state"))
    for tool in all_tools().values():
        monkeypatch.delenv(tool.variable, raising=False)
    release.out_of_reach.clear()
    release.contact.cache_clear()


@pytest.fixture
def steps() -> Steps:
    """Steps that record what they print; `steps.console.export_text()` gives it."""
    return Steps(Console(record=True, width=200, file=open("/dev/null", "w"), highlight=False))


class ReleaseFiles:
    """A mirror of release files, on loopback."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.asked: list[str] = []

    def publish(self, tool: Tool, program: bytes = b"#!/bin/sh\necho the program\n") -> Path:
        """Put the tool's release file and its checksum where its project has them; gives the release file."""
        assert tool.release
        content = packed(release.fill(tool.release.member, tool), program) if tool.release.member else program
        path = self.place(release.fill(tool.release.url, tool))
        path.write_bytes(content)
        checksum = self.place(release.fill(tool.release.checksum, tool))
        digest = hashlib.sha256(content).hexdigest()
        if "api.github.com" in tool.release.checksum:
            asset = f'{{"name": "{path.name}", "digest": "sha256:{digest}"}}'
            checksum.write_text(f'{{"assets": [{{"name": "notes.txt", "digest": null}}, {asset}]}}')
        else:
            checksum.write_text(f"{'0' * 64}  another-file\n{digest}  {path.name}\n")
        return path

    def place(self, url: str) -> Path:
        """Where the mirror has what is at `url`."""
        parts = urlsplit(url)
        path = self.folder / parts.netloc / parts.path.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def packed(member: str, content: bytes) -> bytes:
    """A tar archive with one file."""
    stream = BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        archive.addfile(info, BytesIO(content))
    return stream.getvalue()


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseFiles]:
    """A mirror that `PODZOL_MIRROR` names; it has nothing until a test publishes it."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    files: ReleaseFiles

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            files.asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    files = ReleaseFiles(folder, f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    monkeypatch.setenv("PODZOL_MIRROR", files.url)
    yield files
    server.shutdown()
    server.server_close()
