"""A cluster with the pools of a spec: the real Karpenter makes nodes, which join as on a cloud."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from podzol.clusters import load_spec
from podzol.clusters.local.pace import Pace
from podzol.faults import UserError
from podzol.local.cluster import Cluster
from podzol.local.karpenter import Elastic
from podzol.local.lifecycle import up
from podzol.local.processes import ids_under
from podzol.local.status import summary
from podzol.local.steps import Steps
from podzol.local.waiting import wait

PODZOL = [sys.executable, "-c", "from podzol.cli import main; main()"]
GPU = "nvidia.com/gpu"
TRAIN = yaml.safe_load("""
apiVersion: batch/v1
kind: Job
metadata: {name: train, namespace: elastic}
spec:
  template:
    spec:
      restartPolicy: Never
      nodeSelector: {podzol.dev/pool: gpu-pool}
      tolerations: [{key: nvidia.com/gpu, operator: Exists}]
      containers:
        - {name: train, image: example.org/train:1, resources: {limits: {nvidia.com/gpu: 1}}}
""")


@pytest.fixture(scope="module")
def namespace(elastic: Cluster) -> Iterator[str]:
    """A namespace of the module's own."""
    elastic.kubectl.run("create", "namespace", "elastic")
    yield "elastic"
    elastic.kubectl.run("delete", "namespace", "elastic", "--wait=false")


@pytest.fixture(scope="module")
def trained(elastic: Cluster, namespace: str) -> dict[str, Any]:
    """The node that Karpenter made for a Job that asks for a GPU, when the Job has completed."""
    elastic.kubectl.apply(yaml.safe_dump(TRAIN))
    elastic.kubectl.run("wait", "--for=condition=Complete", "job/train", "-n", namespace, "--timeout=90s")
    (pod,) = elastic.kubectl.items("pods", "-n", namespace, "-l", "job-name=train")
    return elastic.kubectl.get("node", pod["spec"]["nodeName"])


def test_the_status_shows_the_pools_of_the_spec(elastic: Cluster) -> None:
    known = summary(elastic)
    assert (known["state"], known["spec"]) == ("running", "soil")
    assert [(pool["name"], pool["min"], pool["max"]) for pool in known["pools"]] == [
        ("cpu-pool", 1, 6),
        ("gpu-pool", 0, 4),
    ]
    assert known["pools"][0]["nodes"] >= 1


def test_a_job_gets_a_node_of_the_pool_that_it_names(trained: dict[str, Any]) -> None:
    labels = trained["metadata"]["labels"]
    assert (labels["podzol.dev/pool"], labels["node.kubernetes.io/instance-type"]) == ("gpu-pool", "g6.2xlarge")
    assert trained["status"]["allocatable"][GPU] == "1"
    assert [taint["key"] for taint in trained["spec"]["taints"]] == [GPU]


def test_a_node_is_ready_before_its_gpus_are_there(elastic: Cluster, trained: dict[str, Any], namespace: str) -> None:
    (ready,) = [each for each in trained["status"]["conditions"] if each["type"] == "Ready"]
    (pod,) = elastic.kubectl.items("pods", "-n", namespace, "-l", "job-name=train")
    assert trained["metadata"]["creationTimestamp"] < ready["lastTransitionTime"]  # simulated-ready is 1 s
    assert ready["lastTransitionTime"] <= pod["status"]["startTime"]


def test_an_up_starts_karpenter_again_when_it_died_and_the_api_server_with_it(elastic: Cluster) -> None:
    dead = [ids_under(elastic.folder)[name] for name in ("karpenter", "kube-apiserver")]
    for process in dead:
        os.kill(process, signal.SIGKILL)
    wait(lambda: not set(dead) & set(ids_under(elastic.folder).values()), "both to end")
    assert not up(elastic, Elastic(load_spec("soil"), Pace(fast=True)), Steps(quiet=True))
    assert elastic.state == "running"


def test_a_running_cluster_does_not_take_another_spec(elastic: Cluster) -> None:
    with pytest.raises(UserError) as error:
        up(elastic, Elastic(load_spec("soil")), Steps(quiet=True))
    first = f"`podzol local down --name {elastic.name}` first"
    assert str(error.value) == f'--spec: must be that of the running cluster, and as fast, got "soil"; {first}'


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (
            ["--spec", "soil", "--nodes", "2"],
            "podzol: --nodes: must not go with --spec, whose pools have a min and a max; leave one of them out",
        ),
        (["--fast"], "podzol: --fast: must go with --spec; name a spec, such as --spec soil"),
        (["--node-join", "5"], "podzol: --node-join: must go with --spec; name a spec, such as --spec soil"),
        (["--spec", "soyl"], 'podzol: SPEC: must be a bundled spec or a file, got "soyl"; did you mean soil'),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], refusal: str) -> None:
    refused = subprocess.run([*PODZOL, "local", "up", *options], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr.splitlines()) == (2, [refusal])
