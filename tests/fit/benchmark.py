"""Measures `check` with every reason written out, on 1,000 workloads and 20 pools: `python tests/fit/benchmark.py`."""

import random
import time
from dataclasses import replace
from typing import Any

from builders import CPU_NODE, GPU_NODE, container, gpu_spec, pod_spec, template, with_pools

from podzol.fit import Cluster, PoolOffer, check
from podzol.fit.offers import Taint
from podzol.kubernetes.accelerators import POOL
from podzol.kubernetes.node_labels import ZONE

ROUNDS = 5


def cluster(pools: int) -> Cluster:
    """Every other pool with GPUs; four machine types and three zones each."""
    return with_pools(*(_pool(number) for number in range(pools)))


def _pool(number: int) -> PoolOffer:
    node = GPU_NODE if number % 2 else CPU_NODE
    machines = tuple(
        replace(
            node,
            kind=f"a machine-{number}-{size}",
            labels={**node.labels, POOL: f"pool-{number}", "gen": str(number % 4)},
            taints=(*node.taints, Taint("team", f"t{number % 5}", "NoSchedule")) if number % 3 == 0 else node.taints,
            allocatable={**node.allocatable, "cpu": node.allocatable["cpu"] * size},
            zones=("zone-a", "zone-b", "zone-c"),
        )
        for size in (1, 2, 4, 8)
    )
    return PoolOffer(f"pool-{number}", machines, 0, 50, "spot" if number % 3 else "on-demand", "gke", 1.0)


def workloads(count: int) -> list[dict[str, Any]]:
    """Deployments and Jobs; a third choose a pool, some a zone, some a generation, some GPUs."""
    pick = random.Random(1)
    return [_workload(number, pick) for number in range(count)]


def _workload(number: int, pick: random.Random) -> dict[str, Any]:
    cpu, memory = f"{pick.randrange(1, 200) * 50}m", f"{pick.randrange(1, 20)}Gi"
    spec = gpu_spec() if number % 5 == 0 else pod_spec(container(cpu, memory), container("100m", "64Mi"))
    if number % 3 == 0:
        spec["nodeSelector"] = {POOL: f"pool-{pick.randrange(20)}"}
    if number % 4 == 0:
        requirement = {"key": pick.choice([ZONE, "gen"]), "operator": "NotIn", "values": ["zone-a", "1"]}
        term = {"nodeSelectorTerms": [{"matchExpressions": [requirement]}]}
        spec["affinity"] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": term}}
    kind, more = ("Job", {"parallelism": 2}) if number % 2 else ("Deployment", {"replicas": 3})
    return {"kind": kind, "metadata": {"name": f"w{number}"}, "spec": {"template": template(spec), **more}}


def seconds(count: int = 1000, pools: int = 20) -> float:
    """CPU time of one thread, which is all there is; the best of some rounds, for other work on the machine adds."""
    asked, offered, taken = workloads(count), cluster(pools), []
    for _ in range(ROUNDS):
        start = time.process_time()
        check(asked, offered).to_json()
        taken.append(time.process_time() - start)
    return min(taken)


if __name__ == "__main__":
    print(f"1,000 workloads against 20 pools: {seconds():.2f} s of CPU time")
