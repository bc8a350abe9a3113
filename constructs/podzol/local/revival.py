"""Defines how what has died of a running cluster is started again, and what follows from that."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from podzol.faults import Failure
from podzol.local import karpenter, programs
from podzol.local.cluster import Cluster
from podzol.local.ports import is_free
from podzol.local.processes import END_SECONDS, ids_under, kill
from podzol.local.toolchain.cache import locked
from podzol.local.waiting import wait, within

CLOSE_SECONDS = 2.0
"""How long the kernel may take to close the ports of killed processes."""


def revive(cluster: Cluster) -> list[str]:
    """Start what has died; gives the names. The API server answers then.

    Raises:
        Failure: a program dies every time.
    """
    with one_at_a_time(cluster):
        return start_what_died(cluster)


def restart(cluster: Cluster, name: str) -> None:
    """Kill a program and start it again. The API server answers then.

    Raises:
        Failure: it doesn't end, or dies every time.
    """
    with one_at_a_time(cluster):
        if process := ids_under(cluster.folder).get(name):
            kill(process, cluster.folder)
            if not within(END_SECONDS, lambda: name not in ids_under(cluster.folder)):
                raise Failure(f"{name} of {cluster.name} does not end")
        start_what_died(cluster)


def one_at_a_time(cluster: Cluster) -> AbstractContextManager[None]:
    """Two that start what died would each start the whole of it."""
    return locked(cluster.folder / ".revival")


def refuse_taken_ports(cluster: Cluster) -> None:
    """Refuse to start a cluster that ended with the machine while others listen on its ports.

    Raises:
        Failure: they do; each of its programs that needs one would die.
    """
    if ids_under(cluster.folder):
        return  # what runs of it has ports of its own

    def taken() -> list[str]:
        return [f"{port} ({name})" for name, port in cluster.facts["ports"].items() if not is_free(port)]

    if not within(CLOSE_SECONDS, lambda: not taken()):
        ways = f"end what listens there, or remove the cluster with `podzol local down{cluster.option}`"
        raise Failure(f"ports of cluster {cluster.name} are taken: {', '.join(taken())}; {ways}")


def start_what_died(cluster: Cluster) -> list[str]:
    """What `revive` does, for one that is alone."""
    ended = datetime.now(UTC)
    revived = programs.revive(cluster)
    if revived:
        wait(lambda: is_served(cluster), "the API server to answer")
        revived += [name for name in programs.revive(cluster) if name not in revived]  # what died for want of it
    if karpenter.NAME in revived:
        karpenter.forget_what_was_coming(cluster, ended)
    return revived


def is_served(cluster: Cluster) -> bool:
    """Whether the API server answers."""
    try:
        return cluster.kubectl.run("get", "--raw", "/readyz") == "ok"
    except Failure:
        return False
