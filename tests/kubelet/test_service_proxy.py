"""The proxy of Services: which endpoints it takes, and how it shares connections among them."""

import asyncio
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import httpx2
import pytest

from podzol.elasticity.api import ApiFailure
from podzol.kubelet.apiserver import ApiServer
from podzol.kubelet.images import Images
from podzol.kubelet.local_ports import LOCAL_PORTS, known_ports
from podzol.kubelet.machine import Machine
from podzol.kubelet.network import Loopback
from podzol.kubelet.service_proxy import ServiceProxy

Object = dict[str, Any]


class Api:
    """Takes what is written."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Object]] = []

    async def send(self, method: str, path: str, body: Object, headers: object = None) -> Object:
        self.sent.append((path, body))
        return {}


def service(**more: Any) -> Object:
    """A Service with one port."""
    port = {"name": "http", "port": 80}
    meta = {"name": "page", "namespace": "soil", "uid": "s-1", "annotations": {}}
    return {"metadata": meta, "spec": {"clusterIP": "10.0.0.9", "ports": [port], **more}}


def slice_of(port: int, *addresses: str, ready: bool = True, name: str = "http") -> Object:
    """Endpoints of that Service."""
    labels = {"kubernetes.io/service-name": "page"}
    endpoints = [{"addresses": [address], "conditions": {"ready": ready}} for address in addresses]
    return {
        "metadata": {"namespace": "soil", "labels": labels},
        "ports": [{"name": name, "port": port}],
        "endpoints": endpoints,
    }


def proxy(*slices: Object, **more: Any) -> tuple[ServiceProxy, Api]:
    """A proxy that knows the Service and these endpoints."""
    api = Api()
    machine = Machine(Path("/"), cast(ApiServer, api), Loopback(), Images({}), contained=False)
    machine.services["s-1"] = service(**more)
    own = ServiceProxy(machine, httpx2.URL("https://127.0.0.1:6443"))
    for number, each in enumerate(slices):
        own.take_slice("added", f"e-{number}", each)
    return own, api


async def asked(port: int) -> bytes:
    """What is answered at a port of this machine; empty when nobody does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


def answers(slices: list[Object], count: int, listening: tuple[str, ...], **more: Any) -> tuple[list[bytes], Api]:
    """What so many connections to the Service get, from pods that listen at these addresses and say them."""

    async def ask() -> tuple[list[bytes], Api]:
        async with AsyncExitStack() as stack:
            port = 0
            for address in listening:
                server = await asyncio.start_server(saying(address), address, port)
                await stack.enter_async_context(server)
                port = server.sockets[0].getsockname()[1]
            own, api = proxy(*[it | {"ports": [it["ports"][0] | {"port": port}]} for it in slices], **more)
            await own.follow()
            number = known_ports(own.machine.services["s-1"])["http"]
            got = [await asked(number) for _ in range(count)]
            for balancer in own.balancers.values():
                balancer.close()
            return got, api

    return asyncio.run(ask())


def saying(text: str) -> Any:
    """A server that says a text to everybody."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text.encode())
        writer.close()

    return say


def test_connections_are_shared_among_the_ready_endpoints() -> None:
    slices = [slice_of(0, "10.244.0.2", "10.244.0.3"), slice_of(0, "10.244.0.4", ready=False)]  # as the API was told
    got, _ = answers(slices, 4, ("127.64.0.2", "127.64.0.3"))
    assert sorted(got) == [b"127.64.0.2"] * 2 + [b"127.64.0.3"] * 2


def test_an_endpoint_that_does_not_answer_is_passed_over() -> None:
    got, _ = answers([slice_of(0, "127.64.0.2", "127.64.0.9")], 4, ("127.64.0.2",))
    assert got == [b"127.64.0.2"] * 4


def test_a_connection_ends_where_there_is_no_endpoint() -> None:
    got, _ = answers([slice_of(0, "127.64.0.2", name="admin")], 1, ("127.64.0.2",))
    assert got == [b""]


def test_the_service_says_where_it_is_reached_and_keeps_its_port() -> None:
    _, api = answers([], 0, ("127.64.0.2",))
    path, body = api.sent[0]
    assert path == "/api/v1/namespaces/soil/services/page"
    number = known_ports(body)["http"]
    assert body["metadata"]["annotations"] == {LOCAL_PORTS: f"http={number}"}

    async def again() -> int:
        own, _ = proxy()
        own.machine.services["s-1"]["metadata"]["annotations"] = {LOCAL_PORTS: f"http={number}"}
        await own.follow()
        return known_ports(own.machine.services["s-1"])["http"]

    assert asyncio.run(again()) == number


def test_a_headless_service_has_no_port_and_one_that_went_has_none_any_more() -> None:
    async def follow() -> tuple[int, int]:
        own, _ = proxy()
        await own.follow()
        before = len(own.balancers)
        own.machine.services["s-1"] = service(clusterIP="None")
        await own.follow()
        return before, len(own.balancers)

    assert asyncio.run(follow()) == (1, 0)


def test_a_port_that_could_not_be_written_down_is_free_again() -> None:
    async def follow() -> int:
        own, api = proxy()
        number = free_port()

        async def refuse(*_: Any) -> Object:
            raise ApiFailure(404, "NotFound", 'services "page" not found')

        own.machine.services["s-1"]["spec"]["ports"][0]["nodePort"] = number
        with patch.object(api, "send", refuse), pytest.raises(ApiFailure):
            await own.follow()
        await own.follow()
        return known_ports(own.machine.services["s-1"])["http"] - number

    assert asyncio.run(follow()) == 0


def test_a_node_port_that_a_service_gets_later_is_taken() -> None:
    async def follow() -> tuple[int, bytes]:
        own, _ = proxy()
        await own.follow()
        number = own.machine.services["s-1"]["spec"]["ports"][0]["nodePort"] = free_port()
        await own.follow()
        return known_ports(own.machine.services["s-1"])["http"] - number, await asked(number)

    assert asyncio.run(follow()) == (0, b"")


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as own:
        return int(own.getsockname()[1])
