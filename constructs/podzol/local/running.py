"""Defines how pods of a cluster really run: which of its nodes are real, and the agent that is their kubelet. It is one
more program of the cluster: counted, started again when it died, ended with the rest.
"""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from podzol.clusters.local.nodes import RUN, SIMULATED
from podzol.faults import Failure, Fault, UserError
from podzol.kubelet.images import images
from podzol.kubelet.namespaces import MISSING
from podzol.kubernetes.accelerators import CPU_POOL, POOL
from podzol.local import programs
from podzol.local.cluster import Cluster
from podzol.local.karpenter import Elastic
from podzol.local.logs import last_error
from podzol.local.nodes import Pool, numbers
from podzol.local.programs import Program
from podzol.local.waiting import within

NAME = "kubelet"
PORT = "kubeletPort"
READY_SECONDS = 30.0
NOTICE = (
    "its pods on nodes with the label podzol.dev/run are processes of this machine, with your rights: no image is "
    "pulled, and this is no sandbox. Run only what you would run yourself (docs/run.md)."
)


@dataclass(frozen=True)
class Run:
    """Which nodes are real, and what their pods run."""

    counts: dict[str, int | None] = field(default_factory=lambda: {CPU_POOL: None})
    """How many of each pool's nodes; None: all."""
    images: Path | None = None
    """File of images beyond ours."""

    def mark(self, nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The nodes, with the real ones marked: kwok leaves them alone."""
        seen: Counter[str] = Counter()
        marked = []
        for node in nodes:
            meta = node["metadata"]
            pool = meta["labels"][POOL]
            count = self.counts.get(pool, 0)
            if count is None or seen[pool] < count:
                annotations = {key: value for key, value in meta["annotations"].items() if key not in SIMULATED}
                own = {"annotations": annotations, "labels": meta["labels"] | {RUN: "true"}}
                node = node | {"metadata": meta | own}
            seen[pool] += 1
            marked.append(node)
        return marked


def asked(run: bool, wishes: list[str], own: Path | None, pools: tuple[Pool, ...] | Elastic) -> Run | None:
    """What `--run`, `--run-nodes` and `--images` ask for; None without them.

    Raises:
        UserError: every option that is wrong, or goes with another one only.
    """
    if not run:
        alone = {"--run-nodes": bool(wishes), "--images": own is not None}
        if any(alone.values()):
            raise UserError(Fault(option, "must go with --run") for option, given in alone.items() if given)
        return None
    names = [pool.name for pool in (pools.spec.pools if isinstance(pools, Elastic) else pools)]
    counts: dict[str, int | None] = {**numbers("--run-nodes", wishes, names)}
    images(own)  # so that a fault in the file is told before anything starts
    return Run(counts or {CPU_POOL: None}, own.absolute() if own else None)


def check_on(cluster: Cluster) -> None:
    """Make sure that the pods of a cluster that is up really run.

    Raises:
        Failure: it was started without.
    """
    if NAME not in cluster.programs:
        end = f"podzol local down{cluster.option}"
        raise Failure(f"cluster {cluster.name} is up already, without --run; end it first: `{end}`")


def start(cluster: Cluster, run: Run) -> str:
    """Start the agent; gives how its pods run.

    Raises:
        Failure: it doesn't come up.
    """
    arguments = ["-m", "podzol.kubelet", "--kubeconfig", str(cluster.kubeconfig), "--pki", str(cluster.home / "pki")]
    arguments += ["--root", str(cluster.folder / "kubelet"), "--port", str(cluster.facts["ports"][PORT])]
    arguments += ["--images", str(run.images)] if run.images else []
    # Started through a link, Python doesn't find the virtual environment that it belongs to.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    programs.add(cluster, Program(NAME, arguments, {"PYTHONPATH": path}), Path(sys.executable))
    said = cluster.folder / "kubelet" / MISSING
    within(READY_SECONDS, lambda: said.exists() or NAME in programs.dead(cluster))
    if not said.exists():
        raise Failure(f"the kubelet of {cluster.name} did not start: {last_error(cluster, NAME)}")
    why = said.read_text(encoding="utf-8")
    return f"no namespaces ({why}): pods share this machine's files and ports" if why else "pods run in namespaces"
