"""Defines `Probing`: the probes of one run of a container, and what their verdicts do to it."""

import asyncio
from collections.abc import AsyncIterator
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
        probe = self.spec.get("startupProbe")
        if probe and not await self.starts(probe):
            return
        self.container.started = True
        if "readinessProbe" not in self.spec:
            self.container.ready = True
        self.pod.awake.set()
        async with asyncio.TaskGroup() as group:
            if probe := self.spec.get("readinessProbe"):
                group.create_task(self.follow_readiness(probe))
            if probe := self.spec.get("livenessProbe"):
                group.create_task(self.watch_life(probe))

    async def starts(self, probe: Object) -> bool:
        """Ask until it has started; False when it failed too often in a row, and is stopped."""
        failures = 0
        async for success in self.attempts(probe, "Startup"):
            if success:
                return True
            failures += 1
            if failures >= probe.get("failureThreshold", 3):
                self.stop(probe, "startup")
        return False

    async def follow_readiness(self, probe: Object) -> None:
        """Have the container ready while the probe says so."""
        verdict = Verdict(probe, passing=False)
        async for success in self.attempts(probe, "Readiness"):
            if verdict.takes(success):
                self.container.ready = verdict.passing
                self.pod.awake.set()

    async def watch_life(self, probe: Object) -> None:
        """Stop the container when the probe says that it isn't alive."""
        verdict = Verdict(probe, passing=True)
        async for success in self.attempts(probe, "Liveness"):
            if verdict.takes(success):
                self.stop(probe, "liveness")

    async def attempts(self, probe: Object, kind: str) -> AsyncIterator[bool]:
        """Ask again and again, but not a container that stops whether it lives; gives whether it went well."""
        await asyncio.sleep(probe.get("initialDelaySeconds", 0))
        while kind == "Readiness" or not self.container.stopping:
            failure = await ask(probe, self.spec, self.pod.ip, self.pod.machine.network, self.command)
            if failure:
                self.pod.tell("Unhealthy", f"{kind} probe failed: {failure}", self.spec["name"], warning=True)
            yield not failure
            await asyncio.sleep(probe.get("periodSeconds", 10))

    def stop(self, probe: Object, kind: str) -> None:
        """Stop the container for what its probe says."""
        then = "" if self.container.policy == "Never" else ", will be restarted"
        why = f"Container {self.spec['name']} failed {kind} probe{then}"
        self.pod.stop(self.spec["name"], why, probe.get("terminationGracePeriodSeconds", self.pod.grace_seconds))

    async def command(self, words: list[str], seconds: float) -> tuple[int, str]:
        """Run a command of a probe in the container."""
        return await in_container(self.process, words, seconds)
