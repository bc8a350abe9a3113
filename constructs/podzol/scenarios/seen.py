"""Defines `Seen`: the cluster as the recorder has last seen it, for whoever waits for something or shows it live."""

import threading
from collections import Counter
from collections.abc import Callable

from podzol.elasticity.records import Record
from podzol.elasticity.states import ENDED, SYSTEM_NAMESPACES, SYSTEM_OWNERS, phase, pool
from podzol.faults import Failure


class NotSeen(Failure):
    """Something that was waited for did not happen in time."""


class Seen:
    """The last record of every object, and everything recorded so far; any thread may look."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._objects: dict[str, dict[str, Record]] = {}
        self._changed = threading.Condition()
        self._abandoned = False

    def take(self, record: Record) -> None:
        """One more record; the recorder calls this."""
        with self._changed:
            self.records.append(record)
            if record.uid and record.kind != "Event":
                there = self._objects.setdefault(record.kind, {})
                if record.change == "deleted":
                    there.pop(record.uid, None)
                else:
                    there[record.uid] = record
            self._changed.notify_all()

    def until(self, what: str, holds: Callable[["Seen"], object], seconds: float) -> None:
        """Wait until something holds.

        Raises:
            NotSeen: it doesn't within that time, or nobody waits any more.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._abandoned or holds(self), seconds) or self._abandoned:
                raise NotSeen(f"not seen within {seconds:.0f} s: {what}")

    def pause(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            NotSeen: nobody waits any more.
        """
        with self._changed:
            if self._changed.wait_for(lambda: self._abandoned, seconds):
                raise NotSeen("nobody waits any more")

    def abandon(self) -> None:
        """End all waiting."""
        with self._changed:
            self._abandoned = True
            self._changed.notify_all()

    def objects(self, kind: str) -> list[Record]:
        """All that are there, in the order in which they came."""
        with self._changed:
            return list(self._objects.get(kind, {}).values())

    def nodes(self, of_pool: str) -> list[Record]:
        """The nodes of a pool, ready or not."""
        return [node for node in self.objects("Node") if pool(node.fields) == of_pool]

    def pods(self, namespace: str = "", release: str = "") -> list[Record]:
        """The pods of a release, or of all workloads, that have not ended."""
        return [
            pod
            for pod in self.objects("Pod")
            if pod.fields.get("phase") not in ENDED
            and namespace in ("", pod.namespace)
            and release in ("", pod.fields.get("release"))
            and pod.namespace not in SYSTEM_NAMESPACES
            and not pod.fields.get("owner", "").startswith(SYSTEM_OWNERS)
        ]

    def phases(self, namespace: str = "", release: str = "") -> Counter[str]:
        """How many pods are in which of the timeline's phases."""
        return Counter(phase(pod.fields) for pod in self.pods(namespace, release))

    def last(self, kind: str, name: str = "") -> Record | None:
        """The last of the recorder's own records of a kind."""
        with self._changed:
            return next(
                (each for each in reversed(self.records) if each.kind == kind and name in ("", each.name)), None
            )
