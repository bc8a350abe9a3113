"""`podzol fit --kubeconfig`: a cluster that runs is asked for its nodes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import container, deployment, pod_spec

from podzol.local.cluster import Cluster

pytestmark = pytest.mark.cluster

POOL = {"podzol.dev/pool": "live-pool"}
TAINT = {"key": "live", "value": "only", "effect": "NoSchedule"}
"""Other tests' pods stay off."""


@pytest.fixture(scope="module")
def kubeconfig(bare_cluster: Cluster) -> str:
    """Of a cluster with a node of 2 CPU, half of it taken."""
    has = {"cpu": "2", "memory": "8Gi", "pods": "10"}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "live-1", "labels": POOL, "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "spec": {"taints": [TAINT]},
        "status": {"allocatable": has, "capacity": has},
    }
    bare_cluster.kubectl.create([node])
    bare_cluster.kubectl.run("wait", "--for=condition=Ready", "node/live-1", "--timeout=30s")
    spec = pod_spec(container("1", image="registry.k8s.io/pause:3.10"), nodeName="live-1")
    bare_cluster.kubectl.run("wait", "--for=create", "serviceaccount/default", "--timeout=30s")
    bare_cluster.kubectl.create([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "half"}, "spec": spec}])
    return str(bare_cluster.kubeconfig)


def fit(kubeconfig: str, cpu: str) -> tuple[int, dict[str, Any]]:
    """Exit code, and what is said of a Deployment for the node."""
    asked = deployment(pod_spec(container(cpu), nodeSelector=POOL, tolerations=[{"key": "live", "operator": "Exists"}]))
    done = subprocess.run(
        [Path(sys.executable).parent / "podzol", "fit", "-", "--kubeconfig", kubeconfig, "--json"],
        input=yaml.safe_dump(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    (report,) = json.loads(done.stdout)
    return done.returncode, report


def test_what_is_left_on_a_node_is_what_fits(kubeconfig: str) -> None:
    code, report = fit(kubeconfig, "1")
    assert (code, report["provider"], report["fits"]) == (0, "live", True)


def test_what_runs_already_is_told_as_the_reason(kubeconfig: str) -> None:
    code, report = fit(kubeconfig, "1100m")
    assert code == 1
    (pool,) = [each for each in report["workloads"][0]["pools"] if each["pool"] == "live-pool"]
    assert pool["reasons"] == ["asks for 1.1 CPU; node live-1 offers 2, its pods take 1"]


def test_a_cluster_that_does_not_answer_is_a_failure_in_a_line(tmp_path: Path) -> None:
    gone = tmp_path / "kubeconfig"
    cluster = {"name": "x", "cluster": {"server": "https://127.0.0.1:9"}}
    context = {"name": "x", "context": {"cluster": "x", "user": "x"}}
    config = {"kind": "Config", "clusters": [cluster], "contexts": [context], "current-context": "x"}
    gone.write_text(yaml.safe_dump(config | {"apiVersion": "v1", "users": [{"name": "x", "user": {}}]}))
    done = subprocess.run(
        [Path(sys.executable).parent / "podzol", "fit", "-", "--kubeconfig", str(gone)],
        input=yaml.safe_dump(deployment()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("podzol: kubectl get: ")
    assert done.stderr.count("\n") == 1
