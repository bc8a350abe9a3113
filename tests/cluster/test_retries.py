"""Retries that know why, with the real Job controller: the supervisor's own program runs here with its own token."""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from podzol.local.cluster import Cluster
from podzol.local.helm import Helm, Release

CHARTS = Path(__file__).parents[2] / "charts"
NEVER_ENDS = {"podAnnotations": {"podzol.dev/simulated-duration": "1h"}, "suspend": True}
"""Pods end when a test says so; the run's own Job is suspended, as its program runs here instead of in a pod."""

DEADLINE_SECONDS = 60
OUT_OF_MEMORY = {"exitCode": 137, "reason": "OOMKilled"}
KILLED = {"exitCode": 137, "reason": "Error"}
DONE = {"exitCode": 0, "reason": "Completed"}


@dataclass
class Run:
    """A supervised run on the cluster, and the program that supervises it."""

    cluster: Cluster
    namespace: str
    name: str
    environment: dict[str, str]
    program: Path
    process: subprocess.Popen[str]

    def restart(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = start(self.program, self.environment)

    def pod_of(self, number: int, *but: str) -> dict[str, Any]:
        """The running pod of an attempt, other than those named."""
        label = f"batch.kubernetes.io/job-name={self.name}-{number}"
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            pods = self.cluster.kubectl.items("pods", "-n", self.namespace, "-l", label)
            running = [pod for pod in pods if pod["status"]["phase"] == "Running"]
            if found := [pod for pod in running if pod["metadata"]["name"] not in but]:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"attempt {number} has no running pod")

    def end(self, pod: dict[str, Any], terminated: dict[str, Any], *, disrupted: bool = False) -> str:
        """Play the kubelet: the pod ends so. Gives the pod's name."""
        name = pod["metadata"]["name"]
        conditions = [each for each in pod["status"]["conditions"] if each["type"] == "PodScheduled"]
        if disrupted:
            conditions.append({"type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler"})
        container = {"name": "main", "image": "busybox", "imageID": "", "ready": False, "restartCount": 0}
        status = {
            "phase": "Succeeded" if terminated == DONE else "Failed",
            "conditions": conditions,
            "containerStatuses": [{**container, "state": {"terminated": terminated}}],
        }
        patch = json.dumps({"status": status})
        self.kubectl("patch", "pod", name, "--subresource=status", "--type=merge", "-p", patch)
        return str(name)

    def job(self, number: int) -> dict[str, Any]:
        return self.cluster.kubectl.get("job", f"{self.name}-{number}", "-n", self.namespace)

    def memory(self, number: int) -> str:
        resources = self.job(number)["spec"]["template"]["spec"]["containers"][0]["resources"]
        assert resources["requests"]["memory"] == resources["limits"]["memory"]
        return str(resources["limits"]["memory"])

    def kubectl(self, *arguments: str) -> str:
        return self.cluster.kubectl.run(*arguments, "-n", self.namespace)

    def rights(self, account: str) -> set[tuple[str, str]]:
        """What a service account may do: the kind, and the names, if not all, with the verbs."""
        who = f"--as=system:serviceaccount:{self.namespace}:{account}"
        lines = self.kubectl("auth", "can-i", "--list", "--no-headers", who).splitlines()
        split = [line.split(maxsplit=1) for line in lines]
        return {(kind, " ".join(rest.split()).replace("[] ", "")) for kind, rest in split}

    def said(self) -> tuple[int, list[str]]:
        """The program's exit code and its lines, without names."""
        out, _ = self.process.communicate(timeout=30)
        lines = [line.removeprefix("supervisor: ").replace(f"{self.name}-", "#") for line in out.splitlines()]
        return self.process.returncode, lines


@pytest.fixture
def begin(
    cluster: Cluster, helm_of: Helm, namespace: str, values_file: Callable[[dict[str, Any]], Path], tmp_path: Path
) -> Iterator[Callable[[dict[str, Any]], Run]]:
    """Installs a supervised run and starts its program, with the token and the rights that the Helm chart gives it."""
    begun = []

    def install(values: dict[str, Any], chart: str = "cpu-batch-job") -> Run:
        release = Release("run", namespace, CHARTS / chart, values_file(NEVER_ENDS | values))
        helm_of.run("install", "run", str(release.chart), "--namespace", namespace, *release.values_arguments)
        objects = helm_of.objects(release)
        (job,) = (each for each in objects if each["kind"] == "Job")
        (program,) = (each for each in objects if each["kind"] == "ConfigMap")
        container = job["spec"]["template"]["spec"]["containers"][0]
        path = tmp_path / Path(container["command"][-1]).name
        path.write_text(program["data"][path.name])
        kubeconfig = yaml.safe_load(cluster.kubeconfig.read_text())["clusters"][0]["cluster"]
        address = urlsplit(kubeconfig["server"])
        account = job["spec"]["template"]["spec"]["serviceAccountName"]
        token = cluster.kubectl.run("create", "token", account, "-n", namespace)
        (tmp_path / "token").write_text(token)
        (tmp_path / "namespace").write_text(namespace)
        (tmp_path / "ca.crt").write_bytes(base64.b64decode(kubeconfig["certificate-authority-data"]))
        name = job["metadata"]["name"]
        environment = {
            **{each["name"]: each.get("value", name) for each in container["env"]},
            "KUBERNETES_SERVICE_HOST": str(address.hostname),
            "KUBERNETES_SERVICE_PORT": str(address.port),
            "SERVICE_ACCOUNT": str(tmp_path),
            "POLL_SECONDS": "0.2",
            "PATH": os.environ["PATH"],
        }
        begun.append(Run(cluster, namespace, name, environment, path, start(path, environment)))
        return begun[-1]

    yield install
    for run in begun:
        run.process.kill()
        run.process.wait()


def start(program: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-B", str(program)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_climbs_the_ladder_when_killed_for_memory_and_for_nothing_else(begin: Any) -> None:
    run = begin({"memoryLadder": ["1Gi", "2Gi"], "backoffLimit": 1})
    lost = run.end(run.pod_of(1), KILLED, disrupted=True)
    run.end(run.pod_of(1, lost), OUT_OF_MEMORY)
    second = run.pod_of(2)
    run.restart()
    run.end(second, KILLED)
    run.end(run.pod_of(3), OUT_OF_MEMORY)
    code, lines = run.said()
    assert code == 42
    assert lines[0] == "job #3 made: killed, but not seen to be for its memory"
    assert lines[1].startswith("job #3 has failed for good, out of memory: PodFailurePolicy: Container main for pod ")
    assert [run.memory(number) for number in (1, 2, 3)] == ["1Gi", "2Gi", "2Gi"]
    assert run.job(3)["metadata"]["ownerReferences"][0]["name"] == run.name


def test_ranks_climb_the_ladder_together(begin: Any) -> None:
    distributed = {"enabled": True, "nodes": 2}
    resources = {"requests": {"cpu": "100m"}}
    values = {"memoryLadder": ["1Gi", "2Gi"], "distributed": distributed, "resources": resources}
    run = begin(values, "gpu-batch-job")
    run.end(run.pod_of(1), OUT_OF_MEMORY)
    first = run.pod_of(2)
    second = run.pod_of(2, first["metadata"]["name"])
    assert {pod["spec"]["subdomain"] for pod in (first, second)} == {"run-gpu-batch-job-ranks"}
    run.end(first, DONE)
    run.end(second, DONE)
    assert run.said() == (
        0,
        ["job #1 made: first attempt", "job #2 made: out of memory with 1Gi, now 2Gi", "job #2 is complete"],
    )
    assert [(run.memory(number), run.job(number)["spec"]["parallelism"]) for number in (1, 2)] == [
        ("1Gi", 2),
        ("2Gi", 2),
    ]


def test_leaves_spot_machines_after_so_many_interruptions(begin: Any) -> None:
    run = begin(
        {
            "capacity": "spot-then-on-demand",
            "supervisor": {"interruptionLimit": 2, "onDemandPool": "gpu-pool"},
            "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
        }
    )
    for number in (1, 2):
        run.end(run.pod_of(number), KILLED, disrupted=True)
    run.end(run.pod_of(3), DONE)
    assert run.said() == (
        0,
        [
            "job #1 made: first attempt",
            "job #2 made: lost its machine, 1 of 2 times; now spot",
            "job #3 made: lost its machine, 2 of 2 times; now on-demand",
            "job #3 is complete",
        ],
    )
    specs = [run.job(number)["spec"] for number in (2, 3)]
    assert [spec["template"]["spec"]["nodeSelector"] for spec in specs] == [
        {"podzol.dev/pool": "cpu-pool", "podzol.dev/capacity-type": "spot"},
        {"podzol.dev/pool": "gpu-pool", "podzol.dev/capacity-type": "on-demand"},
    ]
    assert [spec["podFailurePolicy"]["rules"][0]["action"] for spec in specs] == ["FailJob", "Ignore"]
    assert run.rights("run-cpu-batch-job-supervisor") - run.rights("default") == {
        ("jobs.batch", "[get create]"),
        ("cronjobs.batch", f"[{run.name}] [get]"),
        ("pods", "[get]"),
    }
