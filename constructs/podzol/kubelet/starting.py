"""Defines `Starting`: one try to start a container: its image, its plan, its process, or why not.

The words of events and reasons are the kubelet's own: pkg/kubelet/images and pkg/kubelet/kuberuntime of
k8s.io/kubernetes v1.37.2 (2026-11-23).
"""

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from podzol.kubelet.containers import Container
from podzol.kubelet.environment import ConfigError
from podzol.kubelet.images import NoProgram, Program
from podzol.kubelet.process import Plan, Process
from podzol.kubelet.volumes import VolumeError

if TYPE_CHECKING:
    from podzol.kubelet.pod import Pod

Object = dict[str, Any]
PULL_ERROR, PULL_BACK_OFF = "ErrImagePull", "ImagePullBackOff"


@dataclass(frozen=True)
class Pulling:
    """A program that is being made."""

    making: "asyncio.Task[str]"
    """Gives why it failed, or nothing."""
    began: float
    """When the container began to wait for it, on the monotonic clock."""


class Starting:
    """A container that is to start now."""

    def __init__(self, pod: "Pod", container: Container, spec: Object) -> None:
        self.pod, self.container, self.spec = pod, container, spec
        self.image: str = spec["image"]

    async def run(self) -> Process | None:
        """The container's process; None when it can't be started now: the container knows why, and until when."""
        machine = self.pod.machine
        try:
            it = self.pod.with_ip()
            known = await machine.look_up(it)
            sources = machine.fill_volumes(it, known)
            program = machine.program(self.spec)
            if not self.is_made(program):
                return None
            return await self.begin(machine.plan(it, self.spec, program, known, sources))
        except NoProgram as error:
            self.has_no_image(error)
        except VolumeError as error:
            self.can_not("ContainerCreating", "")
            message = f'MountVolume.SetUp failed for volume "{error.volume}" : {error}'
            self.pod.tell("FailedMount", message, warning=True)
        except ConfigError as error:
            self.can_not("CreateContainerConfigError", str(error))
            self.tell("Failed", f"Error: {error}", warning=True)
        except (OSError, ValueError) as error:  # a word or a variable too long, or one with a zero byte
            self.can_not("CreateContainerError", str(error))
            self.tell("Failed", f"Error: {error}", warning=True)
        return None

    def is_made(self, program: Program) -> bool:
        """Whether the program is ready. If not, it is being made, and the container waits for that.

        Raises:
            NoProgram: it can't be made.
        """
        pulling = self.pod.pulling.pop(self.container.name, None)
        if pulling is None:
            making = self.pod.machine.making(program)
            if making and not making.done():
                self.wait_for(making, program)
                return False
            self.tell("Pulled", f'Container image "{self.image}" already present on machine')
        elif failure := pulling.making.result():
            raise NoProgram(PULL_ERROR, failure)
        else:
            seconds = time.monotonic() - pulling.began
            self.tell("Pulled", f'Successfully pulled image "{self.image}" in {seconds:.1f}s')
        return True

    def wait_for(self, making: "asyncio.Task[str]", program: Program) -> None:
        """Start the container when its program has been made, or that has failed."""
        self.pod.pulling[self.container.name] = Pulling(making, time.monotonic())
        self.tell("Pulling", f'Pulling image "{self.image}": {" ".join(program.make)}')
        self.container.not_before = float("inf")
        making.add_done_callback(lambda _: self.try_again())

    def try_again(self) -> None:
        """What the container waited for is there, or has failed."""
        self.container.not_before = 0.0
        self.pod.awake.set()

    async def begin(self, plan: Plan) -> Process:
        """Start the process.

        Raises:
            OSError: the machine can't.
            ValueError: no machine can.
        """
        container, pod = self.container, self.pod
        process = await Process.start(plan, pod.machine.log(pod.it, container.name, container.next_run))
        self.tell("Created", "Container created")
        container.runs(process.started)
        if process.end is None:
            self.tell("Started", "Container started")
        return process

    def has_no_image(self, error: NoProgram) -> None:
        """No program stands for the image, or it can't be made."""
        if error.reason != PULL_ERROR:
            self.can_not(error.reason, str(error))
            self.tell("InspectFailed", f'Failed to apply default image tag "{self.image}": {error}', warning=True)
            self.tell("Failed", f"Error: {error.reason}", warning=True)
        elif self.container.tries:
            back_off = f'Back-off pulling image "{self.image}"'
            self.can_not(PULL_BACK_OFF, f"{back_off}: {PULL_ERROR}: {error}")
            self.tell("BackOff", back_off)
            self.tell("Failed", f"Error: {PULL_BACK_OFF}", warning=True)
        else:
            self.can_not(PULL_ERROR, str(error))
            self.tell("Failed", f'Failed to pull image "{self.image}": {error}', warning=True)
            self.tell("Failed", f"Error: {PULL_ERROR}", warning=True)

    def can_not(self, reason: str, message: str) -> None:
        """Note why the container can't be started now."""
        self.container.can_not_start(reason, message, time.time())

    def tell(self, reason: str, message: str, warning: bool = False) -> None:
        """Write an event about the container."""
        self.pod.tell(reason, message, self.container.name, warning)
