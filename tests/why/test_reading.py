"""A cluster is read with the reader's own rights, once, and no secret with it but Helm's own."""

import base64
import gzip
import json
from typing import Any

import httpx2
import pytest

from podzol.why import reading

RELEASE = {
    "name": "train",
    "version": 3,
    "chart": {
        "metadata": {
            "name": "soil-platform",
            "home": "https://podzol.dev",
            "dependencies": [{"name": "gpu-batch-job", "alias": "training"}],
        }
    },
    "info": {"status": "failed", "description": "timed out", "last_deployed": "2026-11-23T12:00:00Z"},
}


def secret(name: str, release: dict[str, Any]) -> dict[str, Any]:
    data = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release).encode()))).decode()
    return {"metadata": {"name": name, "namespace": "soil"}, "data": {"release": data}}


class Server:
    """Answers lists with what it has, and keeps what was asked."""

    def __init__(self, lists: dict[str, Any], things: dict[str, Any]) -> None:
        self.lists, self.things = lists, things
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        path = request.url.path.strip("/")
        if path == "version":
            return httpx2.Response(200, json={"gitVersion": "v1.37.2"})
        if path in self.things:
            return httpx2.Response(200, json=self.things[path])
        found = self.lists.get(path, [])
        if isinstance(found, int):
            status = {
                "kind": "Status",
                "code": found,
                "message": f"{path} is forbidden" if found == 403 else "not found",
            }
            return httpx2.Response(found, json=status)
        return httpx2.Response(200, json={"metadata": {}, "items": found})


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A cluster with these lists, and things by path."""

    def start(lists: dict[str, Any], things: dict[str, Any] | None = None) -> Server:
        server = Server(lists, things or {})

        def make(self: Any, kubeconfig: Any, context: Any) -> None:
            self.namespace = "soil"
            self.client = httpx2.AsyncClient(transport=httpx2.MockTransport(server), base_url="http://cluster")

        monkeypatch.setattr(reading.Api, "__init__", make)
        return server

    return start


def test_what_may_not_be_read_is_noted(serve: Any) -> None:
    serve({"api/v1/nodes": 403, "apis/karpenter.sh/v1/nodepools": 404})
    evidence, namespace = reading.read(None, None)
    assert namespace == "soil"
    assert evidence.unseen == {"Node": "api/v1/nodes is forbidden", "NodePool": "not found"}
    assert not evidence.knows("Node")
    assert evidence.knows("Pod")


def test_pods_of_all_namespaces_are_read_only_when_one_waits_for_a_node(serve: Any) -> None:
    waiting = {"metadata": {"name": "a", "namespace": "soil"}, "spec": {}, "status": {"phase": "Pending"}}
    running = {
        "metadata": {"name": "b", "namespace": "other"},
        "spec": {"nodeName": "n"},
        "status": {"phase": "Running"},
    }
    server = serve({"api/v1/namespaces/soil/pods": [], "api/v1/pods": [running]})
    assert reading.read(None, None)[0].all("Pod") == []
    server.lists["api/v1/namespaces/soil/pods"] = [waiting]
    assert [it["metadata"]["name"] for it in reading.read(None, None)[0].all("Pod")] == ["a", "b"]


def test_of_secrets_only_the_names_are_read_but_for_the_newest_revision_of_helm(serve: Any) -> None:
    names = ["sh.helm.release.v1.train.v2", "sh.helm.release.v1.train.v3", "password"]
    listed = [{"metadata": {"name": name, "namespace": "soil"}} for name in names]
    place = "api/v1/namespaces/soil/secrets"
    server = serve({place: listed}, {f"{place}/{names[1]}": secret(names[1], RELEASE)})
    evidence, _ = reading.read(None, None)
    assert [request.url.path for request in server.asked if f"{place}/" in request.url.path] == [f"/{place}/{names[1]}"]
    (lists,) = [request for request in server.asked if request.url.path == f"/{place}"]
    assert lists.headers["Accept"].startswith("application/json;as=PartialObjectMetadataList")
    release = evidence.find("HelmRelease", "soil", "train")
    assert release == {
        "kind": "HelmRelease",
        "metadata": {"name": "train", "namespace": "soil"},
        "spec": {"chart": "soil-platform", "home": "https://podzol.dev", "aliases": ["training"], "revision": 3},
        "status": {"status": "failed", "description": "timed out", "since": "2026-11-23T12:00:00Z"},
    }


def test_without_the_right_to_read_the_release_its_labels_say_its_status(serve: Any) -> None:
    labels = {"name": "train", "status": "pending-upgrade"}
    listed = [{"metadata": {"name": "sh.helm.release.v1.train.v1", "namespace": "soil", "labels": labels}}]
    place = "api/v1/namespaces/soil/secrets"
    serve({place: listed, f"{place}/sh.helm.release.v1.train.v1": 403})
    evidence, _ = reading.read(None, None)
    release = evidence.find("HelmRelease", "soil", "train")
    assert release is not None
    assert release["status"] == {"status": "pending-upgrade"}
