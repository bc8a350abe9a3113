"""Defines a program of the control plane that dies and is started again."""

import os
import signal

from podzol.faults import Fault, UserError
from podzol.local import karpenter, programs
from podzol.local.cluster import Cluster
from podzol.local.faults.nodes import is_served, one_of, wait
from podzol.local.faults.told import tell
from podzol.local.processes import ids_under


def restart(cluster: Cluster, name: str) -> None:
    """Kill a program and start it again. Returns when it runs and the API server answers.

    Raises:
        UserError: the cluster has no such program.
    """
    if name not in cluster.programs:
        raise UserError([Fault("PROGRAM", "must be a program of the cluster", name, one_of(cluster.programs))])
    os.kill(ids_under(cluster.folder)[name], signal.SIGKILL)
    wait(lambda: name not in ids_under(cluster.folder), f"{name} to end")
    programs.revive(cluster)
    wait(lambda: is_served(cluster), "the API server to answer")
    if name == karpenter.NAME:
        karpenter.forget_what_was_coming(cluster)
    tell(cluster, "Program", name, "Restarted", f"{name} was killed and started again")
