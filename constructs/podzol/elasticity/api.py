"""Defines `Api`: the Kubernetes API of the cluster that a kubeconfig names, as an asynchronous HTTP client.

lightkube reads the kubeconfig: keys, tokens, and the programs that EKS and GKE get tokens from (run again when a token
has expired). Its own watch isn't used: it ends when a connection is refused, as during a restart of the API server, so
it can't resume. kr8s was weighed too (it leaves private keys in the temporary folder), and the official client (126 MB
with what it needs; its watch needs a thread a kind).
"""

import os
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from lightkube.config.client_adapter import AsyncClient, ConnectionParams
from lightkube.config.kubeconfig import DEFAULT_KUBECONFIG, KubeConfig
from lightkube.core.exceptions import ConfigError

from podzol.faults import Failure, Fault, UserError

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
        kubeconfig: $KUBECONFIG, or ~/.kube/config, or the pod's service account, when None.

    Raises:
        UserError: there is no kubeconfig, or it can't be used.
    """

    def __init__(self, kubeconfig: Path | None = None) -> None:
        named = os.environ.get("KUBECONFIG")
        try:
            if kubeconfig or named:
                config = KubeConfig.from_file(kubeconfig or str(named)).get()
            else:
                config = KubeConfig.from_env().get()
            self.namespace = config.namespace if config else "default"
            """Of the context; `default` when it names none."""
            timeout = httpx2.Timeout(CONNECT_SECONDS, read=SILENCE_SECONDS)
            self.client = AsyncClient(config, ConnectionParams(timeout=timeout))  # type: ignore[arg-type]
        except (ConfigError, KeyError, TypeError, ValueError, OSError) as error:
            where = "--kubeconfig" if kubeconfig else "KUBECONFIG" if named else DEFAULT_KUBECONFIG
            got = str(kubeconfig or named or "")
            fix = f"name a kubeconfig that kubectl can use ({str(error) or type(error).__name__})"
            raise UserError([Fault(where, "must be a kubeconfig with a current context", got, fix)]) from error

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

    async def close(self) -> None:
        """End every connection."""
        await self.client.aclose()
