"""Measures the embedded cluster: `python -m benchmarks.cluster`, on a machine that does nothing else.

How long it takes to start, cold and warm; how big it may become and still answer; many Helm releases in a row; what the
recorder costs. Writes benchmarks/cluster-results.json by name and the table of the page. Exit code 1: a target
is missed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from benchmarks.figures import Figure, add, table
from benchmarks.processes import cpu_seconds, memory_mib
from benchmarks.requests import Requests

from podzol.local.cluster import Cluster
from podzol.local.helm import Helm, Release
from podzol.local.lifecycle import down, up
from podzol.local.nodes import CPU_POOL, DEFAULT_POOLS, Pool
from podzol.local.steps import Steps

HERE = Path(__file__).parent
PODZOL = str(Path(sys.executable).parent / "podzol")
CHART = HERE.parent / "charts" / "cpu-autoscaled-service"
REPLICAS = 200
"""Of each Deployment: a controller that makes thousands for one would be measured, not the cluster."""
WAIT_SECONDS = 3600.0
TOO_BIG = 10**6
"""Number of the Deployment whose pod no node takes."""
WARM_TARGET_SECONDS = 20.0
"""kind, k3d and minikube say 20 to 60 s of themselves on a bigger machine: docs/benchmarks.md has the sources."""
P99_TARGET_MILLISECONDS = 1000.0
"""Kubernetes' own promise of a cluster that answers.
Source: https://github.com/kubernetes/community/blob/main/sig-scalability/slos/api_call_latency.md (2026-11-23)."""


def main() -> int:
    """Measure what is asked for; without a word, all but the cold start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=[[], *PARTS], help="one or several of the measurements")
    parser.add_argument("--nodes", type=int, default=2000)
    parser.add_argument("--pods", type=int, default=20000)
    parser.add_argument("--releases", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5, help="of the warm start")
    asked = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory(prefix="podzol-bench-") as state:
        os.environ["PODZOL_STATE"] = state
        for name in asked.what or [name for name in PARTS if name != "cold"]:
            for figure in PARTS[name](asked):
                print(table([figure]).splitlines()[-1], flush=True)
                figures.append(figure)
                add(figure, HERE / "cluster-results.json", "cluster")
    return 0 if all(figure.held for figure in figures) else 1


def cold(_: argparse.Namespace) -> Iterator[Figure]:
    """From nothing: every program built from its modules' sources, which are on the disk."""
    with tempfile.TemporaryDirectory() as empty:
        caches = {"XDG_CACHE_HOME": f"{empty}/cache", "GOCACHE": f"{empty}/go"}
        seconds = timed(lambda: podzol("toolchain", "install", "cluster", **caches))
        seconds += timed(lambda: podzol("local", "up", "--name", "cold", **caches))
        podzol("local", "down", "--name", "cold", **caches)
    yield Figure("local_up_cold", "`podzol local up` with its programs built first", round(seconds, 1), "seconds")


def warm(asked: argparse.Namespace) -> Iterator[Figure]:
    """With the programs built: from the command to nodes that take pods."""
    seconds = []
    for _ in range(asked.rounds):
        seconds.append(timed(lambda: podzol("local", "up", "--name", "warm")))
        podzol("local", "down", "--name", "warm")
    value, what = round(statistics.median(seconds), 1), "`podzol local up`, three nodes Ready"
    yield Figure("local_up_warm", what, value, "seconds", WARM_TARGET_SECONDS)


def large(asked: argparse.Namespace) -> Iterator[Figure]:
    """A big cluster: until its nodes and pods are there, and how it answers meanwhile and afterwards."""
    pool = Pool(CPU_POOL, count=asked.nodes, cpu=32, memory_gib=128)
    cluster = Cluster("large")
    size = f"{asked.nodes:,} nodes"
    started = timed(lambda: up(cluster, (pool,), Steps(quiet=True)))
    yield Figure("large_nodes_ready", f"{size}: from nothing to Ready", round(started, 1), "seconds")
    try:
        requests = Requests(cluster)
        ready = timed(lambda: run_pods(cluster, asked.pods))
        size = f"{size}, {asked.pods:,} pods"
        yield Figure("large_pods_ready", f"{size}: from their Deployments to Ready", round(ready, 1), "seconds")
        p99 = requests.p99_milliseconds()
        what = f"{size}: 99 % of the API server's answers while the pods come, watches left out"
        yield Figure("large_api_p99_filling", what, round(p99), "milliseconds", P99_TARGET_MILLISECONDS)
        requests = Requests(cluster)
        slowest = requests.read_all()
        what = f"{size}: 99 % of the API server's answers at rest"
        yield Figure(
            "large_api_p99_rest", what, round(requests.p99_milliseconds()), "milliseconds", P99_TARGET_MILLISECONDS
        )
        yield Figure("large_list_all", f"{size}: every pod listed, page by page", round(slowest, 2), "seconds")
        yield Figure(
            "large_why", f"{size}: `podzol why` of a pod that finds no node", round(ask_why(cluster), 1), "seconds"
        )
        for name, mib in memory_mib(cluster.folder).items():
            yield Figure(f"large_memory_{name}", f"{size}: memory of {name}", round(mib), "MiB")
    finally:
        down(cluster, Steps(quiet=True))


def releases(asked: argparse.Namespace) -> Iterator[Figure]:
    """Helm releases in a row, each waited for."""
    with running("releases", DEFAULT_POOLS) as cluster:
        helm = Helm(cluster)
        seconds = []
        for number in range(asked.releases):
            release = Release(f"api-{number}", f"team-{number % 10}", CHART)
            seconds.append(timed(lambda release=release: helm.install(release, "--create-namespace")))
    tenth = max(1, asked.releases // 10)
    count = f"{asked.releases} Helm releases in a row"
    yield Figure("releases_all", f"{count}: all installed and ready", round(sum(seconds), 1), "seconds")
    for name, some in (("first", seconds[:tenth]), ("last", seconds[-tenth:])):
        value = round(statistics.median(some), 2)
        yield Figure(f"releases_{name}", f"{count}: one of the {name} {tenth}", value, "seconds")


def recorder(asked: argparse.Namespace) -> Iterator[Figure]:
    """What the recorder takes while 1,000 pods come and go, beside the same without it."""
    pods = min(asked.pods, 1000)
    with running("recorder", (Pool(CPU_POOL, count=20, cpu=64, memory_gib=256),)) as cluster:
        without = timed(lambda: (run_pods(cluster, pods), remove_pods(cluster)))
        out = cluster.folder / "recording"
        command = [PODZOL, "record", "--out", str(out), "--kubeconfig", str(cluster.kubeconfig)]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        with_it = timed(lambda: (run_pods(cluster, pods), remove_pods(cluster)))
        used = cpu_seconds(process.pid)
        process.terminate()
        process.wait()
        lines = (out / "records.jsonl").read_bytes().count(b"\n")
    what = f"the recorder, {pods:,} pods come and go"
    yield Figure("recorder_cpu", f"{what}: its CPU time", round(used, 2), "seconds")
    yield Figure("recorder_cpu_record", f"{what}: its CPU time a record", round(1000 * used / lines, 3), "milliseconds")
    yield Figure(
        "recorder_slows", f"{what}: the time it takes, against without it", round(with_it / without, 2), "ratio", 1.2
    )


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "cold": cold,
    "warm": warm,
    "large": large,
    "releases": releases,
    "recorder": recorder,
}


def podzol(*arguments: str, **variables: str) -> None:
    subprocess.run([PODZOL, *arguments], check=True, capture_output=True, env=os.environ | variables)


def timed(call: Callable[[], object]) -> float:
    """Wall-clock seconds of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


@contextmanager
def running(name: str, pools: tuple[Pool, ...]) -> Iterator[Cluster]:
    """A cluster for a measurement."""
    cluster = Cluster(name)
    up(cluster, pools, Steps(quiet=True))
    try:
        yield cluster
    finally:
        down(cluster, Steps(quiet=True))


def run_pods(cluster: Cluster, count: int) -> None:
    """Make Deployments with so many pods, and wait until all are Ready."""
    deployments = [deployment(number, min(REPLICAS, count - number)) for number in range(0, count, REPLICAS)]
    cluster.kubectl.apply(yaml.safe_dump_all(deployments))
    until(lambda: sum(ready_replicas(cluster)) >= count)


def ask_why(cluster: Cluster) -> float:
    """Seconds of `podzol why` about a pod that is too big for every node, so that all nodes and pods are looked at."""
    cluster.kubectl.apply(yaml.safe_dump(deployment(TOO_BIG, 1, cpu="1000")))
    until(lambda: cluster.kubectl.run("get", "events", "--field-selector=reason=FailedScheduling", "-o", "name"))
    command = [PODZOL, "why", f"deployment/bench-{TOO_BIG}", "--kubeconfig", str(cluster.kubeconfig)]
    return timed(lambda: subprocess.run(command, check=False, capture_output=True))


def remove_pods(cluster: Cluster) -> None:
    """Delete the Deployments, and wait until no pod is left."""
    cluster.kubectl.run("delete", "deployments", "--all", "--wait=false")
    until(lambda: not cluster.kubectl.run("get", "pods", "-o", "name", "--chunk-size=500"))


def ready_replicas(cluster: Cluster) -> list[int]:
    """Of each Deployment."""
    return [int(each.get("status", {}).get("readyReplicas", 0)) for each in cluster.kubectl.items("deployments")]


def until(holds: Callable[[], bool]) -> None:
    """Wait for it, asking once a second."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {WAIT_SECONDS:.0f} s")
        time.sleep(1)


def deployment(number: int, replicas: int, cpu: str = "100m") -> dict:
    """Pods that ask for little."""
    labels = {"app": f"bench-{number}"}
    container = {"name": "main", "image": "registry.k8s.io/pause:3.10", "resources": {"requests": {"cpu": cpu}}}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"bench-{number}", "namespace": "default"},
        "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": pod},
    }


if __name__ == "__main__":
    sys.exit(main())
