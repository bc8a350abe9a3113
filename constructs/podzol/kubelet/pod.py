"""Defines `Pod`: one pod of a real node, from its first container to its removal from the API."""

import asyncio
import contextlib
import shutil
import time
from dataclasses import replace
from typing import Any

from podzol.elasticity.api import ApiFailure
from podzol.kubelet import contents, disk, hooks
from podzol.kubelet.containers import Container, Running, containers_of, seconds
from podzol.kubelet.environment import ConfigError
from podzol.kubelet.left_out import left_out
from podzol.kubelet.lifecycle import decide
from podzol.kubelet.local_ports import HOST_IP
from podzol.kubelet.machine import Machine
from podzol.kubelet.probing import Probing
from podzol.kubelet.process import Process
from podzol.kubelet.starting import Pulling, Starting
from podzol.kubelet.status import full_name, status_of
from podzol.kubelet.stopping import Stopping
from podzol.kubelet.tasks import Tasks

Object = dict[str, Any]
GRACE_SECONDS = 30
EVICTED_SECONDS = 1
"""How long the containers of a pod that is evicted for its use of disk may take to end."""
REFRESH_SECONDS = 60.0
"""Between two looks at what fills a pod's volumes; a kubelet takes about so long to see a change."""


class Pod:
    """A pod that runs here."""

    def __init__(self, machine: Machine, it: Object) -> None:
        self.machine, self.it = machine, it
        self.containers = containers_of(it, time.time())
        self.processes: dict[str, Process] = {}
        self.pulling: dict[str, Pulling] = {}
        """What containers wait for, by their names."""
        self.stopping: dict[str, Stopping] = {}
        self.ip = ""
        self.winding_down_since: float | None = None
        """When its first container was stopped for the pod to end: all of them share the grace period."""
        self.gone = False
        """The API has it no more."""
        self.why: Object = {}
        """Why it has to end, when it wasn't deleted."""
        self.written: Object = {}
        self.awake = asyncio.Event()
        self.tasks = Tasks(f"pod {it['metadata']['name']}")

    @property
    def deleted(self) -> bool:
        """Whether somebody wants it removed."""
        return self.gone or "deletionTimestamp" in self.it["metadata"]

    @property
    def ending(self) -> bool:
        """Whether nothing of it is started any more."""
        return self.deleted or bool(self.why)

    def update(self, it: Object) -> None:
        """The API has a new state of it."""
        self.it = it
        self.hurry()
        self.awake.set()

    def forget(self) -> None:
        """The API has it no more."""
        self.gone = True
        self.hurry()
        self.awake.set()

    async def run(self) -> None:
        """Everything, until the API has it no more."""
        try:
            if self.it.get("status", {}).get("phase") not in ("Succeeded", "Failed"):
                await self.live()
            self.machine.network.leave(self.uid)
            while not self.deleted:
                await self.sleep(None)
            if not self.gone:
                await self.machine.api.remove(self.it)
        finally:
            await self.clear()

    async def live(self) -> None:
        """Start and stop containers until nothing is left to do."""
        if fields := left_out(self.it):
            self.tell("NotSupported", f"no effect on a real node of Podzol: {'; '.join(fields)}", warning=True)
        self.ip = self.machine.network.join(self.uid)
        beside = [self.tasks.begin(self.refresh())] if contents.changes(self.it) else []
        if disk.is_limited(self.it):
            beside.append(self.tasks.begin(self.watch_disk()))
        while True:
            now = time.time()
            self.check_deadline(now)
            decision = decide(self.containers, now, self.ending)
            for name in decision.stop:
                self.wind_down(name)
            for name in decision.start:
                await self.start(name)
            await self.report()
            if decision.done:
                break
            if not decision.start:
                await self.sleep(self.wake_at(decision.wake_at))
        for each in beside:
            each.cancel()

    @property
    def deadline(self) -> float | None:
        """When it will have been active for too long, in seconds since 1970."""
        limit, begun = self.it["spec"].get("activeDeadlineSeconds"), self.it.get("status", {}).get("startTime")
        return seconds(begun) + limit if limit and begun and not self.why else None

    def wake_at(self, asked: float | None) -> float | None:
        """When to look again: also at the pod's deadline."""
        return min((each for each in (asked, self.deadline) if each is not None), default=None)

    def check_deadline(self, now: float) -> None:
        """End a pod that was active for too long."""
        if self.deadline is not None and now >= self.deadline:
            message = "Pod was active on the node longer than the specified deadline"
            self.why = {"phase": "Failed", "reason": "DeadlineExceeded", "message": message}

    async def watch_disk(self) -> None:
        """End a pod that has written more than it may."""
        while not self.why:
            await asyncio.sleep(disk.LOOK_SECONDS)
            message = await asyncio.to_thread(disk.exceeded, self.it, self.machine.folder(self.it))
            if message and not self.ending:
                self.tell("Evicted", message, warning=True)
                self.why = {"phase": "Failed", "reason": "Evicted", "message": message}
                self.awake.set()

    async def start(self, name: str) -> None:
        """Start a container, unless something that it needs isn't there."""
        container = self.containers[name]
        if process := await Starting(self, container, self.spec_of(name)).run():
            self.processes[name] = process
            self.tasks.begin(self.attend(container, process))

    async def attend(self, container: Container, process: Process) -> None:
        """A running container: its hook, its probes, its end."""
        spec = self.spec_of(container.name)
        beside = [asyncio.create_task(Probing(self, container, process, spec).run())]
        if handler := spec.get("lifecycle", {}).get("postStart"):
            beside.append(asyncio.create_task(self.after_start(handler, spec, process)))
        await process.over.wait()
        for each in beside:
            each.cancel()
        assert process.end
        words = self.machine.last_words(self.it, spec, container.restarts, process.end.exit_code)
        container.ends(process.end if process.end.message else replace(process.end, message=words))
        self.tell_of_end(container, process)
        self.awake.set()

    def tell_of_end(self, container: Container, process: Process) -> None:
        """Write the events that follow on a container's end."""
        assert process.end
        if process.end.why == "StartError":
            self.tell("Failed", f"Error: {process.end.message}", container.name, warning=True)
        if process.end.why == "OOMKilled":
            self.tell("OOMKilling", "Memory limit exceeded", container.name, warning=True)
        if container.not_before > time.time() and container.restarts_again and not self.ending:
            what = f"Back-off restarting failed container {container.name} in pod {full_name(self.it)}"
            self.tell("BackOff", what, container.name, warning=True)

    async def after_start(self, handler: Object, spec: Object, process: Process) -> None:
        """The postStart hook; when it fails, the container is ended."""
        if failure := await hooks.run(handler, spec, process, self.ip, self.machine.network):
            self.tell("FailedPostStartHook", f"PostStartHook failed: {failure}", spec["name"], warning=True)
            self.stop(spec["name"], "FailedPostStartHook", self.grace_seconds)

    def wind_down(self, name: str) -> None:
        """Have a container stopped because the pod ends."""
        if self.winding_down_since is None:
            self.winding_down_since = time.monotonic()
        self.stop(name, "", self.grace_seconds - (time.monotonic() - self.winding_down_since))

    def stop(self, name: str, why: str, grace_seconds: float) -> None:
        """Have a container stopped, its preStop hook first."""
        container = self.containers[name]
        if not container.stopping and isinstance(container.state, Running):
            container.stopping = True
            self.tell("Killing", why or f"Stopping container {name}", name)
            self.stopping[name] = Stopping(self, self.processes[name], self.spec_of(name), grace_seconds)
            self.tasks.begin(self.stopping[name].run())

    def hurry(self) -> None:
        """Stop sooner what stops already, if somebody wants that."""
        for name, stopping in self.stopping.items():
            if self.deleted and self.containers[name].stopping:
                self.tasks.begin(stopping.hurry(self.grace_seconds))

    @property
    def grace_seconds(self) -> float:
        """How long a container may take to end."""
        given = self.it["metadata"].get("deletionGracePeriodSeconds")
        own = self.it["spec"].get("terminationGracePeriodSeconds", GRACE_SECONDS)
        if self.why.get("reason") == "Evicted":
            own = EVICTED_SECONDS
        return float(0 if self.gone else own if given is None else given)

    async def report(self) -> None:
        """Write the status if it has changed."""
        ip = self.machine.network.told(self.ip)
        status = status_of(self.it, self.containers, time.time(), ip, HOST_IP, self.ending, self.why)
        if self.gone or status == self.written:
            return
        self.written = status
        if it := await self.machine.api.write_status(self.it, status):
            self.it = it

    async def refresh(self) -> None:
        """Follow changes of the ConfigMaps and Secrets that are files in the pod."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            with contextlib.suppress(ApiFailure, ConfigError):  # one that was deleted stays as it was
                await self.machine.refresh(self.with_ip())

    def tell(self, reason: str, message: str, container: str = "", warning: bool = False) -> None:
        """Write an event about the pod."""
        field = f"spec.containers{{{container}}}" if container else ""
        self.tasks.begin(self.machine.api.tell(self.it, reason, message, time.time(), warning, field))

    async def sleep(self, until: float | None) -> None:
        """Wait until something happens."""
        timeout = None if until is None else max(0.0, until - time.time())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.awake.wait(), timeout)
        self.awake.clear()

    async def clear(self) -> None:
        """End what still runs, and remove the pod's files."""
        running = [process for process in self.processes.values() if not process.over.is_set()]
        await asyncio.gather(*(process.stop(0) for process in running))
        await self.tasks.cancel()
        self.machine.network.leave(self.uid)
        shutil.rmtree(self.machine.folder(self.it), ignore_errors=True)

    def spec_of(self, name: str) -> Object:
        """A container's spec."""
        every = [*self.it["spec"]["containers"], *(self.it["spec"].get("initContainers") or [])]
        return next(each for each in every if each["name"] == name)

    def with_ip(self) -> Object:
        """The pod with its address, for the downward API: its status has it only after the first report."""
        own = {"podIP": self.ip, "podIPs": [{"ip": self.ip}], "hostIP": HOST_IP, "hostIPs": [{"ip": HOST_IP}]}
        return self.it | {"status": self.it.get("status", {}) | own}

    @property
    def uid(self) -> str:
        """Its uid."""
        return str(self.it["metadata"]["uid"])
