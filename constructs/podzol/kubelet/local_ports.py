"""Defines at which ports of this machine a Service is reached: an annotation of it, which the agent writes."""

from typing import Any

Object = dict[str, Any]
HOST_IP = "127.0.0.1"
LOCAL_PORTS = "podzol.dev/local-ports"
"""`NAME=PORT` for each port of the Service, a port without a name by its number."""


def port_name(port: Object) -> str:
    """What a Service's port is called: its name, else its number."""
    return str(port.get("name") or port["port"])


def known_ports(service: Object) -> dict[str, int]:
    """The ports of this machine that a Service has, by its own ports' names."""
    text = service["metadata"].get("annotations", {}).get(LOCAL_PORTS, "")
    pairs = (each.split("=") for each in text.split(",") if "=" in each)
    return {name: int(number) for name, number in pairs}


def written(ports: dict[str, int]) -> str:
    """The annotation's text."""
    return ",".join(f"{name}={ports[name]}" for name in sorted(ports))


def is_api(service: Object) -> bool:
    """Whether it is the API's own Service."""
    return (service["metadata"]["namespace"], service["metadata"]["name"]) == ("default", "kubernetes")


def on_this_machine(service: Object, api_port: int) -> Object:
    """A Service at its ports of this machine, for programs that are in no network of their own.

    Args:
        api_port: where the API server listens.
    """
    spec, known = service["spec"], known_ports(service)
    if spec.get("clusterIP", "None") in ("None", ""):
        return service
    ports = [port | {"port": api_port if is_api(service) else known.get(port_name(port), 0)} for port in spec["ports"]]
    return service | {"spec": spec | {"clusterIP": HOST_IP, "ports": ports}}
