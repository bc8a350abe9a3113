"""Defines `Probing`: the probes of one run of a container, and what their verdicts do to it."""

import asyncio
from typing import TYPE_CHECKING, Any

from podzol.kubelet.containers import Container
from podzol.kubelet.hooks import in_container
from podzol.kubelet.probes import Verdict, ask
from podzol.kubelet.process import Process

if TYPE_CHECKING:
    from podzol.kubelet.pod import Pod

Object = dict[str, Any]


class Probing:
    """Until the container has ended, or this is cancelled."""

    def __init__(self, pod: "Pod", container: Container, process: Process, spec: Object) -> None:
        self.pod, self.container, self.process, self.spec = pod, container, process, spec

    async def run(self) -> None:
        """The startup probe first, then the two others side by side."""
        if probe := self.spec.get("startupProbe"):
            await self.ask_on(probe, "Startup", Verdict(probe, passing=False))
        self.container.started = True
        if "readinessProbe" not in self.spec:
            self.container.ready = True
        self.pod.awake.set()
        async with asyncio.TaskGroup() as group:
            if probe := self.spec.get("readinessProbe"):
                group.create_task(self.ask_on(probe, "Readiness", Verdict(probe, passing=False)))
            if probe := self.spec.get("livenessProbe"):
                group.create_task(self.ask_on(probe, "Liveness", Verdict(probe, passing=True)))

    async def ask_on(self, probe: Object, kind: str, verdict: Verdict) -> None:
        """Ask again and again. A startup probe is done when it has succeeded, and kills when it fails too often."""
        await asyncio.sleep(probe.get("initialDelaySeconds", 0))
        failures = 0
        while True:
            failure = await ask(probe, self.spec, self.pod.ip, self.pod.machine.network, self.command)
            failures = failures + 1 if failure else 0
            if failure:
                self.pod.tell("Unhealthy", f"{kind} probe failed: {failure}", self.spec["name"], warning=True)
            changed = verdict.takes(not failure)
            if kind == "Startup" and verdict.passing:
                return
            if kind == "Readiness" and changed:
                self.container.ready = verdict.passing
                self.pod.awake.set()
            if (kind == "Startup" and failures >= probe.get("failureThreshold", 3)) or (
                kind == "Liveness" and changed and not verdict.passing
            ):
                why = f"Container {self.spec['name']} failed {kind.lower()} probe, will be restarted"
                self.pod.stop(self.spec["name"], why, probe.get("terminationGracePeriodSeconds"))
                return
            await asyncio.sleep(probe.get("periodSeconds", 10))

    async def command(self, words: list[str], seconds: float) -> tuple[int, str]:
        """Run a command of a probe in the container."""
        return await in_container(self.process, words, seconds)
