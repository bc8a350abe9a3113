"""Defines the network of the pods: `Bridge`, a network namespace with a bridge that every pod is plugged into, and
`Loopback`, where there are no namespaces: each pod has an address of 127.0.0.0/8 and shares the machine's ports. As
Kubernetes takes no such addresses for endpoints, it is told others.

The agent itself stays in the machine's network. A socket belongs for life to the namespace that it was made in, so it
opens sockets among the pods by making them in a thread that has entered there. Source: network_namespaces(7), ip(8)
(2026-11-23).
"""

import asyncio
import os
import socket
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from typing import Protocol, TypeVar

from podzol.kubelet.addresses import LOOPBACK_PODS, PODS, Addresses
from podzol.kubelet.namespaces import CLONE_NEWNET, call

DNS_PORT = 53
T = TypeVar("T")


class Network(Protocol):
    """How pods are reached."""

    own: bool
    """Whether a pod has ports of its own."""

    def join(self, key: str) -> str:
        """Give a pod its address."""

    def leave(self, key: str) -> None:
        """Take it back."""

    def told(self, address: str) -> str:
        """What the API is told for a pod's address."""

    def meant(self, told: str) -> str:
        """The address that the API was told so."""

    def path(self, key: str) -> str:
        """The file that a process enters the pod's network by; empty when there is none."""

    async def open_socket(self) -> socket.socket:
        """A TCP socket among the pods."""

    async def listen(self, address: str, port: int) -> socket.socket | None:
        """A socket that listens at a Service's address among the pods; None where it can't have one."""

    async def names(self) -> tuple[str, socket.socket] | None:
        """The address of the pods' DNS, and its UDP socket; None where there can't be one."""


class Loopback:
    """Addresses on the machine's own loopback interface."""

    own = False

    def __init__(self) -> None:
        self.addresses = Addresses(LOOPBACK_PODS)

    def join(self, key: str) -> str:
        return self.addresses.take(key)

    def leave(self, key: str) -> None:
        self.addresses.give_back(key)

    def told(self, address: str) -> str:
        return str(PODS[int(IPv4Address(address)) - int(LOOPBACK_PODS.network_address)])

    def meant(self, told: str) -> str:
        address = IPv4Address(told)
        return str(LOOPBACK_PODS[int(address) - int(PODS.network_address)]) if address in PODS else told

    def path(self, key: str) -> str:
        return ""

    async def open_socket(self) -> socket.socket:
        made = socket.socket()
        made.setblocking(False)
        return made

    async def listen(self, address: str, port: int) -> socket.socket | None:
        return None

    async def names(self) -> tuple[str, socket.socket] | None:
        return None


class Bridge:
    """A network namespace of the pods' own."""

    own = True

    def __init__(self) -> None:
        self.addresses = Addresses(PODS)
        self.namespaces: dict[str, int] = {}
        self.services: set[str] = set()
        """Addresses of Services that the bridge's side has."""
        self.inside = make_namespace()
        self.makers = ThreadPoolExecutor(1, "pods", initializer=enter, initargs=(self.inside,))
        gateway = f"{PODS[1]}/{PODS.prefixlen}"
        configure(
            self.inside,
            "link set lo up",
            "link add podzol0 type bridge forward_delay 0",
            f"addr add {gateway} dev podzol0",
            "link set podzol0 up",
            "route add unreachable default",
        )
        within(self.inside, refuse_at_once)

    def join(self, key: str) -> str:
        address = self.addresses.take(key)
        if key not in self.namespaces:
            self.namespaces[key] = make_namespace()
            link = f"veth{int(IPv4Address(address)) - int(PODS.network_address):x}"
            peer = f"peer name eth0 netns {self.path(key)}"
            configure(
                self.inside,
                f"link add {link} type veth {peer}",
                f"link set {link} master podzol0 up",
            )
            configure(
                self.namespaces[key],
                "link set lo up",
                f"addr add {address}/{PODS.prefixlen} dev eth0",
                "link set eth0 up",
                f"route add default via {PODS[1]}",
            )
            within(self.namespaces[key], allow_low_ports)
        return address

    def leave(self, key: str) -> None:
        self.addresses.give_back(key)
        if (namespace := self.namespaces.pop(key, None)) is not None:
            os.close(namespace)

    def told(self, address: str) -> str:
        return address

    def meant(self, told: str) -> str:
        return told

    def path(self, key: str) -> str:
        return f"/proc/{os.getpid()}/fd/{self.namespaces[key]}"

    async def open_socket(self) -> socket.socket:
        made = await asyncio.get_running_loop().run_in_executor(self.makers, socket.socket)
        made.setblocking(False)
        return made

    async def listen(self, address: str, port: int) -> socket.socket | None:
        if address not in self.services:
            self.services.add(address)
            configure(self.inside, f"addr add {address}/32 dev lo")
        made = await self.open_socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(1024)
        return made

    async def names(self) -> tuple[str, socket.socket] | None:
        made = await asyncio.get_running_loop().run_in_executor(self.makers, udp)
        made.setblocking(False)
        made.bind((str(PODS[1]), DNS_PORT))
        return str(PODS[1]), made


def udp() -> socket.socket:
    """A UDP socket of this thread's network."""
    return socket.socket(type=socket.SOCK_DGRAM)


def enter(namespace: int) -> None:
    """Put this thread into a network namespace, for good."""
    call("setns", namespace, CLONE_NEWNET)


def make_namespace() -> int:
    """A new network namespace, as an open file; it goes when that is closed and no process is in it."""

    def make() -> int:
        call("unshare", CLONE_NEWNET)
        return os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    return in_thread(make)


def within(namespace: int, do: Callable[[], T]) -> T:
    """Do something in a network namespace."""

    def there() -> T:
        enter(namespace)
        return do()

    return in_thread(there)


def in_thread(do: Callable[[], T]) -> T:
    """Do something in a thread that ends afterwards."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(do).result()


def configure(namespace: int, *commands: str) -> None:
    """Run commands of `ip` in a network namespace.

    Raises:
        OSError: one fails.
    """

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["ip", "-batch", "-"], input="\n".join(commands), text=True, capture_output=True, check=False
        )

    done = within(namespace, run)
    if done.returncode:
        raise OSError(f"ip: {done.stderr.strip()}")


def refuse_at_once() -> None:
    """Answer what goes elsewhere with `unreachable`, rather than let it wait for nothing."""
    with open("/proc/sys/net/ipv4/ip_forward", "w") as file:
        file.write("1")


def allow_low_ports() -> None:
    """Let every user of the pod listen on port 80, as container runtimes do."""
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", "w") as file:
        file.write("0")
