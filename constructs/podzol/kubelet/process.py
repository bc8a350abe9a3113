"""Defines `Process`: the process of a container, from its start to its exit code, and the commands run beside it."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from podzol.kubelet import namespaces
from podzol.kubelet.containers import Ended
from podzol.kubelet.logs import LogFile
from podzol.kubelet.terminal import Terminal
from podzol.kubelet.volumes import Mount, rewritten

PIPE, DEVNULL = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
Listener = Callable[[str, bytes], None]
"""Is told the stream, stdout or stderr, and what came."""
NOT_STARTED = 128
"""Exit code of a container whose program can't be started; the reason is StartError, as containerd has it."""
NICE = 5
"""Pods give way to the control plane, which runs on the same machine."""


@dataclass(frozen=True)
class Plan:
    """All that a container's process is started from."""

    name: str
    argv: list[str]
    environment: dict[str, str]
    folder: str
    """Working directory, as the container sees it."""
    mounts: list[Mount]
    root: Path
    """An empty folder, to lay the container's files out on."""
    network: str = ""
    hostname: str = ""
    uid: int | None = None
    gid: int | None = None
    cpus: tuple[int, ...] = ()
    memory_bytes: int | None = None
    takes_input: bool = False
    """Whether it has a standard input, into which `kubectl attach` types."""
    takes_input_once: bool = False
    """Whether that ends with the first who typed."""
    has_terminal: bool = False
    contained: bool = True
    """Whether there are namespaces; else the process sees the machine's files, processes and ports."""

    @property
    def orders(self) -> dict[str, Any]:
        """What launch.py is told."""
        told: dict[str, Any] = {"folder": self.folder, "argv": self.argv, "nice": NICE, "cpus": self.cpus}
        told |= {"contained": self.contained, "terminal": self.has_terminal}
        if self.contained:
            told |= {"root": str(self.root), "network": self.network, "hostname": self.hostname}
            told |= {"uid": self.uid, "gid": self.gid}
            told["mounts"] = [
                {"source": str(each.source), "target": each.target, "read_only": each.read_only} for each in self.mounts
            ]
        return told


@dataclass
class Process:
    """A container's process."""

    plan: Plan
    started: float
    process: asyncio.subprocess.Process | None
    log: LogFile
    input: asyncio.StreamWriter | None = None
    terminal: Terminal | None = None
    listeners: set[Listener] = field(default_factory=set)
    """Who hears what it says from now on."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """It has ended and its output is written."""
    end: Ended | None = None
    out_of_memory: bool = False
    watcher: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, plan: Plan, log_path: Path) -> "Process":
        """Start a container. One whose program can't be started has ended at once.

        Raises:
            OSError: there is a word or variable too long, or the machine has no process left.
            ValueError: a word or variable has a zero byte.
        """
        log, now = LogFile(log_path), time.time()
        plan.root.mkdir(parents=True, exist_ok=True)
        terminal = Terminal() if plan.has_terminal else None
        ends = terminal.theirs if terminal else PIPE
        read, write = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *namespaces.launch(write, plan.orders),
                env=plan.environment,
                stdin=ends if terminal or plan.takes_input else DEVNULL,
                stdout=ends,
                stderr=ends,
                pass_fds=[write],
                start_new_session=True,
                cwd="/",
            )
        except (OSError, ValueError):
            os.close(read)
            log.close()
            log_path.unlink()  # there was no run that it would be the log of
            raise
        finally:
            os.close(write)
        own = cls(plan, now, process, log, process.stdin, terminal)
        outputs = {"stdout": process.stdout, "stderr": process.stderr}
        if terminal:
            outputs["stdout"], own.input = await terminal.open()
        said = await line_of(read)
        own.watcher = asyncio.create_task(own.watch(outputs, said))
        if said:
            await own.over.wait()
        return own

    async def watch(self, outputs: dict[str, asyncio.StreamReader | None], said: str) -> None:
        """Wait for the end.

        Args:
            said: why the program can't be started; empty when it was.
        """
        assert self.process
        copies = [self.log.copy(reader, stream, self.hear) for stream, reader in outputs.items() if reader]
        copying = asyncio.gather(*copies)
        if not self.plan.contained:
            await end_of(self.process.pid)
            self.kill()  # what it has left behind, which holds the pipes open
        code = await self.process.wait()
        await copying
        self.log.close()
        if self.input:
            self.input.close()
        code = 128 - code if code < 0 else code
        reason, message = ("OOMKilled", "") if self.out_of_memory else ("", "")
        if said:
            code, reason, message = NOT_STARTED, "StartError", said
        self.end = Ended(code, self.started, time.time(), reason, message)
        self.over.set()

    def hear(self, stream: str, chunk: bytes) -> None:
        """Hand on what the container says."""
        for listener in self.listeners:
            listener(stream, chunk)

    @property
    def pid(self) -> int | None:
        """Id of the container's first process on the machine; None when it has gone."""
        if self.process is None or self.over.is_set():
            return None
        if not self.plan.contained:
            return self.process.pid
        try:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        except OSError:
            return None
        return int(children.split()[0]) if children else None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the container's first process."""
        if pid := self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """End it and everything that it has started, at once."""
        assert self.process
        if self.plan.contained:
            self.send(signal.SIGKILL)  # its process ids' namespace ends with its first process
        else:
            namespaces.kill_marked(self.plan.environment.get(namespaces.MARK, ""))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    async def stop(self, grace_seconds: float) -> None:
        """Ask it to end, and end it when the time is over. Asked again, it ends when the first time is over."""
        self.send(signal.SIGTERM)
        timer = asyncio.get_running_loop().call_later(grace_seconds, self.kill)
        try:
            await self.over.wait()
        finally:
            timer.cancel()

    def beside(self, command: list[str], with_terminal: bool = False) -> list[str]:
        """The words that run a command inside the container.

        Args:
            with_terminal: its input is one, which becomes the terminal of a session of its own.

        Raises:
            ProcessLookupError: it doesn't run.
        """
        pid = self.pid
        if pid is None:
            raise ProcessLookupError(f"container {self.plan.name} is not running")
        session = ["setsid", "--ctty", "--wait"] if with_terminal else []
        if not self.plan.contained:
            words = [rewritten(word, self.plan.mounts) for word in command]
            return [*namespaces.with_us(), *session, "env", "-C", self.plan.folder, *words]
        # nsenter forks: its child has to end with it too
        inside = [*namespaces.with_us(), *session, "env", "-C", self.plan.folder, *command]
        spaces = ["--mount", "--pid", "--ipc", "--uts", "--net"]
        if self.plan.uid is not None:
            spaces += ["--user", "--preserve-credentials"]
        return [*namespaces.with_us(), namespaces.which("nsenter"), f"--target={pid}", *spaces, "--", *inside]


async def end_of(pid: int) -> None:
    """Wait until a process has ended, whoever still has its output open: asyncio's own `wait` waits for them too."""
    ended = asyncio.Event()
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(descriptor, ended.set)
        try:
            await ended.wait()
        finally:
            asyncio.get_running_loop().remove_reader(descriptor)
            os.close(descriptor)


async def line_of(descriptor: int) -> str:
    """The first line that comes out of a pipe; all that came when it ends before."""
    reader = asyncio.StreamReader()
    file = os.fdopen(descriptor, "rb", buffering=0)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    try:
        return (await reader.readline()).decode(errors="replace").strip()
    finally:
        transport.close()
