"""Defines `up` and `down`: a cluster is made whole or not at all, and leaves no process and no file behind.

A broken-off `up` (killed, power cut) leaves a folder whose record doesn't say `ready`; the next `up` or `down` ends
what runs from it, removes it, and goes on as if it had never been. A cluster that was made and has ended with the
machine keeps what is on it: `up` starts it again.
"""

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import yaml

from podzol.faults import Failure, Fault, UserError
from podzol.kubernetes.accelerators import POOL
from podzol.local import control_plane, karpenter, ports, programs, revival, running
from podzol.local.cluster import Cluster, all_clusters
from podzol.local.karpenter import Elastic
from podzol.local.nodes import DEFAULT_POOLS, Pool
from podzol.local.processes import end_all
from podzol.local.running import Run
from podzol.local.simulation import simulation
from podzol.local.steps import Steps
from podzol.local.toolchain import require
from podzol.local.toolchain.cache import locked
from podzol.local.toolchain.tools import select
from podzol.local.waiting import within

DISK_BYTES = 500 * 2**20
"""Free disk that a cluster needs: etcd writes 128 MiB ahead, logs and data come on top."""
NODES_READY_SECONDS = 60
CREATORS = 4
NODES_PER_CREATOR = 100


def up(
    cluster: Cluster,
    pools: tuple[Pool, ...] | Elastic,
    steps: Steps,
    port: int | None = None,
    run: Run | None = None,
) -> bool:
    """Start the cluster with these nodes, or the pools of a spec.

    Gives False when it was made already, and then only starts what has died of it.

    Args:
        port: of the API server, a free one when None.
        run: which nodes' pods really run; none when None.

    Raises:
        UserError: the port is busy, or the cluster was made with other nodes or another spec.
        Failure: a tool or disk is missing, or a program doesn't start. Nothing is left then of a cluster that is new.
    """
    for tool in select(["cluster", "autoscaling"] if isinstance(pools, Elastic) else ["cluster"]):
        require(tool.name)
    with alone(cluster, steps):
        if cluster.state in ("running", "stopped"):
            revive(cluster, steps)
            refuse_other_pools(cluster, pools)
            return False
        clean_up(cluster, steps)
        check_disk(cluster.root)
        try:
            make(cluster, pools, steps, port, run)
        except BaseException as error:
            remove(cluster)
            if isinstance(error, OSError):
                raise Failure(f"{cluster.folder}: {error.strerror or error}; nothing was left behind") from error
            raise
    return True


def down(cluster: Cluster, steps: Steps) -> bool:
    """End the cluster; gives False when there was none."""
    with alone(cluster, steps):
        if cluster.state == "absent":
            return False
        with steps.step(f"cluster {cluster.name}") as step:
            ended = remove(cluster)
            step.note = f"{ended} programs ended, its files removed"
    return True


def make(cluster: Cluster, pools: tuple[Pool, ...] | Elastic, steps: Steps, port: int | None, run: Run | None) -> None:
    """The steps of a start, in their order."""
    with steps.step("control plane") as step:
        chosen = reserve(cluster, pools, port, run)
        step.doing("etcd, API server, controllers, scheduler, metrics-server")
        control_plane.start(cluster, chosen, pools.pace.heartbeat if isinstance(pools, Elastic) else None)
        programs.revive(cluster)
        step.note = f"Kubernetes on 127.0.0.1:{chosen['kubeApiserverPort']}"
    nodes = pools.nodes() if isinstance(pools, Elastic) else [node for pool in pools for node in pool.nodes()]
    if run:
        nodes = run.mark(nodes)
    with steps.step("simulation") as step:
        cluster.kubectl.apply(yaml.safe_dump_all(simulation()))
        create_nodes(cluster, nodes)  # they become Ready while the API server takes in the next, the longest
        cluster.kubectl.apply(require("gateway-api-crds").read_text(encoding="utf-8"))
        step.note = "pods, volumes and metrics are played by kwok"
    if run:
        with steps.step("kubelet") as step:
            step.note = running.start(cluster, run)
    if isinstance(pools, Elastic):
        with steps.step("Karpenter") as step:
            karpenter.start(cluster, pools)
            step.note = ", ".join(f"{pool.min} to {pool.max} in {pool.name}" for pool in pools.spec.pools)
    with steps.step("nodes") as step:
        wait_for_nodes(cluster, len(nodes))
        step.note = counted(nodes)
    revive(cluster, steps)
    cluster.add_facts({"ready": True})


def revive(cluster: Cluster, steps: Steps) -> None:
    """Start again what has died: under a heavy load, or all of it with the machine."""
    if programs.dead(cluster):
        revival.refuse_taken_ports(cluster)
        with steps.step("dead programs") as step:
            step.note = f"started again: {', '.join(revival.revive(cluster))}"


def refuse_other_pools(cluster: Cluster, pools: tuple[Pool, ...] | Elastic) -> None:
    """Refuse nodes or a spec that the running cluster was not started with: it would stay as it is.

    Raises:
        UserError: it wasn't, and they aren't those that one gets without a wish.
    """
    if pools == DEFAULT_POOLS or described(pools).items() <= cluster.facts.items():
        return
    fix = f"`podzol local down{cluster.option}` first"
    if isinstance(pools, Elastic):
        raise UserError([Fault("--spec", "must be that of the running cluster, and as fast", pools.spec.name, fix)])
    raise UserError([Fault("--nodes", "must be those of the running cluster", fix=fix)])


def described(pools: tuple[Pool, ...] | Elastic) -> dict[str, Any]:
    """What a cluster's record says of its pools."""
    return pools.facts if isinstance(pools, Elastic) else {"pools": [vars(pool) for pool in pools]}


def counted(nodes: list[dict[str, Any]]) -> str:
    """How many nodes each pool has."""
    pools = Counter(node["metadata"]["labels"][POOL] for node in nodes)
    return ", ".join(f"{count} in {pool}" for pool, count in pools.items()) or "none yet"


def create_nodes(cluster: Cluster, nodes: list[dict[str, Any]]) -> None:
    """Create the Node objects, many of them side by side: one kubectl sends one request at a time."""
    shares = min(CREATORS, 1 + len(nodes) // NODES_PER_CREATOR)
    with ThreadPoolExecutor(shares) as pool:
        list(pool.map(cluster.kubectl.create, [nodes[share::shares] for share in range(shares)]))


def wait_for_nodes(cluster: Cluster, count: int) -> None:
    """Wait until that many nodes are Ready.

    Raises:
        Failure: they aren't after a minute, or a little longer for hundreds of them.
    """
    conditions = 'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'

    def ready() -> int:
        return cluster.kubectl.run("get", "nodes", "-o", conditions).split().count("True")

    if not within(NODES_READY_SECONDS + count / 10, lambda: ready() >= count):
        raise Failure(f"only {ready()} of {count} nodes became Ready; the logs are in {cluster.logs}")


def reserve(cluster: Cluster, pools: tuple[Pool, ...] | Elastic, port: int | None, run: Run | None) -> dict[str, int]:
    """Make the folder and take the ports; the record keeps them from every other cluster, running or not yet."""
    if port is not None:
        ports.check_free(port)
    with locked(cluster.root / ".ports"):
        taken = {number for other in all_clusters(cluster.root) for number in other.facts.get("ports", {}).values()}
        names = [*control_plane.PORTS, *([running.PORT] if run else [])]
        names += karpenter.PORTS if isinstance(pools, Elastic) else []
        chosen = dict(zip(names, ports.choose(len(names), taken), strict=True))
        if port is not None:
            chosen["kubeApiserverPort"] = port
        cluster.folder.mkdir(mode=0o700)
        cluster.write_facts({"ready": False, "ports": chosen, **described(pools)})
    return chosen


def alone(cluster: Cluster, steps: Steps) -> AbstractContextManager[None]:
    """One command at a time starts or ends this cluster."""

    def waiting() -> None:
        steps.console.print(f"another command is starting or ending {cluster.name}; waiting for it")

    return cluster.held("", waiting)


def clean_up(cluster: Cluster, steps: Steps) -> None:
    """Remove what a broken-off `up` left of the cluster."""
    if cluster.state != "absent":
        with steps.step("clean up") as step:
            remove(cluster)
            step.note = f"{cluster.name} was half-made; it is made afresh"


def remove(cluster: Cluster) -> int:
    """End the programs and remove the files; gives the number of programs."""
    ended = end_all(cluster.folder)
    for attempts_left in (2, 1, 0):
        if not cluster.folder.exists():
            break
        try:
            shutil.rmtree(cluster.folder)
        except OSError:  # a program that was just being started comes late, and writes while we remove
            if not attempts_left:
                raise
            ended += end_all(cluster.folder)
    return ended


def check_disk(folder: Path) -> None:
    """Refuse to start on a disk that is too full.

    Raises:
        Failure: it is.
    """
    free = shutil.disk_usage(folder).free
    if free < DISK_BYTES:
        raise Failure(
            f"{folder} has {free // 2**20} MiB free, a cluster needs {DISK_BYTES // 2**20} MiB; "
            "free some space, or set PODZOL_STATE to a folder on another disk"
        )
