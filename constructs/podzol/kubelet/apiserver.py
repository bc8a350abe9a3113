"""Defines `ApiServer`: what a kubelet asks of the API server and writes to it.

It adds writing to the client that the recorder has, and the few forms of objects that a kubelet makes: a pod's status,
events, a node's lease. Paths are the API's own: https://kubernetes.io/docs/reference/kubernetes-api/ (2026-11-23).
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from podzol.elasticity.api import Api, ApiFailure
from podzol.kubelet.status import moment

Object = dict[str, Any]
COMPONENT = "podzol-kubelet"
"""Who the events come from."""
MERGE = {"Content-Type": "application/merge-patch+json"}
STRATEGIC_MERGE = {"Content-Type": "application/strategic-merge-patch+json"}
"""Lists are merged by their key: what others write into a pod's conditions meanwhile stays."""
PAUSES_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.0)
"""Between two tries while the API server is away; the last one from then on."""
log = logging.getLogger(__name__)


class ApiServer:
    """The API of one cluster, for one event loop."""

    def __init__(self, kubeconfig: Path) -> None:
        self.api = Api(kubeconfig)
        self.told: dict[tuple[str, ...], Object] = {}
        """Events that were written, by uid, field, reason and message."""

    async def patiently(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until there is an answer: while the API server is away, pods go on, and what they come to is told later.

        Raises:
            ApiFailure: it says no.
        """
        for pause in itertools.chain(PAUSES_SECONDS, itertools.repeat(PAUSES_SECONDS[-1])):
            try:
                return await call()
            except httpx2.TransportError as error:
                log.info("the API server is away: %s", error)
            except ApiFailure as failure:
                if failure.status < 500 and failure.status != 429:
                    raise
                log.info("the API server can't: %s", failure.message)
            await asyncio.sleep(pause)

    async def get(self, path: str) -> Object | None:
        """An object; None when there is none."""
        try:
            return await self.patiently(lambda: self.api.get(path))
        except ApiFailure as failure:
            if failure.status == 404:
                return None
            raise

    async def send(self, method: str, path: str, body: Object, headers: dict[str, str] | None = None) -> Object:
        """Write something; gives the API's answer.

        Raises:
            ApiFailure: it says no.
        """
        content = msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} | (headers or {})

        async def call() -> Object:
            answer = await self.api.client.request(method, path, content=content, headers=headers)
            if answer.is_error:
                raise ApiFailure.of(answer.status_code, answer.content)
            return msgspec.json.decode(answer.content)

        return await self.patiently(call)

    async def write_status(self, pod: Object, status: Object) -> Object | None:
        """Write a pod's status; None when the pod has gone."""
        body = {"metadata": {"uid": pod["metadata"]["uid"]}, "status": status}
        try:
            return await self.send("PATCH", f"{path_of(pod)}/status", body, STRATEGIC_MERGE)
        except ApiFailure as failure:
            if failure.status in (404, 409):
                return None
            raise

    async def remove(self, pod: Object) -> None:
        """Take a pod that has ended out of the API."""
        body = {"gracePeriodSeconds": 0, "preconditions": {"uid": pod["metadata"]["uid"]}}
        try:
            await self.send("DELETE", path_of(pod), body)
        except ApiFailure as failure:
            if failure.status not in (404, 409):
                raise

    async def tell(
        self, it: Object, reason: str, message: str, now: float, warning: bool = False, field: str = ""
    ) -> None:
        """Write an event about an object; said again, it is counted. An event that can't be written is let go."""
        meta = it["metadata"]
        namespace = meta.get("namespace", "default")
        key = (meta["uid"], field, reason, message)
        try:
            if before := self.told.get(key):
                counted = {"count": before["count"] + 1, "lastTimestamp": moment(now)}
                path = f"/api/v1/namespaces/{namespace}/events/{before['metadata']['name']}"
                self.told[key] = await self.send("PATCH", path, counted, MERGE)
                return
            event = {
                "metadata": {"generateName": f"{meta['name']}.", "namespace": namespace},
                "involvedObject": {
                    "apiVersion": "v1",
                    "kind": it.get("kind", "Pod"),
                    "name": meta["name"],
                    "namespace": meta.get("namespace", ""),
                    "uid": meta["uid"],
                    "fieldPath": field,
                },
                "reason": reason,
                "message": message[:1024],
                "type": "Warning" if warning else "Normal",
                "count": 1,
                "firstTimestamp": moment(now),
                "lastTimestamp": moment(now),
                "source": {"component": COMPONENT, "host": it.get("spec", {}).get("nodeName", "")},
                "reportingComponent": COMPONENT,
                "reportingInstance": "",
            }
            self.told[key] = await self.send("POST", f"/api/v1/namespaces/{namespace}/events", event)
        except ApiFailure as error:
            log.warning("event %s of %s: %s", reason, meta["name"], error)

    async def close(self) -> None:
        """End every connection."""
        await self.api.close()


def path_of(pod: Object) -> str:
    """Where the API has a pod."""
    return f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"
