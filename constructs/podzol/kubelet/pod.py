"""Defines `Pod`: one pod of a real node, from its first container to its removal from the API."""

import asyncio
import contextlib
import logging
import shutil
import time
from typing import Any

from podzol.kubelet import hooks
from podzol.kubelet.containers import Container, Running, containers_of
from podzol.kubelet.environment import ConfigError
from podzol.kubelet.images import NoProgram
from podzol.kubelet.lifecycle import decide
from podzol.kubelet.machine import HOST_IP, Machine
from podzol.kubelet.probing import Probing
from podzol.kubelet.process import Process
from podzol.kubelet.status import status_of

Object = dict[str, Any]
GRACE_SECONDS = 30
LEAST_AFTER_HOOK_SECONDS = 2.0
"""That a container has after its preStop hook, however long that took; the kubelet's minimum."""
log = logging.getLogger(__name__)


class Pod:
    """A pod that runs here."""

    def __init__(self, machine: Machine, it: Object) -> None:
        self.machine, self.it = machine, it
        self.containers = containers_of(it, time.time())
        self.processes: dict[str, Process] = {}
        self.ip = ""
        self.gone = False
        """The API has it no more."""
        self.why: Object = {}
        """Why it has to end, when it wasn't deleted."""
        self.written: Object = {}
        self.awake = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

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
        self.awake.set()

    def forget(self) -> None:
        """The API has it no more."""
        self.gone = True
        self.awake.set()

    async def run(self) -> None:
        """Everything, until the API has it no more."""
        try:
            if self.it.get("status", {}).get("phase") not in ("Succeeded", "Failed"):
                await self.live()
            while not self.deleted:
                await self.sleep(None)
            if not self.gone:
                await self.machine.api.remove(self.it)
        finally:
            await self.clear()

    async def live(self) -> None:
        """Start and stop containers until nothing is left to do."""
        self.ip = self.machine.network.join(self.uid)
        while True:
            now = time.time()
            self.check_deadline(now)
            decision = decide(self.it["spec"], self.containers, now, self.ending)
            for name in decision.stop:
                self.stop(name)
            for name in decision.start:
                await self.start(name)
            await self.report()
            if decision.done:
                return
            if not decision.start:
                await self.sleep(self.wake_at(decision.wake_at))

    def wake_at(self, asked: float | None) -> float | None:
        """When to look again: also at the pod's deadline."""
        limit = self.it["spec"].get("activeDeadlineSeconds")
        times = [asked, self.begun + limit if limit and not self.why else None]
        return min((each for each in times if each is not None), default=None)

    @property
    def begun(self) -> float:
        """When the pod began to be active here."""
        return min((each.started for each in self.processes.values()), default=time.time())

    def check_deadline(self, now: float) -> None:
        """End a pod that was active for too long."""
        limit = self.it["spec"].get("activeDeadlineSeconds")
        if limit and not self.why and self.processes and now >= self.begun + limit:
            message = "Pod was active on the node longer than the specified deadline"
            self.why = {"phase": "Failed", "reason": "DeadlineExceeded", "message": message}

    async def start(self, name: str) -> None:
        """Start a container, or note why it can't be."""
        container, spec = self.containers[name], self.spec_of(name)
        try:
            program = self.machine.program(spec)
            making = self.machine.making(program)
            if making and not making.done():
                self.tell("Pulling", f'Pulling image "{spec["image"]}": {" ".join(program.make)}', name)
                container.not_before = float("inf")
                making.add_done_callback(lambda _: self.try_again(container))
                return
            if making and (failure := making.result()):
                raise NoProgram("ErrImagePull", failure)
            plan = await self.machine.plan(self.with_ip(), spec, program)
        except NoProgram as error:
            backing_off = container.tries and error.reason == "ErrImagePull"
            self.can_not_start(container, "ImagePullBackOff" if backing_off else error.reason, str(error))
        except ConfigError as error:
            self.can_not_start(container, "CreateContainerConfigError", str(error))
        except OSError as error:
            self.can_not_start(container, "CreateContainerError", str(error))
        else:
            process = await Process.start(plan, self.machine.log(self.it, name, container.next_run))
            container.runs(process.started)
            self.processes[name] = process
            self.tell("Started", f"Started container {name}", name)
            self.task(self.attend(container, process))

    def try_again(self, container: Container) -> None:
        """What a container waited for is there, or has failed."""
        container.not_before = 0.0
        self.awake.set()

    def can_not_start(self, container: Container, reason: str, message: str) -> None:
        """Note why a container can't be started now."""
        container.can_not_start(reason, message, time.time())
        event = "BackOff" if reason == "ImagePullBackOff" else "Failed"
        self.tell(event, f"Error: {reason}: {message}", container.name, warning=True)

    async def attend(self, container: Container, process: Process) -> None:
        """A running container: its hook, its probes, its end."""
        spec = self.spec_of(container.name)
        probing = Probing(self, container, process, spec)
        others = [asyncio.create_task(probing.run())]
        if handler := spec.get("lifecycle", {}).get("postStart"):
            others.append(asyncio.create_task(self.after_start(handler, spec, process)))
        await process.over.wait()
        for other in others:
            other.cancel()
        assert process.end
        words = self.machine.last_words(self.it, spec, container.restarts, process.end.exit_code)
        end = process.end if process.end.message else type(process.end)(**vars(process.end) | {"message": words})
        container.ends(end)
        if end.why == "StartError":
            self.tell("Failed", f"Error: {end.message}", container.name, warning=True)
        if end.why == "OOMKilled":
            self.tell("OOMKilling", "Memory limit exceeded", container.name, warning=True)
        self.awake.set()

    async def after_start(self, handler: Object, spec: Object, process: Process) -> None:
        """The postStart hook; when it fails, the container is ended."""
        if failure := await hooks.run(handler, spec, process, self.ip, self.machine.network):
            self.tell("FailedPostStartHook", failure, spec["name"], warning=True)
            await process.stop(self.grace_seconds)

    def stop(self, name: str, why: str = "", grace_seconds: float | None = None) -> None:
        """Have a container stopped, its preStop hook first."""
        container = self.containers[name]
        if not container.stopping and isinstance(container.state, Running):
            container.stopping = True
            grace = self.grace_seconds if grace_seconds is None else grace_seconds
            self.task(self.stopping(name, why or f"Stopping container {name}", grace))

    async def stopping(self, name: str, why: str, grace_seconds: float) -> None:
        """The hook, the signal, and the end when the time is over."""
        process, spec, began = self.processes[name], self.spec_of(name), time.monotonic()
        self.tell("Killing", why, name)
        handler = spec.get("lifecycle", {}).get("preStop")
        if handler and grace_seconds > 0:
            with contextlib.suppress(TimeoutError):
                failure = await asyncio.wait_for(
                    hooks.run(handler, spec, process, self.ip, self.machine.network), grace_seconds
                )
                if failure:
                    self.tell("FailedPreStopHook", failure, name, warning=True)
            grace_seconds = max(LEAST_AFTER_HOOK_SECONDS, grace_seconds - (time.monotonic() - began))
        await process.stop(grace_seconds)

    @property
    def grace_seconds(self) -> float:
        """How long a container may take to end."""
        given = self.it["metadata"].get("deletionGracePeriodSeconds")
        own = self.it["spec"].get("terminationGracePeriodSeconds", GRACE_SECONDS)
        return float(0 if self.gone else own if given is None else given)

    async def report(self) -> None:
        """Write the status if it has changed."""
        status = status_of(self.it, self.containers, time.time(), self.ip, HOST_IP, self.ending, self.why)
        if self.gone or status == self.written:
            return
        self.written = status
        if it := await self.machine.api.write_status(self.it, status):
            self.it = it

    def tell(self, reason: str, message: str, container: str = "", warning: bool = False) -> None:
        """Write an event about the pod."""
        field = f"spec.containers{{{container}}}" if container else ""
        self.task(self.machine.api.tell(self.it, reason, message, time.time(), warning, field))

    async def sleep(self, until: float | None) -> None:
        """Wait until something happens."""
        seconds = None if until is None else max(0.0, until - time.time())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.awake.wait(), seconds)
        self.awake.clear()

    async def clear(self) -> None:
        """End what still runs, and remove the pod's files."""
        running = [process for process in self.processes.values() if not process.over.is_set()]
        await asyncio.gather(*(process.stop(0) for process in running))
        for task in self.tasks:
            task.cancel()
        self.machine.network.leave(self.uid)
        shutil.rmtree(self.machine.folder(self.it), ignore_errors=True)

    def task(self, work: Any) -> None:
        """Do something beside; a failure of it is logged."""
        task = asyncio.create_task(work)
        self.tasks.add(task)

        def done(it: asyncio.Task[None]) -> None:
            self.tasks.discard(it)
            if not it.cancelled() and (error := it.exception()):
                log.error("pod %s: %s", self.it["metadata"]["name"], error, exc_info=error)

        task.add_done_callback(done)

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
