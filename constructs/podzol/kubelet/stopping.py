"""Defines `Stopping`: how a container is stopped: its hook, the signal, and the kill when the time is over.

Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination (2026-11-23).
"""

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

from podzol.kubelet import hooks
from podzol.kubelet.process import Process

if TYPE_CHECKING:
    from podzol.kubelet.pod import Pod

Object = dict[str, Any]
LEAST_SECONDS = 2.0
"""From SIGTERM to SIGKILL, however little time there is, even after `--grace-period=0`: the kubelet's minimum."""


class Stopping:
    """A container that is to stop.

    Args:
        grace_seconds: until it is killed, the time of its preStop hook included.
    """

    def __init__(self, pod: "Pod", process: Process, spec: Object, grace_seconds: float) -> None:
        self.pod, self.process, self.spec = pod, process, spec
        self.deadline = time.monotonic() + grace_seconds

    async def run(self) -> None:
        """Until the container has ended."""
        handler = self.spec.get("lifecycle", {}).get("preStop")
        if handler and time.monotonic() < self.deadline:
            await self.run_hook(handler)
        await self.process.stop(max(LEAST_SECONDS, self.deadline - time.monotonic()))

    async def run_hook(self, handler: Object) -> None:
        """The preStop hook, as long as there is time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.deadline - time.monotonic()):
                failure = await hooks.run(handler, self.spec, self.process, self.pod.ip, self.pod.machine.network)
                if failure:
                    said = f"PreStopHook failed: {failure}"
                    self.pod.tell("FailedPreStopHook", said, self.spec["name"], warning=True)

    async def hurry(self, grace_seconds: float) -> None:
        """Somebody wants the pod gone sooner."""
        sooner = time.monotonic() + grace_seconds
        if sooner < self.deadline:
            self.deadline = sooner
            await self.process.stop(max(LEAST_SECONDS, grace_seconds))
