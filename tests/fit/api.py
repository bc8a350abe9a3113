"""Defines `Api`: hundreds of objects in and out of an API server over one connection a thread."""

import base64
import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

THREADS = 4


class Refused(Exception):
    """The API server does not take the object; the message is its own."""


class Api:
    """The API of the cluster that a kubeconfig of Podzol names."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.address = urlsplit(cluster["server"])
        self.tls = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        pair = kubeconfig.with_name("client.pem")
        pair.touch(mode=0o600)
        pair.write_bytes(b"".join(base64.b64decode(user[f"client-{each}-data"]) for each in ("certificate", "key")))
        self.tls.load_cert_chain(pair)
        self.local = threading.local()

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The answer. Raises Refused for any but a 2xx."""
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPSConnection(
                self.address.hostname or "", self.address.port, context=self.tls
            )
        headers = {"Content-Type": "application/json"}
        self.local.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.local.connection.getresponse()
        got = json.loads(answer.read())
        if answer.status >= 300:
            raise Refused(got.get("message"))
        return got

    def create(self, path: str, objects: Iterable[dict[str, Any]]) -> None:
        """Create all of them."""
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda each: self.call("POST", path, each), objects))

    def items(self, path: str) -> list[dict[str, Any]]:
        """All objects of a collection."""
        return self.call("GET", path)["items"]


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask until the condition holds or the time is up; whether it held."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
