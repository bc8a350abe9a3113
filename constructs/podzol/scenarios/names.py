"""Defines `Names`: what nodes and pods are called while a run goes on, as the report calls them.

Their own names are long (`kwok-cpu-pool-dqzb7-frillbog-3-oweaxou0ln-652944146`).
"""

import re
from collections import Counter

from podzol.elasticity.records import Record
from podzol.elasticity.states import pool

NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


class Names:
    """Learns from records, in their order."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._known: dict[str, str] = {}

    def take(self, record: Record) -> None:
        """One more record."""
        if record.name in self._known:
            return
        if record.kind == "Node":
            where = pool(record.fields)
            self._counts[where] += 1
            self._known[record.name] = f"node {self._counts[where]} of {where}"
        elif record.kind == "Pod":
            kind, _, owner = record.fields.get("owner", "").partition("/")
            self._known[record.name] = f"a pod of {'the job ' * (kind == 'Job')}{owner}" if owner else record.name

    def of_node(self, name: str) -> str:
        """`cpu-pool 2`."""
        number, _, where = self._known.get(name, name).removeprefix("node ").partition(" of ")
        return f"{where} {number}" if where else name

    def within(self, text: str) -> str:
        """A text with the short names in it."""
        return NAME.sub(lambda found: self._known.get(found[0], found[0]), text).replace("node node ", "node ")
