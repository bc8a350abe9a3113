"""Defines `Names`: the DNS among the pods, for Services and for pods that a headless Service names.

Pods see nothing but each other and the Services, so no other name is answered.
Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ (2026-11-23).
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Object = dict[str, Any]
ZONE = "cluster.local"
TTL_SECONDS = 5


class Names(asyncio.DatagramProtocol):
    """Answers from what the agent knows.

    Args:
        services: every Service, by uid.
        slices: every EndpointSlice, by uid.
    """

    def __init__(self, services: dict[str, Object], slices: dict[str, Object]) -> None:
        self.services, self.slices = services, slices
        self.transport: asyncio.DatagramTransport | None = None

    async def serve(self, own: socket.socket) -> None:
        """Answer at a UDP socket."""
        self.transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, sock=own)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A question."""
        with contextlib.suppress(dns.exception.DNSException):  # what is no question gets no answer
            if self.transport:
                self.transport.sendto(self.answer(data), addr)

    def answer(self, data: bytes) -> bytes:
        """The answer to a question.

        Raises:
            DNSException: it is none.
        """
        query = dns.message.from_wire(data)
        response = dns.message.make_response(query, recursion_available=True)
        response.flags |= dns.flags.AA
        question = query.question[0]
        addresses = self.look_up(question.name.to_text(omit_final_dot=True).lower())
        if addresses is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif question.rdtype == dns.rdatatype.A and addresses:
            own = dns.rrset.from_text(question.name, TTL_SECONDS, dns.rdataclass.IN, dns.rdatatype.A, *addresses)
            response.answer.append(own)
        return response.to_wire()

    def look_up(self, name: str) -> list[str] | None:
        """The addresses of a name; None when there is no such name."""
        match name.removesuffix(f".{ZONE}").split("."):
            case [*hosts, service, namespace, "svc"] if len(hosts) < 2 and name.endswith(f".{ZONE}"):
                found = self.service(namespace, service)
                if found is None:
                    return None
                if hosts:
                    return list(self.endpoints(namespace, service, hosts[0])) or None
                address = found["spec"].get("clusterIP", "None")
                return [address] if address != "None" else sorted(set(self.endpoints(namespace, service)))
        return None

    def service(self, namespace: str, name: str) -> Object | None:
        """A Service by its name."""
        for it in self.services.values():
            if (it["metadata"]["namespace"], it["metadata"]["name"]) == (namespace, name):
                return it
        return None

    def endpoints(self, namespace: str, service: str, host: str = "") -> Iterator[str]:
        """Addresses of the endpoints that are ready, of all or of one host name."""
        for it in self.slices.values():
            meta = it["metadata"]
            if (meta["namespace"], meta.get("labels", {}).get("kubernetes.io/service-name")) != (namespace, service):
                continue
            for each in it.get("endpoints") or []:
                if each.get("conditions", {}).get("ready", True) and host in ("", each.get("hostname")):
                    yield from each["addresses"]


def resolver(server: str, namespace: str) -> str:
    """A pod's /etc/resolv.conf."""
    return f"nameserver {server}\nsearch {namespace}.svc.{ZONE} svc.{ZONE} {ZONE}\noptions ndots:5\n"


def hosts(pod: Object, ip: str, hostname: str) -> str:
    """A pod's /etc/hosts."""
    lines = ["127.0.0.1 localhost", "::1 localhost"]
    domain = pod["spec"].get("subdomain")
    whole = f"{hostname}.{domain}.{pod['metadata']['namespace']}.svc.{ZONE} " if domain else ""
    lines.append(f"{ip} {whole}{hostname}")
    lines += [f"{each['ip']} {' '.join(each.get('hostnames') or [])}" for each in pod["spec"].get("hostAliases") or []]
    return "\n".join(lines) + "\n"
