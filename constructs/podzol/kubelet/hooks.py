"""Defines the hooks of a container (postStart, preStop) and how a command is run inside one.

Source: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/ (2026-11-23).
"""

import asyncio
import os
import signal
from typing import Any

from podzol.kubelet.network import Network
from podzol.kubelet.probes import http_get
from podzol.kubelet.process import Process

Object = dict[str, Any]


async def run(handler: Object, container: Object, process: Process, ip: str, network: Network) -> str:
    """Run a hook; empty when it went well, else what went wrong."""
    try:
        match handler:
            case {"exec": {"command": command}}:
                code, said = await in_container(process, command, None)
                return "" if code == 0 else f"hook ended with {code}: {said}"
            case {"sleep": {"seconds": seconds}}:
                await asyncio.sleep(seconds)
            case {"httpGet": action}:
                status = await http_get(action, container, ip, network)
                return "" if 200 <= status < 400 else f"hook failed with statuscode: {status}"
    except (OSError, ValueError) as error:
        return str(error)
    return ""


async def in_container(process: Process, command: list[str], seconds: float | None) -> tuple[int, str]:
    """Run a command in a container; gives its exit code and what it says.

    Raises:
        TimeoutError: it takes longer; it is ended then.
        ProcessLookupError: the container doesn't run.
    """
    done = await asyncio.create_subprocess_exec(
        *process.beside(command),
        env=process.plan.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said, _ = await asyncio.wait_for(done.communicate(), seconds)
    finally:
        if done.returncode is None:
            os.killpg(done.pid, signal.SIGKILL)
            await done.wait()
    return done.returncode or 0, said.decode(errors="replace").strip()[-10_240:]
