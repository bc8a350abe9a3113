"""Defines `address_of`: where on this machine a Service of a cluster with real nodes is reached."""

from podzol.faults import Failure, Fault, UserError
from podzol.kubelet.local_ports import known_ports, port_name
from podzol.local.cluster import Cluster
from podzol.local.ports import LOOPBACK
from podzol.local.waiting import within

WAIT_SECONDS = 10.0
"""How long the agent may take to see a new Service."""


def address_of(cluster: Cluster, namespace: str, name: str, port: str | None) -> str:
    """`127.0.0.1:PORT` of a Service.

    Args:
        port: name or number of one of the Service's ports; its first one when None.

    Raises:
        UserError: the Service has no such port.
        Failure: there is no such Service, or no agent that carries to it.
    """

    def number() -> int | None:
        service = cluster.kubectl.get("service", name, "--namespace", namespace)
        ports = {port_name(each): each["port"] for each in service["spec"].get("ports") or []}
        wanted = [it for it, number in ports.items() if port in (None, it, str(number))]
        if not wanted:
            raise UserError([Fault("--port", f"must be one of {', '.join(ports) or 'none'}", port or "")])
        return known_ports(service).get(wanted[0])

    if found := within(WAIT_SECONDS, number):
        return f"{LOOPBACK}:{found}"
    raise Failure(f"nothing carries to service {name}: start the cluster with `podzol local up --run`")
