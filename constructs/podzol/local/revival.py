"""Defines how what has died of a running cluster is started again, and what follows from that."""

import os
import signal
from datetime import UTC, datetime

from podzol.faults import Failure
from podzol.local import karpenter, programs
from podzol.local.cluster import Cluster
from podzol.local.processes import ids_under
from podzol.local.waiting import wait, within

END_SECONDS = 10.0


def revive(cluster: Cluster) -> list[str]:
    """Start what has died; gives the names. The API server answers then.

    Raises:
        Failure: a program dies every time.
    """
    ended = datetime.now(UTC)
    revived = programs.revive(cluster)
    if revived:
        wait(lambda: is_served(cluster), "the API server to answer")
        revived += [name for name in programs.revive(cluster) if name not in revived]  # what died for want of it
    if karpenter.NAME in revived:
        karpenter.forget_what_was_coming(cluster, ended)
    return revived


def restart(cluster: Cluster, name: str) -> None:
    """Kill a program and start it again. The API server answers then.

    Raises:
        Failure: it dies every time.
    """
    if process := ids_under(cluster.folder).get(name):
        os.kill(process, signal.SIGKILL)
        within(END_SECONDS, lambda: name not in ids_under(cluster.folder))
    revive(cluster)


def is_served(cluster: Cluster) -> bool:
    """Whether the API server answers."""
    try:
        return cluster.kubectl.run("get", "--raw", "/readyz") == "ok"
    except Failure:
        return False
