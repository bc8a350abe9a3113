"""Defines the probes of a container: `Verdict`, the pure counting of successes and failures, and `ask`, one attempt.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
(2026-11-23).
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from podzol.kubelet.network import Network

Object = dict[str, Any]
Command = Callable[[list[str], float], Awaitable[tuple[int, str]]]
"""Runs a command in the container: its words and the seconds it may take; gives exit code and output."""


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
    seconds = probe.get("timeoutSeconds", 1)
    try:
        async with asyncio.timeout(seconds):
            match probe:
                case {"exec": {"command": command}}:
                    code, said = await run(command, seconds)
                    return "" if code == 0 else said or f"command ended with {code}"
                case {"httpGet": action}:
                    status = await http_get(action, container, ip, network)
                    return "" if 200 <= status < 400 else f"HTTP probe failed with statuscode: {status}"
                case {"tcpSocket": action}:
                    _, writer = await connect(action.get("host") or ip, port_of(action, container), network)
                    writer.close()
                    return ""
    except TimeoutError:
        return f"command timed out after {seconds}s" if "exec" in probe else f"no answer within {seconds}s"
    except (OSError, EOFError, ValueError) as error:
        return str(error) or type(error).__name__
    return f"a probe of the kind {', '.join(set(probe) & {'grpc'}) or 'unknown'} is not done here"


def port_of(action: Object, container: Object) -> int:
    """The port of a probe, by number or name."""
    port = action["port"]
    if isinstance(port, int):
        return port
    named = {each.get("name"): each["containerPort"] for each in container.get("ports") or []}
    if port not in named:
        raise ValueError(f'no port of the container is named "{port}"')
    return int(named[port])


async def http_get(action: Object, container: Object, ip: str, network: Network) -> int:
    """The status of a GET."""
    host, port = action.get("host") or ip, port_of(action, container)
    reader, writer = await connect(host, port, network, tls=action.get("scheme") == "HTTPS")
    headers = {"Host": f"{host}:{port}", "User-Agent": "kube-probe/podzol", "Accept": "*/*", "Connection": "close"}
    headers |= {each["name"]: each["value"] for each in action.get("httpHeaders") or []}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    try:
        writer.write(f"GET {action.get('path') or '/'} HTTP/1.1\r\n{lines}\r\n".encode())
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
