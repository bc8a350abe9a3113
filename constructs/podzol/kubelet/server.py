"""Defines the kubelet's API, which the API server and metrics-server call: logs, exec, attach, port-forward, figures.

Only who has a certificate of the cluster's authority gets in. Paths: pkg/kubelet/server/server.go of k8s.io/kubernetes
v1.37.2 (2026-11-23).
"""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from podzol.kubelet import logs, streams
from podzol.kubelet.agent import Agent
from podzol.kubelet.containers import Container, Waiting
from podzol.kubelet.left_out import NO_DEBUGGING
from podzol.kubelet.local_ports import HOST_IP
from podzol.kubelet.pod import Pod
from podzol.kubelet.port_forward import carry_all
from podzol.kubelet.process import Process
from podzol.kubelet.starting import PULL_BACK_OFF, PULL_ERROR


class Server:
    """The kubelet's API of an agent.

    Args:
        pki: folder with `ca.crt`, and with `admin.crt` and `admin.key`, which we show.
    """

    def __init__(self, agent: Agent, pki: Path) -> None:
        self.agent = agent
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(pki / "ca.crt"))
        self.tls.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        self.tls.verify_mode = ssl.CERT_REQUIRED

    async def start(self) -> web.AppRunner:
        """Listen on the agent's port."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self.healthz),
                web.get("/metrics/nodes/{node}/metrics/resource", self.metrics),
                web.get("/containerLogs/{namespace}/{pod}/{container}", self.logs),
                web.get("/exec/{namespace}/{pod}/{container}", self.exec),
                web.get("/exec/{namespace}/{pod}/{uid}/{container}", self.exec),
                web.get("/attach/{namespace}/{pod}/{container}", self.attach),
                web.get("/attach/{namespace}/{pod}/{uid}/{container}", self.attach),
                web.get("/portForward/{namespace}/{pod}", self.port_forward),
                web.get("/portForward/{namespace}/{pod}/{uid}", self.port_forward),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, HOST_IP, self.agent.port, ssl_context=self.tls).start()
        return runner

    async def healthz(self, request: web.Request) -> web.StreamResponse:
        """We are here."""
        return web.Response(text="ok")

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        """The figures of a node."""
        return web.Response(text=self.agent.metrics(request.match_info["node"]))

    def pod(self, request: web.Request) -> Pod:
        """The pod that a request is about."""
        info = request.match_info
        pod = self.agent.find(info["namespace"], info["pod"], info.get("uid", ""))
        if pod is None:
            raise web.HTTPNotFound(text="pod does not exist")
        return pod

    def process(self, request: web.Request) -> Process:
        """The running container that a request is about."""
        name = request.match_info["container"]
        process = self.pod(request).processes.get(name)
        if process is None or process.over.is_set():
            raise web.HTTPInternalServerError(text=f'container not found ("{name}")')
        return process

    async def logs(self, request: web.Request) -> web.StreamResponse:
        """A container's log."""
        pod, name, query = self.pod(request), request.match_info["container"], request.query
        if name not in pod.containers:
            raise web.HTTPBadRequest(text=NO_DEBUGGING)
        container, previous = pod.containers[name], query.get("previous") == "true"
        path = pod.machine.log(pod.it, name, container.restarts - previous)
        if not path.exists():
            raise web.HTTPBadRequest(text=why_no_log(pod.it["metadata"]["name"], container, previous))
        process = pod.processes.get(name)
        over = process.over if process and not previous else asyncio.Event()
        if not process or previous:
            over.set()
        answer = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):  # who followed it has gone
            async for text in logs.read(path, wanted(query), over):
                await answer.write(text)
        return answer

    async def exec(self, request: web.Request) -> web.StreamResponse:
        """A command in a container."""
        return await streams.execute(request, self.process(request))

    async def attach(self, request: web.Request) -> web.StreamResponse:
        """What a container says from now on, and what is typed into it."""
        return await streams.attach(request, self.process(request))

    async def port_forward(self, request: web.Request) -> web.StreamResponse:
        """Connections to a pod's ports."""
        pod = self.pod(request)
        return await carry_all(request, pod.ip, pod.machine.network)


def why_no_log(pod_name: str, container: Container, previous: bool) -> str:
    """Why there is nothing to read, in the kubelet's words (validateContainerLogStatus)."""
    if previous:
        return f'previous terminated container "{container.name}" in pod "{pod_name}" not found'
    if not isinstance(container.state, Waiting):
        return f'container "{container.name}" in pod "{pod_name}" is terminated'
    known = {PULL_ERROR: "image can't be pulled", PULL_BACK_OFF: "trying and failing to pull image"}
    reason = container.state.reason
    return f'container "{container.name}" in pod "{pod_name}" is waiting to start: {known.get(reason, reason)}'


def wanted(query: Mapping[str, str]) -> logs.Wanted:
    """What of a log a request asks for."""
    since = query.get("sinceTime", "")
    if seconds := query.get("sinceSeconds"):
        since = (datetime.now(UTC) - timedelta(seconds=int(seconds))).isoformat()
    return logs.Wanted(
        follow=query.get("follow") == "true",
        timestamps=query.get("timestamps") == "true",
        tail_lines=int(query["tailLines"]) if "tailLines" in query else None,
        limit_bytes=int(query["limitBytes"]) if "limitBytes" in query else None,
        since=since.replace("+00:00", "").removesuffix("Z"),
    )
