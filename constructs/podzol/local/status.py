"""Defines what `podzol local status` says of a cluster."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from podzol.clusters.spec import ClusterSpec
from podzol.kubernetes.accelerators import POOL
from podzol.local.cluster import Cluster
from podzol.local.faults.withdrawn import withdrawn
from podzol.local.karpenter import elastic_of, node_of
from podzol.local.programs import dead


def summary(cluster: Cluster) -> dict[str, Any]:
    """Name, state and, of a running cluster, its API server, nodes by pool and pods by phase; the pools of a spec.

    Of another cluster what to do about it.
    """
    state = cluster.state
    known: dict[str, Any] = {"name": cluster.name, "state": state}
    if state == "running":
        nodes = cluster.kubectl.items("nodes")
        pods = cluster.kubectl.items("pods", "--all-namespaces")
        known["server"] = f"https://127.0.0.1:{cluster.facts['ports']['kubeApiserverPort']}"
        known["kubeconfig"] = str(cluster.kubeconfig)
        known["nodes"] = Counter(node["metadata"]["labels"].get(POOL, "no pool") for node in nodes)
        known["pods"] = Counter(pod["status"]["phase"] for pod in pods)
        if elastic := elastic_of(cluster):
            known["spec"] = elastic.spec.name
            known["pools"] = pools(cluster, elastic.spec, known["nodes"])
            known["noCapacity"] = sorted(withdrawn(cluster))
    elif state == "stopped":
        known["dead"] = dead(cluster)
        known["remedy"] = f"`podzol local up{cluster.option}` starts it again"
    else:
        ways = f"`podzol local up{cluster.option}` makes it afresh, `podzol local down{cluster.option}` removes it"
        known["remedy"] = f"if no command is making it just now, {ways}"
    return known


def pools(cluster: Cluster, spec: ClusterSpec, nodes: Counter[str]) -> list[dict[str, Any]]:
    """Each pool of a spec: its nodes, the machines that are coming but aren't nodes yet, its bounds."""
    claims = cluster.kubectl.items("nodeclaims")
    coming = Counter(each["metadata"]["labels"].get(POOL) for each in claims if not node_of(each))
    return [
        {"name": pool.name, "nodes": nodes[pool.name], "coming": coming[pool.name], "min": pool.min, "max": pool.max}
        for pool in spec.pools
    ]


def show(summaries: list[dict[str, Any]]) -> None:
    """Print them as a table."""
    console = Console(highlight=False)
    if not summaries:
        console.print("no cluster; start one with `podzol local up`")
        return
    table = Table("cluster", "state", box=None, pad_edge=False)
    table.add_column("API server", no_wrap=True, overflow="ignore")
    table.add_column("nodes")
    table.add_column("pods")
    for each in summaries:
        pods = ", ".join(f"{count} {phase}" for phase, count in each.get("pods", {}).items())
        table.add_row(each["name"], each["state"], each.get("server", ""), nodes_of(each), pods)
    console.print(table)
    for line in (line for each in summaries for line in remarks(each)):
        console.print(line, soft_wrap=True)


def remarks(known: dict[str, Any]) -> Iterator[str]:
    """What else there is to say of a cluster."""
    name = known["name"]
    if "spec" in known:
        yield f"{name}: Karpenter keeps the pools of {known['spec']}"
    for what in known.get("noCapacity", []):
        undo = f"podzol local fault no-capacity {what} --undo{Cluster(name).option}"
        yield f"{name}: no machines of {what}, until `{undo}`"
    if "remedy" in known:
        died = f"{', '.join(known['dead'])} died; " if "dead" in known else ""
        yield f"{name}: {died}{known['remedy']}"


def nodes_of(known: dict[str, Any]) -> str:
    """The nodes of a cluster in words: `2 cpu-pool (1 to 6)`."""
    if "pools" not in known:
        return ", ".join(f"{count} {pool}" for pool, count in known.get("nodes", {}).items())
    return "\n".join(
        f"{pool['nodes']} {pool['name']} ({pool['min']} to {pool['max']})"
        + (f", {pool['coming']} coming" if pool["coming"] else "")
        for pool in known["pools"]
    )
