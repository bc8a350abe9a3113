"""Tools from release files, and from Go modules where there are none."""

import os
import subprocess
from pathlib import Path

import pytest

from podzol.faults import Failure
from podzol.local.steps import Steps
from podzol.local.toolchain import cache, find, release
from podzol.local.toolchain import install as installing
from podzol.local.toolchain.install import install
from podzol.local.toolchain.tools import Tool, all_tools, tool

RELEASED = [each for each in all_tools().values() if each.release and cache.this_platform() in each.release.platforms]


@pytest.fixture
def no_building(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that would compile for minutes."""

    def build(wanted: Tool, _doing: release.Doing) -> None:
        raise Failure(f"{wanted.name} would be built")

    monkeypatch.setattr(installing, "build", build)


@pytest.mark.usefixtures("no_building")
@pytest.mark.parametrize("wanted", RELEASED, ids=lambda wanted: wanted.name)
def test_a_release_file_is_downloaded_and_can_be_run(wanted: Tool, mirror, steps: Steps) -> None:
    mirror.publish(wanted)
    (installed,) = install([wanted], steps)
    assert installed.how == "downloaded"
    assert find(wanted.name) == installed.path
    assert subprocess.check_output([installed.path], text=True) == "the program\n"


@pytest.mark.usefixtures("no_building")
def test_what_is_there_is_not_fetched_again(mirror, steps: Steps) -> None:
    mirror.publish(tool("helm"))
    install([tool("helm")], steps)
    mirror.asked.clear()
    (installed,) = install([tool("helm")], steps)
    assert installed.how == "found"
    assert mirror.asked == []


@pytest.mark.usefixtures("no_building")
def test_programs_are_linked_in_one_folder_for_path(mirror, steps: Steps) -> None:
    for name in ("helm", "kubectl"):
        mirror.publish(tool(name))
    install([tool("helm"), tool("kubectl")], steps)
    assert {link.name: link.resolve() for link in cache.bin_folder().iterdir()} == {
        "helm": cache.place_of(tool("helm")),
        "kubectl": cache.place_of(tool("kubectl")),
    }


@pytest.mark.usefixtures("no_building")
@pytest.mark.parametrize("name", ["helm", "kubectl", "kwok"])
def test_a_file_with_another_checksum_is_refused_and_leaves_nothing(name: str, mirror, steps: Steps) -> None:
    published = mirror.publish(tool(name))
    published.write_bytes(published.read_bytes() + b"tampered")
    with pytest.raises(Failure) as error:
        install([tool(name)], steps)
    url = release.fill(tool(name).release.url, tool(name))
    assert str(error.value).startswith(f"{name}: {url} has the sha256 ")
    assert str(error.value).endswith("; nothing was installed; try again, or look at the mirror or proxy in between")
    assert files_of(name) == []


@pytest.mark.usefixtures("no_building")
def test_an_archive_without_the_program_is_refused(mirror, steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    helm = tool("helm")
    other = helm.model_copy(update={"release": helm.release.model_copy(update={"member": "elsewhere/helm"})})
    mirror.publish(other)
    with pytest.raises(Failure, match=r"the release file holds no linux-\w+/helm"):
        install([helm], steps)
    assert files_of("helm") == []


def test_without_a_published_file_the_tool_is_built_and_the_reason_is_said(
    mirror, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def build(wanted: Tool, _doing: release.Doing) -> None:
        built.append(wanted.name)
        with cache.placing(cache.place_of(wanted)) as partial:
            partial.write_text("built")

    monkeypatch.setattr(installing, "build", build)
    (installed,) = install([tool("helm")], steps)
    assert (installed.how, built) == ("built", ["helm"])
    host = mirror.url.removeprefix("http://")
    assert f"helm {tool('helm').version}: {host} has no /get.helm.sh/" in steps.console.export_text()


@pytest.mark.usefixtures("no_building")
def test_a_mirror_that_lacks_one_tool_is_asked_for_the_next(mirror, steps: Steps) -> None:
    mirror.publish(tool("kubectl"))
    with pytest.raises(Failure, match="helm would be built"):
        install([tool("helm")], steps)
    (installed,) = install([tool("kubectl")], steps)
    assert installed.how == "downloaded"


def test_without_a_way_to_the_host_no_second_tool_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODZOL_MIRROR", "http://127.0.0.1:9")
    said = []
    for name in ("helm", "kubectl"):
        with pytest.raises(release.Unavailable) as error:
            release.download(tool(name), lambda *_: None)
        said.append(str(error.value))
    assert said == ["127.0.0.1:9 is out of reach ([Errno 111] Connection refused)", "127.0.0.1:9 is out of reach"]


@pytest.mark.usefixtures("no_building")
def test_an_install_that_was_broken_off_goes_on_where_it_was(mirror, steps: Steps) -> None:
    mirror.publish(tool("helm"))
    with pytest.raises(Failure, match="kubectl would be built"):
        install([tool("helm"), tool("kubectl")], steps)
    half = cache.place_of(tool("kubectl")).with_name(".kubectl.partial")
    half.parent.mkdir(parents=True)
    half.write_text("what a killed install had written")
    forget_hosts()
    mirror.publish(tool("kubectl"))
    assert [each.how for each in install([tool("helm"), tool("kubectl")], steps)] == ["found", "downloaded"]
    assert os.listdir(half.parent) == ["kubectl"]


def forget_hosts() -> None:
    """As a new process would."""
    release.out_of_reach.clear()
    release.contact.cache_clear()


def files_of(name: str) -> list[Path]:
    """What the cache holds of a tool."""
    return [path for path in (cache.toolchain() / name).rglob("*") if path.is_file()]


@pytest.mark.usefixtures("no_building")
def test_a_disk_that_is_full_is_said_and_nothing_is_built(
    mirror, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(*_: object) -> str:
        raise OSError(28, "No space left on device")

    mirror.publish(tool("helm"))
    monkeypatch.setattr(release, "fetch", fetch)
    with pytest.raises(Failure) as error:
        install([tool("helm")], steps)
    assert str(error.value) == f"helm: {cache.place_of(tool('helm')).parent}: No space left on device"
    assert files_of("helm") == []


@pytest.mark.parametrize(
    "text",
    [
        "<html>log in to the network</html>",
        '{"message": "API rate limit exceeded"}',
        "{",
        "",
        f"{'0' * 64}  other-file",
    ],
)
def test_without_a_checksum_there_is_no_download(text: str) -> None:
    with pytest.raises(release.Unavailable) as error:
        release.published_sum(text, "kwok-linux-amd64")
    assert str(error.value) == "no sha256 is published for kwok-linux-amd64"
