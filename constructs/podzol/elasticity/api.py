"""Defines `Api`: the Kubernetes API of the cluster that a kubeconfig names, as an asynchronous HTTP client.

lightkube reads the kubeconfig: keys, tokens, and the programs that EKS and GKE get tokens from (run again when a token
has expired). Its own watch isn't used: it ends when a connection is refused, as during a restart of the API server, so
it can't resume. kr8s was weighed too (it leaves private keys in the temporary folder), and the official client (126 MB
with what it needs; its watch needs a thread a kind).
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from lightkube.config.client_adapter import AsyncClient, ConnectionParams
from lightkube.core.exceptions import ConfigError

from podzol.elasticity.kubeconfig import BROKEN, access, unusable
from podzol.faults import Failure

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 90.0
"""How long a connection may say nothing; a server sends a bookmark about every minute, and resuming loses nothing."""


class ApiFailure(Exception):
    """The API said no. `status` is HTTP's, `reason` the API's own, such as `Expired`."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status, self.reason, self.message = status, reason, message
        super().__init__(message)

    @classmethod
    def of(cls, status: int, body: bytes) -> "ApiFailure":
        """From an answer, or from the Status that an ERROR event carries."""
        try:
            said = msgspec.json.decode(body)
            return cls(said.get("code") or status, said.get("reason", ""), said.get("message", ""))
        except (msgspec.MsgspecError, AttributeError):
            return cls(status, "", body[:200].decode(errors="replace"))

    @property
    def expired(self) -> bool:
        """The version asked for is gone from the server, or of a future that it never had (etcd was restored)."""
        return self.status == 410 or "Too large resource version" in self.message


class Api:
    """The API of one cluster; to be used and closed within one event loop.

    Args:
        kubeconfig: where kubectl looks when None.
        context: of the kubeconfig; the current one when None.

    Raises:
        UserError: there is no kubeconfig, it can't be used, or has no such context.
    """

    def __init__(self, kubeconfig: Path | None = None, context: str | None = None) -> None:
        config = access(kubeconfig, context)
        self.namespace = config.namespace
        """Of the context; `default` when it names none."""
        timeout = httpx2.Timeout(CONNECT_SECONDS, read=SILENCE_SECONDS)
        try:
            self.client = AsyncClient(config, ConnectionParams(timeout=timeout))
        except BROKEN as error:  # its keys, or where they are
            raise unusable(kubeconfig, error) from error

    async def get(self, path: str, accept: str = "application/json", **parameters: str) -> Any:
        """An object or a list.

        Args:
            accept: form of the answer, some kind of JSON.

        Raises:
            ApiFailure: the API says no.
            httpx2.TransportError: it can't be reached.
        """
        answer = await self.client.get(path, params=parameters, headers={"Accept": accept})
        if answer.is_error:
            raise ApiFailure.of(answer.status_code, answer.content)
        return msgspec.json.decode(answer.content)

    async def version(self) -> str:
        """Version of the server.

        Raises:
            Failure: it can't be reached or doesn't let us in.
        """
        try:
            return (await self.get("version"))["gitVersion"]
        except (ApiFailure, httpx2.HTTPError, ConfigError, OSError) as error:
            raise Failure(
                f"the cluster at {self.client.base_url} can't be used: {str(error) or repr(error)}"
            ) from error

    async def cluster(self) -> str:
        """What tells this cluster from others: the uid of its namespace kube-system; empty when we may not see it."""
        with suppress(ApiFailure, httpx2.HTTPError, ConfigError, OSError):
            return str((await self.get("api/v1/namespaces/kube-system"))["metadata"]["uid"])
        return ""

    async def close(self) -> None:
        """End every connection."""
        await self.client.aclose()
