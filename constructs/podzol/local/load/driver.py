"""Defines `Driver`: puts a load on a service of the embedded cluster, second by second, until it is over.

with Driver(kubeconfig, "soil", "api", load, note=recorder.note) as driver:
    driver.wait()

It watches the service's pods and the nodes, works out what they make of what is offered (`answer`), and writes the CPU
of the pods where metrics-server reads it (`usage`): one object, once a second, when it changed. So the HPA, the
scheduler and `kubectl top` see the load as they would see a real one. It runs in the background.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import httpx2

from podzol.elasticity.api import Api, ApiFailure
from podzol.elasticity.background import Background
from podzol.elasticity.kinds import Fields, Kind
from podzol.elasticity.watch import Seen, Watch
from podzol.faults import Failure
from podzol.local.load import usage
from podzol.local.load.answer import Answer, answer
from podzol.local.load.shapes import Load
from podzol.local.load.target import NODE, POD, Target, capacities, find_target, serving

TICK_SECONDS = 1.0
START_SECONDS = 30.0


class Note(Protocol):
    """Takes each moment; `Recorder.note` is one."""

    def __call__(self, kind: str, name: str = "", **fields: Any) -> None: ...


class Driver(Background):
    """A load on a service, from `start` until it is over or stopped.

    Args:
        kubeconfig: of an embedded cluster.
        release: Helm release that has the Service.
        service: which one, when it has several.
        note: told each second: kind `Load`, the service, `offered`, `served`, `unserved` (requests a second; cores, and
            `in_cores`, of a load in cores), `pods`, `utilisation` (0 to 1), `latency_seconds`.
        on_answer: called each second with the second and what the pods made of it, in the driver's thread.

    Raises:
        UserError: the release has no Service, or several.
        Failure: the service has a load already; the cluster isn't an embedded one, or can't be reached.
    """

    def __init__(
        self,
        kubeconfig: Path,
        namespace: str,
        release: str,
        load: Load,
        service: str | None = None,
        note: Note | None = None,
        on_answer: Callable[[float, Answer], None] | None = None,
    ) -> None:
        super().__init__("load", START_SECONDS, f"the pods of {release} could not be listed")
        self.kubeconfig, self.namespace, self.release, self.service = kubeconfig, namespace, release, service
        self.load, self.note, self.on_answer = load, note, on_answer
        self.pods: dict[str, Fields] = {}
        self.nodes: dict[str, Fields] = {}
        self.answered: list[tuple[float, Answer]] = []
        """Second and answer of each moment so far."""
        self._written: dict[str, Any] = {}

    async def work(self) -> None:
        """From the first list to the last moment."""
        api = Api(self.kubeconfig)
        watching: list[asyncio.Task[None]] = []
        try:
            target = await find_target(api, self.namespace, self.release, self.service)
            await refuse_second(api, target)
            pods = self._watch(api, POD, f"api/v1/namespaces/{self.namespace}/pods", self.pods)
            nodes = self._watch(api, NODE, NODE.path, self.nodes)
            watching = [asyncio.create_task(watch.run()) for watch in (pods, nodes)]
            await asyncio.gather(pods.listed.wait(), nodes.listed.wait())
            await self._go_on(api, target)
        except (ApiFailure, httpx2.HTTPError) as error:
            raise Failure(f"the load on {self.release} has ended: {str(error) or repr(error)}") from error
        finally:
            for task in watching:
                task.cancel()
            await api.close()

    def _watch(self, api: Api, kind: Kind, path: str, there: dict[str, Fields]) -> Watch:
        def hand_on(change: str, uid: str, state: Seen) -> None:
            if change == "deleted":
                there.pop(state.name, None)
            else:
                there[state.name] = state.fields

        return Watch(api, kind, path, {}, hand_on, lambda what, why: None)

    async def _go_on(self, api: Api, target: Target) -> None:
        """A moment a second, until the load is over; then nothing is used any more."""
        started = time.monotonic()
        try:
            while (second := time.monotonic() - started) < self.load.seconds and not self.stopping.is_set():
                await self._moment(api, target, second)
                self.begin()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), TICK_SECONDS)
        finally:
            with suppress(ApiFailure, httpx2.HTTPError):  # the API server is away: what is written ends by itself
                await self._write(api, target, [])
            self._tell(target, second, self._answered(0.0, serving(target, self.pods)))

    async def _moment(self, api: Api, target: Target, second: float) -> None:
        """What is offered now, what the pods make of it, and their CPU."""
        pods = serving(target, self.pods)
        done = self._answered(self.load.at(second), pods)
        used = [
            usage.Used(pod, pods[pod]["container"], max(1, round(1000 * cores)))
            for pod, cores in done.cpu_cores.items()
            if not pods[pod].get("off")
        ]
        try:
            await self._write(api, target, used)
        except (ApiFailure, httpx2.HTTPError) as error:  # the API server restarts: the load goes on, its metrics lag
            if isinstance(error, ApiFailure) and error.status < httpx2.codes.INTERNAL_SERVER_ERROR:
                raise
        self._tell(target, second, done)

    def _answered(self, offered: float, pods: dict[str, Fields]) -> Answer:
        """What these pods make of what is offered."""
        done = answer(offered, self.load.cost_core_seconds, capacities(pods, self.nodes))
        return replace(done, latency_seconds=None) if self.load.in_cores else done

    def _tell(self, target: Target, second: float, done: Answer) -> None:
        self.answered.append((second, done))
        if self.note:
            self.note(
                "Load",
                target.name,
                offered=round(done.offered, 3),
                served=round(done.served, 3),
                unserved=round(done.unserved, 3),
                pods=len(done.cpu_cores),
                utilisation=round(done.utilisation, 3),
                latency_seconds=None if done.latency_seconds is None else round(done.latency_seconds, 4),
                **({"in_cores": True} if self.load.in_cores else {}),
            )
        if self.on_answer:
            self.on_answer(second, done)

    async def _write(self, api: Api, target: Target, used: list[usage.Used]) -> None:
        """Put this load's section into the expression, unless it is there; another driver may write too."""
        while True:
            written, self._written = self._written, {}  # what is there isn't known while this goes on, nor if it fails
            it = written or await api.get(usage.PATH)
            cpu = cpu_of(it)
            wanted = usage.with_load(cpu["expression"], target.namespace, target.name, used, time.time())
            if written and wanted == cpu["expression"]:
                self._written = written
                return
            cpu["expression"] = wanted
            answered = await api.client.put(usage.PATH, json=it)
            if answered.is_success:
                self._written = answered.json()
                return
            if answered.status_code != httpx2.codes.CONFLICT:
                raise ApiFailure.of(answered.status_code, answered.content)


async def refuse_second(api: Api, target: Target) -> None:
    """Refuse a service that has a load: each of the two would take the other for idle pods.

    Raises:
        Failure: it has.
    """
    expression = cpu_of(await api.get(usage.PATH))["expression"]
    if usage.is_loaded(expression, target.namespace, target.name, time.time()):
        most = usage.RENEW_SECONDS + usage.LAST_SECONDS
        raise Failure(f"the service {target.name} has a load already; end it, or wait {most} s if it was killed")


def cpu_of(it: dict[str, Any]) -> dict[str, Any]:
    """Where the object has its expression."""
    cpu: dict[str, Any] = it["spec"]["usages"][0]["usage"]["cpu"]
    return cpu
