"""What the embedded cluster plays: pods that run and end, volumes, metrics."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import yaml

from podzol.local.cluster import Cluster


def pod(name: str, annotations: dict[str, str], **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "annotations": annotations},
        "spec": {"containers": [{"name": "main", "image": "example.org/main:1"}], **spec},
    }


@pytest.fixture
def plain(new_namespace: Callable[[dict[str, str]], str]) -> str:
    """A namespace without a Pod Security level, for bare pods."""
    return new_namespace({})


def test_a_pod_that_ends_runs_for_its_simulated_duration(cluster: Cluster, plain: str) -> None:
    job = pod("job", {"podzol.dev/simulated-duration": "2s"}, restartPolicy="Never")
    cluster.kubectl.run("apply", "-n", plain, "-f", "-", stdin=yaml.safe_dump(job))
    cluster.kubectl.run("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/job", "-n", plain, "--timeout=30s")
    status = cluster.kubectl.get("pod", "job", "-n", plain)["status"]["containerStatuses"][0]["state"]["terminated"]
    took = datetime.fromisoformat(status["finishedAt"]) - datetime.fromisoformat(status["startedAt"])
    assert status["exitCode"] == 0
    assert 1 <= took.total_seconds() <= 10


def test_a_pod_is_ready_after_its_simulated_startup(cluster: Cluster, plain: str) -> None:
    server = pod("server", {"podzol.dev/simulated-startup": "2s"})
    cluster.kubectl.run("apply", "-n", plain, "-f", "-", stdin=yaml.safe_dump(server))
    cluster.kubectl.run("wait", "--for=condition=Ready", "pod/server", "-n", plain, "--timeout=30s")
    conditions = cluster.kubectl.get("pod", "server", "-n", plain)["status"]["conditions"]
    since = {each["type"]: datetime.fromisoformat(each["lastTransitionTime"]) for each in conditions}
    assert 1 <= (since["Ready"] - since["PodScheduled"]).total_seconds() <= 10


def test_a_claim_gets_a_volume_of_its_size_and_modes_and_loses_it_with_itself(cluster: Cluster, plain: str) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "3Gi"}}},
    }
    cluster.kubectl.run("apply", "-n", plain, "-f", "-", stdin=yaml.safe_dump(claim))
    cluster.kubectl.run("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/data", "-n", plain, "--timeout=30s")
    bound = cluster.kubectl.get("pvc", "data", "-n", plain)
    assert bound["status"]["capacity"] == {"storage": "3Gi"}
    volume = cluster.kubectl.get("pv", bound["spec"]["volumeName"])
    assert (volume["spec"]["accessModes"], volume["status"]["phase"]) == (["ReadWriteMany"], "Bound")
    cluster.kubectl.run("delete", "pvc", "data", "-n", plain)
    cluster.kubectl.run("wait", "--for=delete", f"pv/{volume['metadata']['name']}", "--timeout=30s")


def test_the_gpu_pool_takes_only_pods_that_tolerate_its_taint(cluster: Cluster, plain: str) -> None:
    selector = {"podzol.dev/pool": "gpu-pool"}
    tolerations = [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]
    refused, taken = pod("refused", {}, nodeSelector=selector), pod("taken", {}, nodeSelector=selector)
    taken["spec"]["tolerations"] = tolerations
    cluster.kubectl.run("apply", "-n", plain, "-f", "-", stdin=yaml.safe_dump_all([refused, taken]))
    cluster.kubectl.run("wait", "--for=condition=Ready", "pod/taken", "-n", plain, "--timeout=30s")
    cluster.kubectl.run("wait", "--for=condition=PodScheduled=False", "pod/refused", "-n", plain, "--timeout=30s")
    assert cluster.kubectl.get("pod", "taken", "-n", plain)["spec"]["nodeName"] == "gpu-pool-0"


def test_the_cpu_of_a_simulated_pod_reaches_the_metrics_api(cluster: Cluster, plain: str) -> None:
    busy = pod("busy", {"podzol.dev/simulated-cpu": "250m"})
    cluster.kubectl.run("apply", "-n", plain, "-f", "-", stdin=yaml.safe_dump(busy))
    cluster.kubectl.run("wait", "--for=create", "podmetrics.metrics.k8s.io/busy", "-n", plain, "--timeout=60s")
    usage = cluster.kubectl.get("podmetrics.metrics.k8s.io", "busy", "-n", plain)["containers"][0]["usage"]
    assert usage["cpu"].endswith("n")
    assert 240e6 < int(usage["cpu"][:-1]) < 260e6
