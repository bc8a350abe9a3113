"""Defines `Agent`: the kubelet of all real nodes of a cluster, as one process. It watches and lets others do."""

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from podzol.clusters.local.nodes import RUN
from podzol.elasticity.api import ApiFailure
from podzol.elasticity.kinds import Kind
from podzol.elasticity.watch import Seen, Watch
from podzol.kubelet import metrics, node, usage
from podzol.kubelet.apiserver import ApiServer
from podzol.kubelet.images import Images
from podzol.kubelet.machine import Machine
from podzol.kubelet.names import Names
from podzol.kubelet.network import Network
from podzol.kubelet.pod import Pod
from podzol.kubelet.process import Process
from podzol.kubelet.service_proxy import ServiceProxy
from podzol.kubelet.tasks import Tasks
from podzol.kubelet.volumes import provisioned

Object = dict[str, Any]
GUARD_SECONDS = 0.5
"""Between two looks at the memory of containers that have a limit."""
log = logging.getLogger(__name__)


class Agent:
    """The pods of all real nodes.

    Args:
        root: folder of all files of pods.
        port: of the kubelet's API.
    """

    def __init__(
        self, kubeconfig: Path, root: Path, port: int, images: Images, network: Network, contained: bool
    ) -> None:
        self.api = ApiServer(kubeconfig)
        self.port = port
        self.machine = Machine(root, self.api, network, images, contained)
        self.pods: dict[str, Pod] = {}
        """By uid."""
        self.tasks = Tasks("agent")
        self.nodes: set[str] = set()
        self.spent: dict[str, metrics.Spent] = {}
        """By node."""
        self.objects: dict[str, Object] = {}
        """Pods that are on no node of ours, or on one that we don't know yet, by uid."""
        self.proxy = ServiceProxy(self.machine, self.api.api.client.base_url)

    async def run(self) -> None:
        """Until cancelled."""
        if names := await self.machine.network.names():
            self.machine.nameserver, own = names
            await Names(self.machine.services, self.proxy.slices).serve(own)
        await self.sweep()
        watches = [
            self.watch("Service", "/api/v1/services", self.take_service),
            self.watch("EndpointSlice", "/apis/discovery.k8s.io/v1/endpointslices", self.proxy.take_slice),
            self.watch("PersistentVolume", "/api/v1/persistentvolumes", self.take_volume),
            self.watch("Node", "/api/v1/nodes", self.take_node),
        ]
        async with asyncio.TaskGroup() as group:
            for each in watches:
                group.create_task(each.run())
            for each in watches:
                await each.listed.wait()  # a pod's environment names the Services
            group.create_task(self.watch("Pod", "/api/v1/pods", self.take_pod).run())
            group.create_task(self.live())
            group.create_task(self.guard_memory())
            group.create_task(self.proxy.run())

    async def sweep(self) -> None:
        """Remove the files of pods that have gone while no agent ran."""
        if folders := self.machine.pod_folders():
            pods = await self.api.get("/api/v1/pods")
            assert pods
            there = {it["metadata"]["uid"] for it in pods["items"]}
            for folder in folders:
                if folder.name not in there:
                    await remove(folder)

    def watch(self, kind: str, path: str, take: Callable[[str, str, Object], None]) -> Watch:
        """Hands each state of each object of a kind on."""

        def hand_on(change: str, uid: str, seen: Seen) -> None:
            take(change, uid, seen.fields["it"])

        def tell(what: str, why: str) -> None:
            log.info("watch of %s: %s %s", kind, what, why)

        return Watch(self.api.api, Kind(kind, path, lambda it: {"it": it}), path, {}, hand_on, tell)

    def take_node(self, change: str, uid: str, it: Object) -> None:
        """A node came, changed or went."""
        name = it["metadata"]["name"]
        if it["metadata"].get("labels", {}).get(RUN) != "true":
            return
        if change == "deleted":
            self.nodes.discard(name)
        elif name not in self.nodes:
            self.nodes.add(name)
            self.tasks.begin(self.greet(name))
            for known in list(self.objects):
                self.take_pod("added", known, self.objects[known])

    async def greet(self, name: str) -> None:
        """Make a node Ready, however often it takes."""
        while name in self.nodes:
            try:
                await node.renew(self.api, name)
                return await node.come_up(self.api, name, self.port)
            except ApiFailure as error:
                log.warning("node %s: %s", name, error)
                await asyncio.sleep(1.0)

    def take_service(self, change: str, uid: str, it: Object) -> None:
        """A service came, changed or went."""
        if change == "deleted":
            self.machine.services.pop(uid, None)
        else:
            self.machine.services[uid] = it
        self.proxy.changed.set()

    def take_volume(self, change: str, uid: str, it: Object) -> None:
        """A PersistentVolume came, changed or went: its folder goes with it, unless it is to be retained."""
        folder = provisioned(it["spec"], self.machine.root)
        if folder and change == "deleted" and it["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
            self.tasks.begin(remove(folder))

    def take_pod(self, change: str, uid: str, it: Object) -> None:
        """A pod came, changed or went."""
        if pod := self.pods.get(uid):
            pod.forget() if change == "deleted" else pod.update(it)
        elif change == "deleted" or it["spec"].get("nodeName") not in self.nodes:
            self.objects.pop(uid, None)
            if change != "deleted":
                self.objects[uid] = it
        else:
            self.objects.pop(uid, None)
            self.pods[uid] = Pod(self.machine, it)
            log.info("pod %s on %s", it["metadata"]["name"], it["spec"]["nodeName"])
            self.tasks.begin(self.keep(uid))

    async def keep(self, uid: str) -> None:
        """Run a pod to its end. What fails unforeseen ends the pod, not the others, and its events say so."""
        pod = self.pods[uid]
        try:
            await pod.run()
        except Exception as error:
            said = f"error syncing pod, skipping: {error}"
            await self.machine.api.tell(pod.it, "FailedSync", said, time.time(), warning=True)
            raise
        finally:
            self.pods.pop(uid, None)

    async def live(self) -> None:
        """Renew the nodes' leases."""
        while True:
            await asyncio.sleep(node.HEARTBEAT_SECONDS)
            for name in list(self.nodes):
                try:
                    await node.renew(self.api, name)
                except ApiFailure as error:
                    log.warning("lease of %s: %s", name, error)

    async def guard_memory(self) -> None:
        """End containers that use more memory than their limit."""
        while True:
            await asyncio.sleep(GUARD_SECONDS)
            limited = [process for _, process in self.processes() if process.plan.memory_bytes and process.pid]
            every = usage.processes() if limited else {}
            for process in limited:
                pid, limit = process.pid, process.plan.memory_bytes
                if pid is None or limit is None or usage.used(pid, every).memory_bytes <= limit:
                    continue
                if usage.proportional(usage.tree(pid, every)) > limit:
                    process.out_of_memory = True
                    process.kill()

    def processes(self, node_name: str = "") -> Iterator[tuple[Pod, Process]]:
        """Every container that runs, on all nodes or on one."""
        for pod in self.pods.values():
            if not node_name or pod.it["spec"]["nodeName"] == node_name:
                yield from ((pod, each) for each in pod.processes.values() if not each.over.is_set())

    def find(self, namespace: str, name: str, uid: str = "") -> Pod | None:
        """A pod by its name."""
        for pod in self.pods.values():
            meta = pod.it["metadata"]
            if (meta["namespace"], meta["name"]) == (namespace, name) and uid in ("", meta["uid"]):
                return pod
        return None

    def metrics(self, node_name: str) -> str:
        """What the containers of a node use, as the kubelet's /metrics/resource says it."""
        running = ((pod.it["metadata"], process) for pod, process in self.processes(node_name))
        return metrics.text(running, time.time(), self.spent.setdefault(node_name, metrics.Spent()))

    async def close(self) -> None:
        """End every pod's processes and every connection."""
        await self.tasks.cancel()
        await self.api.close()


async def remove(folder: Path) -> None:
    """Remove a folder, however large, while everything else goes on."""
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
