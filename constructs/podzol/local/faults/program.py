"""Defines a program of the control plane that dies and is started again."""

from podzol.faults import Fault, UserError
from podzol.local import revival
from podzol.local.cluster import Cluster
from podzol.local.faults.nodes import one_of
from podzol.local.faults.told import tell


def restart(cluster: Cluster, name: str) -> None:
    """Kill a program and start it again. Returns when it runs and the API server answers.

    Raises:
        UserError: the cluster has no such program.
    """
    if name not in cluster.programs:
        raise UserError([Fault("PROGRAM", "must be a program of the cluster", name, one_of(cluster.programs))])
    revival.restart(cluster, name)
    tell(cluster, "Program", name, "Restarted", f"{name} was killed and started again")
