"""Defines what `podzol local status` says of a cluster."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from podzol.kubernetes.accelerators import POOL
from podzol.local.cluster import Cluster


def summary(cluster: Cluster) -> dict[str, Any]:
    """Name, state and, of a running cluster, its API server, nodes by pool and pods by phase."""
    state = cluster.state
    known: dict[str, Any] = {"name": cluster.name, "state": state}
    if state == "running":
        nodes = cluster.kubectl.items("nodes")
        pods = cluster.kubectl.items("pods", "--all-namespaces")
        known["server"] = f"https://127.0.0.1:{cluster.facts['ports']['kubeApiserverPort']}"
        known["kubeconfig"] = str(cluster.kubeconfig)
        known["nodes"] = Counter(node["metadata"]["labels"].get(POOL, "no pool") for node in nodes)
        known["pods"] = Counter(pod["status"]["phase"] for pod in pods)
    return known


def show(summaries: list[dict[str, Any]]) -> None:
    """Print them as a table."""
    console = Console(highlight=False)
    if not summaries:
        console.print("no cluster; start one with `podzol local up`")
        return
    table = Table("cluster", "state", "API server", "nodes", "pods", box=None, pad_edge=False)
    for each in summaries:
        nodes, pods = (", ".join(f"{n} {what}" for what, n in each.get(key, {}).items()) for key in ("nodes", "pods"))
        table.add_row(each["name"], each["state"], each.get("server", ""), nodes, pods)
    console.print(table)
