"""Defines the figures of a node: what its containers use, as a kubelet tells metrics-server.

Source: https://kubernetes.io/docs/reference/instrumentation/node-metrics/ and the resource metrics endpoint of
k8s.io/kubernetes v1.37.2, pkg/kubelet/metrics/collectors/resource_metrics.go (2026-11-23).
"""

import os
import time
from collections.abc import Iterable
from typing import Any

from podzol.kubelet import usage
from podzol.kubelet.process import Process
from podzol.kubelet.usage import Usage

Object = dict[str, Any]


class Spent:
    """CPU seconds of a node's containers, those that have ended included: metrics-server drops a node whose counter
    falls, and one whose counter is nothing."""

    def __init__(self) -> None:
        self.before = 0.0
        self.running: dict[str, float] = {}

    def with_those_of(self, running: dict[str, float]) -> float:
        """All of them, when these run."""
        self.before += sum(seconds for own, seconds in self.running.items() if own not in running)
        self.running = running
        return self.before + sum(running.values())


def text(running: Iterable[tuple[Object, Process]], now: float, spent: Spent) -> str:
    """The answer at /metrics/resource. A node uses what its containers use, and what its kubelet does, which we are.

    Args:
        running: each container that runs on the node, with the metadata of its pod.
        now: seconds since 1970.
        spent: on this node until the last answer.
    """
    every, at = usage.processes(), int(now * 1000)
    lines, pods, seconds = [], dict[str, list[Usage]](), dict[str, float]()
    for meta, process in running:
        if pid := process.pid:
            pod, used = f'namespace="{meta["namespace"]}",pod="{meta["name"]}"', usage.used(pid, every)
            pods.setdefault(pod, []).append(used)
            own = f'container="{process.plan.name}",{pod}'
            lines += of("container", own, used, at)
            lines.append(f"container_start_time_seconds{{{own}}} {process.started:.3f}")
            seconds[f"{own} {process.started}"] = used.cpu_seconds
    for pod, containers in pods.items():
        lines += of("pod", pod, total(containers), at)
    kubelet = every[os.getpid()].memory_bytes
    cpu, memory = spent.with_those_of(seconds), total(map(total, pods.values())).memory_bytes
    lines += of("node", "", Usage(cpu + time.process_time(), memory + kubelet), at)
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
