"""Defines the figures of a node: what its containers use, as a kubelet tells metrics-server.

Source: https://kubernetes.io/docs/reference/instrumentation/node-metrics/ and the resource metrics endpoint of
k8s.io/kubernetes v1.37.2, pkg/kubelet/metrics/collectors/resource_metrics.go (2026-11-23).
"""

from collections.abc import Iterable
from typing import Any

from podzol.kubelet import usage
from podzol.kubelet.process import Process
from podzol.kubelet.usage import Usage

Object = dict[str, Any]


def text(running: Iterable[tuple[Object, Process]], now: float) -> str:
    """The answer at /metrics/resource.

    Args:
        running: each container that runs on the node, with the metadata of its pod.
        now: seconds since 1970.
    """
    every, at = usage.processes(), int(now * 1000)
    lines, pods = [], dict[str, list[Usage]]()
    for meta, process in running:
        if pid := process.pid:
            pod, used = f'namespace="{meta["namespace"]}",pod="{meta["name"]}"', usage.used(pid, every)
            pods.setdefault(pod, []).append(used)
            own = f'container="{process.plan.name}",{pod}'
            lines += of("container", own, used, at)
            lines.append(f"container_start_time_seconds{{{own}}} {process.started:.3f}")
    for pod, containers in pods.items():
        lines += of("pod", pod, total(containers), at)
    lines += of("node", "", total(map(total, pods.values())), at)
    return "\n".join(sorted([*lines, "scrape_error 0"])) + "\n"


def of(what: str, labels: str, used: Usage, at: int) -> list[str]:
    """The two lines of a container, a pod or the node."""
    shown = f"{{{labels}}}" if labels else ""
    return [
        f"{what}_cpu_usage_seconds_total{shown} {used.cpu_seconds:.6f} {at}",
        f"{what}_memory_working_set_bytes{shown} {used.memory_bytes} {at}",
    ]


def total(parts: Iterable[Usage]) -> Usage:
    """What all of them use."""
    every = list(parts)
    return Usage(sum(each.cpu_seconds for each in every), sum(each.memory_bytes for each in every))
