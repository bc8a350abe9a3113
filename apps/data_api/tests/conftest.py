"""One dataset, one application over it, and the real service as a process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from data_api.api import build
from data_api.guard import Draining
from data_api.store import Store
from fastapi.testclient import TestClient
from soil_dataset.simulate import simulate

from lifecycle import Limits


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """200 simulated samples."""
    path = tmp_path_factory.mktemp("soil")
    simulate(200, seed=5).write(path)
    return path


@pytest.fixture(scope="session")
def store(folder):
    return Store(folder, Limits(cpus=1, memory_bytes=1 << 30), query_seconds=10)


@pytest.fixture
def draining():
    return Draining()


@pytest.fixture
def client(store, draining):
    """The application, without a network."""
    app = build(store, draining, concurrent_searches=1, body_bytes=20_000)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@dataclass
class Service:
    """The real thing, listening on 127.0.0.1."""

    process: subprocess.Popen
    address: str

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self) -> tuple[int, list[dict], str]:
        """SIGTERM; gives the exit code, what it said, and its last words."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], err


@pytest.fixture
def serve(folder):
    """Start the service and wait until it is ready."""
    with services(folder) as start:
        yield start


@pytest.fixture(scope="session")
def service(folder):
    """One service for all tests that only ask."""
    with services(folder) as start:
        yield start()


@contextmanager
def services(folder):
    """A function that starts the service; what it started ends with the context."""
    started = []

    def start(*extra, data=folder, port=None) -> Service:
        port = port or free_port()
        command = [sys.executable, "-m", "data_api", "--data", data, "--host", "127.0.0.1", "--port", port, *extra]
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        started.append(process)
        service = Service(process, f"http://127.0.0.1:{port}")
        end = time.monotonic() + 30
        while process.poll() is None:
            assert time.monotonic() < end, "not ready within 30 seconds"
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        return service

    try:
        yield start
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
                process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
