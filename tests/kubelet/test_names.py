"""The DNS among the pods."""

from typing import Any

import dns.message
import dns.rcode
import pytest
from pods import pod_of

from podzol.kubelet.names import Names, hosts, resolver

Object = dict[str, Any]


def service(name: str, address: str) -> Object:
    return {"metadata": {"name": name, "namespace": "soil"}, "spec": {"clusterIP": address}}


def endpoint(address: str, ready: bool = True, **more: str) -> Object:
    return {"addresses": [address], "conditions": {"ready": ready}, **more}


SLICE = {
    "metadata": {"namespace": "soil", "labels": {"kubernetes.io/service-name": "ranks"}},
    "endpoints": [
        endpoint("10.244.0.2", hostname="train-0"),
        endpoint("10.244.0.3", hostname="train-1"),
        endpoint("10.244.0.4", ready=False, hostname="train-2"),
    ],
}
NAMES = Names({"1": service("data-api", "10.0.0.9"), "2": service("ranks", "None")}, {"1": SLICE})


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("data-api.soil.svc.cluster.local", ["10.0.0.9"]),
        ("Data-API.soil.svc.cluster.local", ["10.0.0.9"]),
        ("ranks.soil.svc.cluster.local", ["10.244.0.2", "10.244.0.3"]),
        ("train-1.ranks.soil.svc.cluster.local", ["10.244.0.3"]),
        ("train-2.ranks.soil.svc.cluster.local", None),
        ("data-api.other.svc.cluster.local", None),
        ("data-api.soil.svc", None),
        ("example.com", None),
    ],
)
def test_services_and_their_named_pods_have_addresses(name: str, addresses: list[str] | None) -> None:
    answer = dns.message.from_wire(NAMES.answer(dns.message.make_query(name, "A").to_wire()))
    found = sorted(str(item) for rrset in answer.answer for item in rrset)
    assert (found or None) == addresses
    assert answer.rcode() == (dns.rcode.NXDOMAIN if addresses is None else dns.rcode.NOERROR)


def test_a_name_without_an_address_of_the_sixth_version_is_no_unknown_name() -> None:
    query = dns.message.make_query("data-api.soil.svc.cluster.local", "AAAA")
    answer = dns.message.from_wire(NAMES.answer(query.to_wire()))
    assert (answer.rcode(), answer.answer) == (dns.rcode.NOERROR, [])


def test_a_pod_looks_first_in_its_own_namespace() -> None:
    assert resolver("10.244.0.1", "soil") == (
        "nameserver 10.244.0.1\nsearch soil.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n"
    )


def test_a_pod_knows_its_own_names_and_those_that_it_was_given() -> None:
    pod = pod_of(subdomain="ranks", hostAliases=[{"ip": "10.1.1.1", "hostnames": ["a", "b"]}])
    assert hosts(pod, "10.244.0.2", "train-0").splitlines() == [
        "127.0.0.1 localhost",
        "::1 localhost",
        "10.244.0.2 train-0.ranks.soil.svc.cluster.local train-0",
        "10.1.1.1 a b",
    ]
