"""Defines `build`: a tool from the source of its Go module, at the versions that go.mod and go.sum pin."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from podzol.faults import Failure
from podzol.local.toolchain.cache import place_of, placing
from podzol.local.toolchain.go import go_program
from podzol.local.toolchain.pins import pins_folder
from podzol.local.toolchain.release import Doing
from podzol.local.toolchain.tools import Tool

SETTINGS = {
    "GOFLAGS": "-mod=readonly -buildvcs=false",  # what go.mod pins, and nothing of the repository around it
    "GOTOOLCHAIN": "local",  # no other Go than the one we chose
    "GOWORK": "off",
    "CGO_ENABLED": "0",  # no C compiler needed, and one binary for every libc
}
"""What we set of Go's environment. Proxy, checksum database and caches stay as the user has them."""


def build(tool: Tool, doing: Doing) -> None:
    """Build the tool into the cache.

    Raises:
        Failure: no Go, no way to the Go modules, or Go's own error.
    """
    go = go_program(doing)
    with placing(place_of(tool)) as partial:
        if tool.package:
            compile_program(go, tool, partial, doing)
        else:
            doing("reading its Go module", None)
            partial.write_text(manifests(go, tool), encoding="utf-8")


def compile_program(go: Path, tool: Tool, output: Path, doing: Doing) -> None:
    """Run `go build`, counting the packages as they are compiled."""
    doing("downloading its Go modules", None)
    total = sum(1 for line in lines(go, tool, ["list", "-deps", tool.package]) if not line.startswith("go: "))
    stamps = " ".join(f"-X {variable}={tool.version}" for variable in tool.stamps)
    command = ["build", "-v", "-trimpath", "-ldflags", f"-s -w {stamps}", "-o", str(output), tool.package]
    doing("linking", 0.0)
    for done, _package in enumerate(lines(go, tool, command), start=1):
        doing(f"compiling, package {done:,} of at most {total:,}", done / total)


def manifests(go: Path, tool: Tool) -> str:
    """The files of the module, as one YAML stream."""
    answer = "\n".join(lines(go, tool, ["mod", "download", "-json", tool.module]))
    folder = Path(json.loads(answer[answer.index("{") :])["Dir"])
    return "\n---\n".join((folder / name).read_text(encoding="utf-8").strip() for name in tool.files) + "\n"


def lines(go: Path, tool: Tool, arguments: list[str]) -> Iterator[str]:
    """What Go prints, line by line, on either stream.

    Raises:
        Failure: Go ends with an error; the message ends in the last lines it printed.
    """
    last: list[str] = []
    with subprocess.Popen(
        [go, *arguments],
        cwd=pins_folder() / tool.folder,
        env=os.environ | SETTINGS,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None, "it is a pipe"
        for line in process.stdout:
            last = [*last[-7:], line.rstrip()]
            yield line.rstrip()
    if process.returncode:
        raise Failure(
            f"{tool.name} {tool.version} could not be built from its Go module; Go says: " + "\n  ".join(last)
        )
