"""The process of a container, without a cluster: in namespaces of its own, and without any."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from podzol.kubelet import namespaces
from podzol.kubelet.containers import Ended
from podzol.kubelet.hooks import in_container
from podzol.kubelet.process import Plan, Process
from podzol.kubelet.volumes import Mount

Do = Callable[[Process], Awaitable[object]]
ENVIRONMENT = {"PATH": os.environ["PATH"], "GREETING": "hello"}


@pytest.fixture(params=["contained", "in the open"])
def contained(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Both ways. The agent is in a user namespace when it starts such containers; here each start makes one."""
    if request.param == "in the open":
        return False
    launch, enter = namespaces.launch, ["unshare", "--user", "--map-root-user"]
    if refused := subprocess.run([*enter, "true"], capture_output=True, text=True, check=False).stderr:
        pytest.skip(f"this kernel gives nobody a user namespace: {refused.strip()}")
    monkeypatch.setattr(namespaces, "launch", lambda *how: [*enter, *launch(*how)])
    return True


@pytest.fixture
def run(contained: bool, tmp_path: Path) -> Callable[..., tuple[Ended, str]]:
    """Runs a container to its end; gives that and its log."""

    def run(*argv: str, do: Do | None = None, **more: object) -> tuple[Ended, str]:
        plan = Plan(
            **{"name": "main", "argv": list(argv), "environment": ENVIRONMENT, "folder": "/", "mounts": []}
            | {"root": tmp_path / "root", "contained": contained}
            | more  # type: ignore[arg-type]
        )
        return asyncio.run(whole(plan, tmp_path / "log", do))

    return run


async def whole(plan: Plan, log: Path, do: Do | None) -> tuple[Ended, str]:
    """Start it, do something, wait for its end."""
    process = await Process.start(plan, log)
    if do:
        await do(process)
    await asyncio.wait_for(process.over.wait(), 20)
    assert process.end
    return process.end, "".join(line.split(" ", 3)[3] for line in log.read_text().splitlines(keepends=True))


async def says(process: Process, text: str) -> None:
    """Wait until it has said something."""
    async with asyncio.timeout(20):
        while text not in process.log.path.read_text():
            await asyncio.sleep(0.01)


async def times(heard: bytearray, text: bytes, count: int) -> None:
    """Wait until something was heard so many times."""
    async with asyncio.timeout(20):
        while heard.count(text) < count:
            await asyncio.sleep(0.01)


def test_output_and_exit_code_are_kept(run: Callable[..., tuple[Ended, str]]) -> None:
    end, log = run("sh", "-c", 'echo "$GREETING"; echo worse >&2; exit 7')
    assert (end.exit_code, end.why) == (7, "Error")
    assert sorted(log.splitlines()) == ["hello", "worse"]
    assert end.finished >= end.started


def test_a_program_that_is_not_there_is_not_started(run: Callable[..., tuple[Ended, str]]) -> None:
    end, _ = run("no-such-program")
    assert (end.exit_code, end.why) == (128, "StartError")
    assert end.message == 'exec: "no-such-program": executable file not found in $PATH'


def test_a_working_directory_that_is_not_there_is_named(run: Callable[..., tuple[Ended, str]]) -> None:
    end, _ = run("true", folder="/no/such/folder")
    assert end.message == "working directory /no/such/folder: No such file or directory"


def test_a_word_that_no_program_can_have_is_an_error_that_leaves_nothing_behind(
    run: Callable[..., tuple[Ended, str]], tmp_path: Path
) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="Argument list too long"):
        run("echo", "x" * 200_000)
    with pytest.raises(ValueError, match="null byte"):
        run("true", environment={"A": "\0"})
    assert len(os.listdir("/proc/self/fd")) == before
    assert not (tmp_path / "log").exists()


def test_a_program_that_hears_sigterm_ends_by_itself(run: Callable[..., tuple[Ended, str]]) -> None:
    async def stop(process: Process) -> None:
        await says(process, "ready")
        await process.stop(20)

    end, log = run("sh", "-c", "trap 'echo saved; exit 3' TERM; echo ready; while :; do sleep 0.02; done", do=stop)
    assert (end.exit_code, log) == (3, "ready\nsaved\n")


def test_a_program_that_does_not_is_killed_with_all_that_it_started(run: Callable[..., tuple[Ended, str]]) -> None:
    async def stop(process: Process) -> None:
        await says(process, "ready")
        await process.stop(0.1)

    end, log = run("sh", "-c", "trap '' TERM; sleep 1000 & echo ready; wait; wait", do=stop)
    assert (end.exit_code, log) == (137, "ready\n")  # the log ends: nobody has it open any more


def test_what_a_program_leaves_behind_ends_with_it(run: Callable[..., tuple[Ended, str]], tmp_path: Path) -> None:
    environment = ENVIRONMENT | {namespaces.MARK: str(tmp_path)}
    end, log = run("sh", "-c", "sleep 1000 & setsid sleep 1000 & echo done; exit 3", environment=environment)
    assert (end.exit_code, log) == (3, "done\n")


def test_a_command_runs_beside_it(run: Callable[..., tuple[Ended, str]], contained: bool, tmp_path: Path) -> None:
    said: list[tuple[int, str]] = []

    async def ask(process: Process) -> None:
        await says(process, "ready")
        said.append(await in_container(process, ["sh", "-c", 'echo "$GREETING"; cat /data/x; exit 4'], 10))
        with pytest.raises(TimeoutError):
            await in_container(process, ["sleep", "1000"], 0.1)
        process.kill()

    (tmp_path / "data").mkdir()
    mounts = [Mount(tmp_path / "data", "/data", read_only=False)]
    script = "echo 30 cm > x; echo ready; while :; do sleep 0.02; done"
    folder = "/data" if contained else str(tmp_path / "data")
    run("sh", "-c", script, do=ask, mounts=mounts, folder=folder)
    assert said == [(4, "hello\n30 cm")]


def test_a_program_that_stops_twice_ends_after_the_shorter_time(run: Callable[..., tuple[Ended, str]]) -> None:
    async def stop(process: Process) -> None:
        await says(process, "ready")
        long = asyncio.create_task(process.stop(600))
        await process.stop(0.1)
        await long

    end, _ = run("sh", "-c", "trap '' TERM; echo ready; sleep 1000", do=stop)
    assert end.exit_code == 137


def test_a_program_reads_what_is_typed_until_nothing_more_comes(run: Callable[..., tuple[Ended, str]]) -> None:
    async def type_in(process: Process) -> None:
        assert process.input
        process.input.write(b"podzol\n")
        process.input.close()

    end, log = run("tr", "a-z", "A-Z", do=type_in, takes_input=True)
    assert (end.exit_code, log) == (0, "PODZOL\n")


def test_a_program_ignores_no_signal_because_we_do(run: Callable[..., tuple[Ended, str]]) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a job that a shell has put into the background
    try:
        _, log = run("grep", "SigIgn", "/proc/self/status")
    finally:
        signal.signal(signal.SIGINT, before)
    ignored = int(log.split()[1], 16)  # glibc keeps 32 and 33 for itself
    assert [number for number in signal.valid_signals() if ignored >> (number - 1) & 1] == []


def test_a_program_has_a_terminal_of_its_own_when_it_wants_one(run: Callable[..., tuple[Ended, str]]) -> None:
    async def type_in(process: Process) -> None:
        assert process.input
        assert process.terminal
        heard = bytearray()
        process.listeners.add(lambda _, chunk: heard.extend(chunk))
        process.terminal.resize(24, 99)
        await times(heard, b"$ ", 1)
        process.input.write(b"stty size; cat\n")
        await times(heard, b"24 99", 1)  # from here on the terminal echoes what is typed; before, the shell did
        process.input.write(b"from cat\n")
        await times(heard, b"from cat", 2)  # once echoed, once by the program
        heard.clear()  # the shell says its prompt anew where the size changes
        process.input.write(b"\x03")  # Ctrl-C ends the program, not the shell
        await times(heard, b"$ ", 1)
        process.input.write(b"exit 7\n")

    environment = ENVIRONMENT | {"PS1": "$ "}
    end, log = run("bash", "--norc", "-i", do=type_in, takes_input=True, has_terminal=True, environment=environment)
    assert end.exit_code == 7
    assert "24 99" in log
    assert "no job control" not in log


@pytest.mark.parametrize("contained", ["contained"], indirect=True)
class TestContained:
    """What only namespaces give."""

    def test_volumes_are_where_the_pod_wants_them(self, run: Callable[..., tuple[Ended, str]], tmp_path: Path) -> None:
        for name in ("data", "model"):
            (tmp_path / name).mkdir()
        (tmp_path / "one.yaml").write_text("depth: 30\n")
        mounts = [
            Mount(tmp_path / "data", "/data", read_only=False),
            Mount(tmp_path / "model", "/var/ml_model", read_only=True),
            Mount(tmp_path / "one.yaml", "/etc/soil/one.yaml", read_only=True),
        ]
        script = "echo hello > /data/hello.txt; cat /etc/soil/one.yaml; touch /var/ml_model/x 2>/dev/null || echo no"
        end, log = run("sh", "-c", script, mounts=mounts)
        assert (end.exit_code, log) == (0, "depth: 30\nno\n")
        assert (tmp_path / "data/hello.txt").read_text() == "hello\n"

    def test_a_volume_can_be_inside_another_one_even_a_read_only_one(
        self, run: Callable[..., tuple[Ended, str]], tmp_path: Path
    ) -> None:
        for name in ("data", "inner"):
            (tmp_path / name).mkdir()
        mounts = [
            Mount(tmp_path / "data", "/data", read_only=True),
            Mount(tmp_path / "inner", "/data/some/where", read_only=False),
        ]
        end, _ = run("sh", "-c", "echo hello > /data/some/where/hello.txt; ! touch /data/x", mounts=mounts)
        assert end.exit_code == 0
        assert (tmp_path / "inner/hello.txt").read_text() == "hello\n"

    def test_the_machine_s_files_can_not_be_written(
        self, run: Callable[..., tuple[Ended, str]], tmp_path: Path
    ) -> None:
        _, log = run("sh", "-c", f"touch {tmp_path}/x /x 2>/dev/null; echo $?")
        assert log == "1\n"
        assert not (tmp_path / "x").exists()

    def test_a_program_sees_its_own_processes_its_user_and_its_host_alone(
        self, run: Callable[..., tuple[Ended, str]]
    ) -> None:
        script = "echo $$; id -u; id -g; hostname; grep CapEff /proc/self/status; ls -d /proc/[0-9]* | wc -l"
        _, log = run("sh", "-c", script, uid=65532, gid=65532, hostname="train-0")
        pid, uid, gid, host, capabilities, processes = log.splitlines()
        assert (pid, uid, gid, host) == ("1", "65532", "65532", "train-0")
        assert int(capabilities.split()[1], 16) == 0
        assert int(processes) <= 3
