"""What the embedded cluster plays: pods that run and end, volumes, metrics."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import yaml

from podzol.faults import Failure
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


PODS = yaml.safe_load("""
- name: probed
  annotations: {podzol.dev/simulated-startup: 2s}
  readiness: {initialDelaySeconds: 1, periodSeconds: 2, tcpSocket: {port: 80}}
- {name: failed, restart: Never, annotations: {podzol.dev/simulated-exit-code: "42"}}
- {name: too-big, restart: Never, annotations: {podzol.dev/simulated-memory: 1.5Gi}, limits: {memory: 1Gi}}
- {name: big-enough, restart: Never, annotations: {podzol.dev/simulated-memory: 1.5Gi}, limits: {memory: 2Gi}}
- {name: crashing, annotations: {podzol.dev/simulated-exit-code: "1"}}
- {name: retried, restart: OnFailure, annotations: {podzol.dev/simulated-exit-code: "1"}}
- {name: stopped, restart: Never, annotations: &long {podzol.dev/simulated-duration: 1h}, shutdown: 2s}
- {name: deaf, restart: Never, annotations: *long, shutdown: 1h, grace: 2}
""")


@pytest.fixture(scope="module")
def played(cluster: Cluster) -> Iterator[str]:
    """A namespace where each of the pods has come to what it comes to."""
    cluster.kubectl.run("create", "namespace", "played")
    for each in PODS:
        container = {"name": "main", "image": "example.org/main:1", "resources": {"limits": each.get("limits", {})}}
        probes = {"readinessProbe": each["readiness"]} if "readiness" in each else {}
        spec = {
            "containers": [container | probes],
            "restartPolicy": each.get("restart", "Always"),
            "terminationGracePeriodSeconds": each.get("grace", 30),
        }
        meta = {"name": each["name"], "namespace": "played", "annotations": each["annotations"]}
        if "shutdown" in each:
            meta["annotations"] = meta["annotations"] | {"podzol.dev/simulated-shutdown": each["shutdown"]}
            meta["finalizers"] = ["podzol.dev/test"]  # the API keeps it, so that one can see how it ended
        cluster.kubectl.apply(yaml.safe_dump({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}))
    for name, reached in {
        "probed": "condition=Ready",
        "failed": "jsonpath={.status.phase}=Failed",
        "too-big": "jsonpath={.status.phase}=Failed",
        "big-enough": "jsonpath={.status.phase}=Succeeded",
        "crashing": "jsonpath={.status.containerStatuses[0].restartCount}=1",
        "retried": "jsonpath={.status.containerStatuses[0].restartCount}=1",
        "stopped": "jsonpath={.status.phase}=Running",
        "deaf": "jsonpath={.status.phase}=Running",
    }.items():
        cluster.kubectl.run("wait", f"--for={reached}", f"pod/{name}", "-n", "played", "--timeout=30s")
    cluster.kubectl.run("delete", "pod", "stopped", "deaf", "-n", "played", "--wait=false")
    for name in ("stopped", "deaf"):
        failed = "--for=jsonpath={.status.phase}=Failed"
        cluster.kubectl.run("wait", failed, f"pod/{name}", "-n", "played", "--timeout=30s")
    yield "played"
    for name in ("stopped", "deaf"):
        cluster.kubectl.run("patch", "pod", name, "-n", "played", "-p", '{"metadata":{"finalizers":null}}')
    cluster.kubectl.run("delete", "namespace", "played", "--wait=false")


def test_annotations_that_can_not_be_read_are_refused(cluster: Cluster, plain: str) -> None:
    duration, code = (
        "must be a duration such as 500ms or 1m30s",
        "must be an exit code, or one for each index as in 0,7,0",
    )
    quantity = "must be a quantity such as 250m or 1.5Gi"
    told = {
        ("startup", "90 s"): f'{duration}, got "90 s"',
        ("exit-code", "1;2"): f'{code}, got "1;2"',
        ("memory", "1GB"): f'{quantity}, got "1GB"',
        ("durations", "1s"): "must be one of the annotations of docs/local-cluster.md; correct its name",
    }
    for (name, value), message in told.items():
        wrong = yaml.safe_dump(pod("wrong", {f"podzol.dev/simulated-{name}": value}))
        with pytest.raises(Failure) as refused:
            cluster.kubectl.run("create", "--dry-run=server", "-n", plain, "-f", "-", stdin=wrong)
        assert str(refused.value).endswith(f"denied request: podzol.dev/simulated-{name}: {message}")


def container_of(cluster: Cluster, name: str, namespace: str) -> dict[str, Any]:
    """What became of the pod's container."""
    status: dict[str, Any] = cluster.kubectl.get("pod", name, "-n", namespace)["status"]["containerStatuses"][0]
    return status


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("failed", 42, "Error"),
        ("too-big", 137, "OOMKilled"),
        ("big-enough", 0, "Completed"),
        ("stopped", 143, "Error"),
        ("deaf", 137, "Error"),
    ],
)
def test_a_program_ends_as_its_pod_says(name: str, code: int, reason: str, cluster: Cluster, played: str) -> None:
    ended = container_of(cluster, name, played)["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (code, reason)


@pytest.mark.parametrize("name", ["crashing", "retried"])
def test_a_program_that_is_to_run_is_started_again(name: str, cluster: Cluster, played: str) -> None:
    container = container_of(cluster, name, played)
    assert container["lastState"]["terminated"]["exitCode"] == 1
    assert container["restartCount"] >= 1


def test_a_pod_is_ready_when_a_probe_has_seen_it(cluster: Cluster, played: str) -> None:
    conditions = cluster.kubectl.get("pod", "probed", "-n", played)["status"]["conditions"]
    since = {each["type"]: datetime.fromisoformat(each["lastTransitionTime"]) for each in conditions}
    assert 2 <= (since["Ready"] - since["Initialized"]).total_seconds() <= 10  # up after 2 s, asked after 1, 3, 5 s


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
