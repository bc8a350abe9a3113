"""Faults of an elastic cluster: what the real controllers make of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import yaml

from podzol.faults import UserError
from podzol.local.cluster import Cluster
from podzol.local.faults import capacity, machine, program, spot, zone
from podzol.local.faults.nodes import is_ready, is_there
from podzol.local.processes import ids_under
from podzol.local.waiting import wait

NAMESPACE = "faults"
SERVICE = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: faults}
spec:
  replicas: 3
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      nodeSelector: {podzol.dev/pool: cpu-pool}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: api}}
      containers: [{name: api, image: example.org/api:1, resources: {requests: {cpu: 2}}}]
"""
TRAIN = """
apiVersion: batch/v1
kind: Job
metadata: {name: train, namespace: faults}
spec:
  backoffLimit: 0
  podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}
  template:
    metadata:
      labels: {app: train}
      annotations: {podzol.dev/simulated-duration: 1h}
    spec:
      restartPolicy: Never
      nodeSelector: {podzol.dev/pool: cpu-pool}
      containers: [{name: train, image: example.org/train:1, resources: {requests: {cpu: 3}}}]
"""


@pytest.fixture(scope="module")
def work(elastic: Cluster) -> Iterator[Cluster]:
    """The cluster with three pods of a service, each on a node of its own, and a training run on a fourth."""
    elastic.kubectl.run("create", "namespace", NAMESPACE)
    elastic.kubectl.apply(f"{SERVICE}---{TRAIN}")
    wait(lambda: len(running(elastic, "api")) == 3 and len(running(elastic, "train")) == 1, "the work to run")
    yield elastic
    elastic.kubectl.run("delete", "namespace", NAMESPACE, "--wait=false")


def running(cluster: Cluster, app: str) -> list[dict[str, Any]]:
    """The pods of an app that run and are to stay."""
    pods = cluster.kubectl.items("pods", "-n", NAMESPACE, "-l", f"app={app}")
    return [pod for pod in pods if pod["status"]["phase"] == "Running" and "deletionTimestamp" not in pod["metadata"]]


def node_of(pod: dict[str, Any]) -> str:
    name: str = pod["spec"]["nodeName"]
    return name


def reasons(cluster: Cluster, about: str) -> list[str]:
    """Of the warnings about something."""
    events = cluster.kubectl.items("events", "--field-selector", f"involvedObject.name={about},type=Warning")
    return [event["reason"] for event in events]


def test_a_pool_without_capacity_gets_no_nodes_until_it_has_some_again(work: Cluster) -> None:
    capacity.withdraw(work, "cpu-pool")
    claims = work.kubectl.items("nodeclaims")
    more = yaml.safe_load(TRAIN)["spec"]["template"] | {"apiVersion": "v1", "kind": "Pod"}
    more["metadata"] |= {"name": "more", "namespace": NAMESPACE, "labels": {}}
    work.kubectl.apply(yaml.safe_dump(more))
    said = ["events", "-n", NAMESPACE, "--field-selector", "involvedObject.name=more,reportingComponent=karpenter"]
    wait(lambda: bool(work.kubectl.items(*said)), "Karpenter to say that it has no machine")
    assert len(work.kubectl.items("nodeclaims")) == len(claims)
    capacity.restore(work, "cpu-pool")
    work.kubectl.run("wait", "--for=condition=Ready", "pod/more", "-n", NAMESPACE, "--timeout=60s")
    # between them Karpenter's own word
    assert set(reasons(work, "cpu-pool")) == {"InsufficientCapacity", "NoCompatibleInstanceTypes", "CapacityRestored"}


def test_a_spot_machine_is_drained_and_a_machine_that_hangs_is_evicted_from(work: Cluster) -> None:
    taken = node_of(running(work, "train")[0])
    hung = node_of(next(pod for pod in running(work, "api") if "floor" not in node_of(pod)))
    with ThreadPoolExecutor() as both:
        faults = [both.submit(spot.reclaim, work, taken), both.submit(machine.fail, work, hung, gone=False)]
    for fault in faults:
        fault.result()
    assert not is_there(work, taken)
    assert "SpotInterrupted" in reasons(work, taken)
    wait(lambda: len(running(work, "train")) == 1, "the training run to go on")
    job = work.kubectl.get("job", "train", "-n", NAMESPACE)
    assert job["status"].get("failed", 0) == 0  # backoffLimit is 0: it isn't charged for what it lost

    assert not is_ready(work, hung)
    wait(lambda: hung not in map(node_of, running(work, "api")), "its pods to be evicted")
    wait(lambda: len(running(work, "api")) == 3, "the service to be whole again")
    machine.mend(work, hung)
    assert is_ready(work, hung)


def test_a_lost_zone_is_made_up_for_in_the_others(work: Cluster) -> None:
    floor = next(each for each in work.kubectl.items("nodes") if "floor" in each["metadata"]["name"])
    lost = floor["metadata"]["labels"]["topology.kubernetes.io/zone"]
    assert floor["metadata"]["name"] in zone.lose(work, lost)
    (new,) = [each["metadata"] for each in work.kubectl.items("nodes") if "floor" in each["metadata"]["name"]]
    assert new["name"] != floor["metadata"]["name"]
    assert new["labels"]["topology.kubernetes.io/zone"] != lost
    assert lost not in {
        each["metadata"]["labels"].get("topology.kubernetes.io/zone") for each in work.kubectl.items("nodes")
    }
    zone.restore(work, lost)


def test_a_program_that_is_killed_is_started_again(work: Cluster) -> None:
    before = ids_under(work.folder)
    program.restart(work, "kube-apiserver")
    after = ids_under(work.folder)
    assert {name for name in after if after[name] != before[name]} == {"kube-apiserver"}
    assert reasons(work, "kube-apiserver") == ["Restarted"]


def test_a_fault_of_what_is_not_there_is_refused(work: Cluster) -> None:
    faults = [
        lambda: capacity.withdraw(work, "tpu-pool"),
        lambda: zone.lose(work, "mars"),
        lambda: program.restart(work, "init"),
    ]
    refused = []
    for fault in faults:
        with pytest.raises(UserError) as error:
            fault()
        refused.append(str(error.value))
    assert refused == [
        'WHAT: must be a pool, a machine type or a zone, got "tpu-pool"; take one of cpu-pool, g6.2xlarge, gpu-pool, '
        "m6a.xlarge, m6i.xlarge, m7a.xlarge, m7i.xlarge, us-east-1a, us-east-1b, us-east-1c",
        'ZONE: must be a zone of the cluster\'s pools, got "mars"; take one of us-east-1a, us-east-1b, us-east-1c',
        'PROGRAM: must be a program of the cluster, got "init"; take one of etcd, karpenter, kube-apiserver, '
        "kube-controller-manager, kube-scheduler, kwok-controller, metrics-server",
    ]
