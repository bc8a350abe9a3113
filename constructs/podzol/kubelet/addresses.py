"""Defines `Addresses`: which address each pod has."""

import itertools
from ipaddress import IPv4Network

PODS = IPv4Network("10.244.0.0/16")
"""Of the pods; the bridge has the first address."""
LOOPBACK_PODS = IPv4Network("127.64.0.0/16")


class Addresses:
    """Addresses that are given out, each again only after all the others."""

    def __init__(self, network: IPv4Network) -> None:
        self.network = network
        self.numbers = itertools.count(2)
        self.of: dict[str, str] = {}

    def take(self, key: str) -> str:
        """An address for a pod; the one that it has."""
        if key not in self.of:
            size = self.network.num_addresses - 3
            free = (str(self.network[2 + (number - 2) % size]) for number in self.numbers)
            self.of[key] = next(address for address in free if address not in self.of.values())
        return self.of[key]

    def give_back(self, key: str) -> None:
        """The pod has gone."""
        self.of.pop(key, None)
