"""Faults of an elastic cluster, each as it comes on a cloud. A call returns when the worst is over.

spot.reclaim(cluster, node)                 # two minutes of notice, then the machine is off
machine.fail(cluster, node)                 # no notice
zone.lose(cluster, "us-east-1a")            # every machine of it, and no new ones there
capacity.withdraw(cluster, "gpu-pool")      # no new machines; capacity.restore(cluster, "gpu-pool")
program.restart(cluster, "kube-apiserver")

Each tells what it does by an Event, so a recording has it.
"""

from podzol.local.faults import capacity, machine, program, spot, zone

__all__ = ["capacity", "machine", "program", "spot", "zone"]
