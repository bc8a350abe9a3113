"""Defines the probes of a container: `Verdict`, the pure counting of successes and failures, and `ask`, one attempt.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
(2026-11-23).
"""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from podzol.kubelet.network import Network

Object = dict[str, Any]
Command = Callable[[list[str], float], Awaitable[tuple[int, str]]]
"""Runs a command in the container: its words and the seconds it may take; gives exit code and output."""


class UnknownPort(ValueError):
    """The container has no port of that name."""


@dataclass
class Verdict:
    """What a probe's results come to."""

    probe: Object
    passing: bool
    """What counts until the threshold says otherwise."""
    row: int = 0
    """Results in a row that say otherwise."""

    def takes(self, success: bool) -> bool:
        """Count a result; gives whether the verdict has changed."""
        if success == self.passing:
            self.row = 0
            return False
        self.row += 1
        threshold = self.probe.get("successThreshold", 1) if success else self.probe.get("failureThreshold", 3)
        if self.row < threshold:
            return False
        self.passing, self.row = success, 0
        return True


async def ask(probe: Object, container: Object, ip: str, network: Network, run: Command) -> str:
    """One attempt; empty when it succeeds, else what went wrong, in the kubelet's words."""
    try:
        async with asyncio.timeout(probe.get("timeoutSeconds", 1)):
            return await attempt(probe, container, ip, network, run)
    except UnknownPort as error:
        return str(error)
    except (OSError, ValueError) as error:
        return said_of(error, probe, container, ip)


async def attempt(probe: Object, container: Object, ip: str, network: Network, run: Command) -> str:
    """What is wrong with the answer; empty when nothing is.

    Raises:
        OSError: there is none, or not in time.
        ValueError: it can't be understood, or the port has no such name.
    """
    match probe:
        case {"exec": {"command": command}}:
            code, said = await run(command, probe.get("timeoutSeconds", 1))
            return "" if code == 0 else said or f"command ended with {code}"
        case {"httpGet": action}:
            status = await http_get(action, container, ip, network)
            return "" if 200 <= status < 400 else f"HTTP probe failed with statuscode: {status}"
        case {"tcpSocket": action}:
            _, writer = await connect(action.get("host") or ip, port_of(action, container), network)
            writer.close()
            return ""
    return f"a probe of the kind {', '.join(set(probe) & {'grpc'}) or 'unknown'} is not done here"


def said_of(error: OSError | ValueError, probe: Object, container: Object, ip: str) -> str:
    """What the kubelet, a Go program, says of an attempt that failed."""
    is_late = isinstance(error, TimeoutError)
    if "exec" in probe:
        return f"command timed out after {probe.get('timeoutSeconds', 1)}s" if is_late else str(error)
    action = probe.get("httpGet") or probe["tcpSocket"]
    address = f"{action.get('host') or ip}:{port_of(action, container)}"
    scheme = (action.get("scheme") or "HTTP").lower()
    start = f'Get "{scheme}://{address}{path_of(action)}": ' if "httpGet" in probe else ""
    if is_late and start:
        return f"{start}context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    match error:
        case TimeoutError():
            return f"dial tcp {address}: i/o timeout"
        case ssl.SSLError():
            return f"{start}tls: {error.reason}"
        case ConnectionResetError():
            return f"{start}read tcp {address}: connection reset by peer"
        case OSError():
            return f"{start}dial tcp {address}: connect: {os.strerror(error.errno or 0).lower()}"
    return f"{start}{error}"


def path_of(action: Object) -> str:
    """The path of an HTTP probe."""
    return "/" + str(action.get("path") or "").lstrip("/")


def port_of(action: Object, container: Object) -> int:
    """The port of a probe, by number or name."""
    port = action["port"]
    if isinstance(port, int):
        return port
    named = {each.get("name"): each["containerPort"] for each in container.get("ports") or []}
    if port not in named:
        raise UnknownPort(f'no port of the container is named "{port}"')
    return int(named[port])


async def http_get(action: Object, container: Object, ip: str, network: Network) -> int:
    """The status of a GET."""
    host, port = action.get("host") or ip, port_of(action, container)
    reader, writer = await connect(host, port, network, tls=action.get("scheme") == "HTTPS")
    headers = {"Host": f"{host}:{port}", "User-Agent": "kube-probe/podzol", "Accept": "*/*", "Connection": "close"}
    headers |= {each["name"]: each["value"] for each in action.get("httpHeaders") or []}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    try:
        writer.write(f"GET {path_of(action)} HTTP/1.1\r\n{lines}\r\n".encode())
        answer = (await reader.readline()).split()
    finally:
        writer.close()
    if len(answer) < 2 or not answer[1].isdigit():
        raise ValueError("malformed HTTP response")
    return int(answer[1])


async def connect(
    host: str, port: int, network: Network, tls: bool = False
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to a pod."""
    own = await network.open_socket()
    try:
        await asyncio.get_running_loop().sock_connect(own, (host, port))
        context = unverified() if tls else None
        return await asyncio.open_connection(sock=own, ssl=context, server_hostname=host if tls else None)
    except BaseException:
        own.close()
        raise


def unverified() -> ssl.SSLContext:
    """TLS that takes any certificate, as a kubelet's probes do."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
