"""Defines `ServiceProxy`: each Service at a port of this machine, and at its own address among the pods, balanced
over the endpoints that are ready.

A small balancer of our own, connection by connection as kube-proxy's: the kernel's would need root on this machine,
and HAProxy, Envoy or Traefik aren't to be had everywhere without root or a long build, while each would have to listen
here and connect in the pods' network, which a thread of ours can (see `network`).
"""

import asyncio
import contextlib
import itertools
import logging
import socket
from typing import Any

import httpx2

from podzol.elasticity.api import ApiFailure
from podzol.kubelet.apiserver import MERGE
from podzol.kubelet.local_ports import HOST_IP, LOCAL_PORTS, is_api, known_ports, port_name, written
from podzol.kubelet.machine import Machine

Object = dict[str, Any]
CHUNK = 65_536
CONNECT_SECONDS = 5.0
log = logging.getLogger(__name__)


class Balancer:
    """One port of a Service."""

    def __init__(self, machine: Machine, api: tuple[str, int] | None) -> None:
        self.machine, self.api = machine, api
        self.endpoints: list[tuple[str, int]] = []
        self.turn = itertools.count()
        self.servers: list[asyncio.Server] = []

    async def serve(self, own: socket.socket) -> None:
        """Take connections from a socket that listens."""
        self.servers.append(await asyncio.start_server(self.carry, sock=own))

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: to the next endpoint that takes it, and nowhere when none does."""
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if there := await self.connect():
                await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))
        writer.close()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to an endpoint."""
        if self.api:
            return await asyncio.open_connection(*self.api)
        for _ in range(len(self.endpoints)):
            address = self.endpoints[next(self.turn) % len(self.endpoints)]
            own = await self.machine.network.open_socket()
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await asyncio.get_running_loop().sock_connect(own, address)
                return await asyncio.open_connection(sock=own)
            except OSError:
                own.close()
        return None

    def close(self) -> None:
        """Listen no more."""
        for server in self.servers:
            server.close()


class ServiceProxy:
    """All Services.

    Args:
        api: URL of the API server, for the Service `kubernetes`.
    """

    def __init__(self, machine: Machine, api: httpx2.URL) -> None:
        self.machine = machine
        self.api = (api.host, api.port or 443)
        self.slices: dict[str, Object] = {}
        self.balancers: dict[tuple[str, int, int], Balancer] = {}
        """By the Service's uid, its port and its node port, which may come later."""
        self.changed = asyncio.Event()

    def take_slice(self, change: str, uid: str, it: Object) -> None:
        """Endpoints came, changed or went."""
        if change == "deleted":
            self.slices.pop(uid, None)
        else:
            self.slices[uid] = it
        self.changed.set()

    async def run(self) -> None:
        """Follow the Services and their endpoints."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            try:
                await self.follow()
            except (ApiFailure, OSError) as error:
                log.warning("services: %s", error)
                self.changed.set()
                await asyncio.sleep(1.0)

    async def follow(self) -> None:
        """Have a balancer for each port of each Service, with the endpoints of now."""
        wanted = {}
        for uid, service in list(self.machine.services.items()):
            if service["spec"].get("clusterIP", "None") in ("None", ""):
                continue
            for port in service["spec"].get("ports") or []:
                if port.get("protocol", "TCP") == "TCP":
                    wanted[uid, port["port"], port.get("nodePort", 0)] = (service, port)
        for key in self.balancers.keys() - wanted.keys():
            self.balancers.pop(key).close()
        for key, (service, port) in wanted.items():
            if key not in self.balancers:
                self.balancers[key] = await self.begin(service, port)
            self.balancers[key].endpoints = self.endpoints(service["metadata"], port)

    def endpoints(self, service: Object, port: Object) -> list[tuple[str, int]]:
        """Address and port of the endpoints that are ready and really run."""
        found = []
        for each in self.slices.values():
            meta = each["metadata"]
            of = (meta["namespace"], meta.get("labels", {}).get("kubernetes.io/service-name"))
            if of != (service["namespace"], service["name"]):
                continue
            for number in (it["port"] for it in each.get("ports") or [] if it.get("name", "") == port.get("name", "")):
                ready = [it for it in each.get("endpoints") or [] if it.get("conditions", {}).get("ready", True)]
                found += [(self.machine.network.meant(told), number) for it in ready for told in it["addresses"]]
        return sorted(found)

    async def begin(self, service: Object, port: Object) -> Balancer:
        """Listen for one port of a Service."""
        balancer = Balancer(self.machine, self.api if is_api(service) else None)
        try:
            if listening := await self.machine.network.listen(service["spec"]["clusterIP"], port["port"]):
                await balancer.serve(listening)
            if not is_api(service):
                own = self.listen(service, port)
                await balancer.serve(own)
                await self.annotate(service, port, own.getsockname()[1])
        except (ApiFailure, OSError):
            balancer.close()  # or its ports would be in use for ever
            raise
        return balancer

    def listen(self, service: Object, port: Object) -> socket.socket:
        """A socket of this machine: at the Service's nodePort, at the port it had, else at any that is free."""
        wanted = (port.get("nodePort"), known_ports(service).get(port_name(port)))
        for number in (*filter(None, wanted), 0):
            own = socket.socket()
            own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                own.bind((HOST_IP, number))
            except OSError:
                own.close()
                continue
            own.listen(1024)
            own.setblocking(False)
            return own
        raise OSError("no port is free")

    async def annotate(self, service: Object, port: Object, number: int) -> None:
        """Say on the Service where it is reached."""
        ports = known_ports(service) | {port_name(port): number}
        text = written(ports)
        meta = service["metadata"]
        meta.setdefault("annotations", {})[LOCAL_PORTS] = text
        path = f"/api/v1/namespaces/{meta['namespace']}/services/{meta['name']}"
        await self.machine.api.send("PATCH", path, {"metadata": {"annotations": {LOCAL_PORTS: text}}}, MERGE)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until they end."""
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()
