"""Misconfigurations on the embedded cluster: all are made at once, and each is explained rightly."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from seeding import Seed
from seeds import SEEDS

from podzol.elasticity.api import Api
from podzol.local.cluster import Cluster
from podzol.why import Answer, answer, find, read, text

pytestmark = pytest.mark.cluster
DEADLINE_SECONDS = 60
PREFIX = "why-"


@pytest.fixture(scope="module")
def seeded(why_cluster: Cluster) -> Cluster:
    """The cluster with every misconfiguration in a namespace of its own, and what a kubelet would say of its pods."""
    kubectl = why_cluster.kubectl
    spaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PREFIX + each.name, "labels": each.labels}}
        for each in SEEDS
    ]
    kubectl.apply(yaml.safe_dump_all(spaces))
    objects = [
        {**it, "metadata": {**it["metadata"], "namespace": PREFIX + each.name}} for each in SEEDS for it in each.objects
    ]
    kubectl.apply(yaml.safe_dump_all(objects))
    asyncio.run(play_kubelet(why_cluster))
    ending = [PREFIX + each.name for each in SEEDS if each.end == "namespace"]
    kubectl.run("delete", "namespace", "--wait=false", *ending)
    return why_cluster


async def play_kubelet(cluster: Cluster) -> None:
    """Write what a kubelet would of the seeds' pods, once they are on a node."""
    api = Api(cluster.kubeconfig)
    deadline = time.monotonic() + DEADLINE_SECONDS
    try:
        left = {PREFIX + each.name: each for each in SEEDS if each.status}
        while left:
            assert time.monotonic() < deadline, f"no pod on a node in {sorted(left)}"
            for pod in (await api.get("api/v1/pods", fieldSelector="spec.nodeName!="))["items"]:
                if seed := left.pop(pod["metadata"]["namespace"], None):
                    await say(api, seed, pod)
    finally:
        await api.close()


async def say(api: Api, seed: Seed, pod: dict[str, Any]) -> None:
    """The status of one pod, and the events about it."""
    meta = pod["metadata"]
    place = f"api/v1/namespaces/{meta['namespace']}"
    assert seed.status
    accept(
        await api.client.patch(
            f"{place}/pods/{meta['name']}/status",
            json={"status": seed.status(pod)},
            headers={"Content-Type": "application/merge-patch+json"},
        )
    )
    about = {"apiVersion": "v1", "kind": "Pod", **{key: meta[key] for key in ("name", "namespace", "uid")}}
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for number, (reason, message) in enumerate(seed.events):
        event = {
            "metadata": {"name": f"{meta['name']}.{number}"},
            "involvedObject": about,
            "reason": reason,
            "message": message,
            "type": "Warning",
            "count": 3,
            "source": {"component": "kubelet"},
            "firstTimestamp": now,
            "lastTimestamp": now,
        }
        accept(await api.client.post(f"{place}/events", json=event))


def accept(said: httpx2.Response) -> None:
    assert said.is_success, said.text


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_misconfiguration_is_explained(seeded: Cluster, seed: Seed) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        evidence, place = read(seeded.kubeconfig, PREFIX + seed.name)
        found: Answer = answer(find(evidence, place, seed.asks))
        first = found.findings[0] if found.findings else None
        if first and first.cause == seed.cause and re.fullmatch(seed.reason, first.reason):
            break
        assert time.monotonic() < deadline, "\n".join(text(found))
    assert not found.runs
    assert seed.todo in first.todo


def test_a_user_of_one_namespace_gets_the_scheduler_s_own_words(seeded: Cluster, tmp_path: Path) -> None:
    namespace, kubectl = f"{PREFIX}too-big", seeded.kubectl
    kubectl.run("create", "serviceaccount", "dev", "-n", namespace)
    kubectl.run(
        "create", "rolebinding", "dev", "--clusterrole=view", f"--serviceaccount={namespace}:dev", "-n", namespace
    )
    config = yaml.safe_load(seeded.kubeconfig.read_text(encoding="utf-8"))
    config["users"][0]["user"] = {"token": kubectl.run("create", "token", "dev", "-n", namespace).strip()}
    config["contexts"][0]["context"]["namespace"] = namespace
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config), encoding="utf-8")
    evidence, place = read(tmp_path / "kubeconfig", None)
    found = answer(find(evidence, place, "deployment/web"))
    assert place == namespace
    assert found.findings[0].reason.startswith("the scheduler finds no node for it: 0/3 nodes are available: ")
    assert {"Node", "Secret", "PersistentVolume"} <= found.unseen.keys()
