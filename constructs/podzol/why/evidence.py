"""Defines `Evidence`: a cluster's objects and events as they were at one moment, ready to be asked.

Does not define where they come from: `reading` reads a cluster, the tests read files.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podzol.elasticity.kinds import condition
from podzol.elasticity.records import seconds

Object = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """What a controller, the scheduler or a kubelet said of an object."""

    reason: str
    message: str
    warning: bool
    count: int
    last: float
    """Seconds since 1970."""
    by: str
    """Who said it, such as `default-scheduler`."""


class Evidence:
    """An index of plain objects.

    Args:
        objects: with `kind` and `metadata`; events among them. Of two with one name the first counts.
        now: seconds since 1970.
        unseen: kinds that could not be read, and why: the server has no such kind, or we may not.
    """

    def __init__(self, objects: Iterable[Object], now: float, unseen: Mapping[str, str] | None = None) -> None:
        self.now = now
        self.unseen = dict(unseen or {})
        self._named: dict[str, dict[tuple[str, str], Object]] = defaultdict(dict)
        self._owned: dict[str, list[Object]] = defaultdict(list)
        self._events: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
        for it in objects:
            if it["kind"] == "Event":
                about = it.get("involvedObject") or {}
                key = (about.get("kind", ""), about.get("namespace", ""), about.get("name", ""))
                self._events[key].append(_event(it))
            elif self._named[it["kind"]].setdefault((namespace_of(it), name_of(it)), it) is it:
                for owner in it["metadata"].get("ownerReferences") or ():
                    self._owned[owner["uid"]].append(it)
        for events in self._events.values():
            events.sort(key=lambda event: -event.last)

    def all(self, kind: str, namespace: str | None = None) -> list[Object]:
        """Every object of a kind; of one namespace when it is given."""
        return [it for (place, _), it in self._named[kind].items() if namespace in (None, place)]

    def find(self, kind: str, namespace: str, name: str) -> Object | None:
        """One object; the namespace is empty for what has none."""
        return self._named[kind].get((namespace, name))

    def knows(self, kind: str) -> bool:
        """Whether objects of this kind could be read: else that one isn't there means nothing."""
        return kind not in self.unseen

    def made_by(self, owner: Object, kind: str) -> list[Object]:
        """Objects of a kind that belong to this one."""
        return [it for it in self._owned[owner["metadata"].get("uid", "")] if it["kind"] == kind]

    def events(self, it: Object, *reasons: str) -> list[Event]:
        """Events about an object, newest first; of some reasons only when any are given."""
        found = self._events[it["kind"], namespace_of(it), name_of(it)]
        return [event for event in found if not reasons or event.reason in reasons]

    def events_of(self, kind: str, *reasons: str) -> Iterator[tuple[str, Event]]:
        """Name of the object and event, of every event about objects of a kind."""
        for (about, _, name), events in self._events.items():
            if about == kind:
                yield from ((name, event) for event in events if not reasons or event.reason in reasons)

    def age(self, it: Object) -> float:
        """Seconds since an object was made."""
        return self.now - (seconds(it["metadata"].get("creationTimestamp")) or self.now)

    def since(self, timestamp: str | None) -> float:
        """Seconds since a timestamp; 0 for none."""
        return self.now - (seconds(timestamp) or self.now)

    def told(self, event: Event) -> str:
        """An event in one line."""
        times = f"{event.count} times, last " if event.count > 1 else ""
        return f"event {event.reason} ({times}{duration(self.now - event.last)} ago): {one_line(event.message)}"


def _event(it: Object) -> Event:
    series, source = it.get("series") or {}, it.get("source") or {}
    last = (
        series.get("lastObservedTime")
        or it.get("lastTimestamp")
        or it.get("eventTime")
        or it["metadata"].get("creationTimestamp")
    )
    return Event(
        reason=it.get("reason") or "",
        message=it.get("message") or "",
        warning=it.get("type") == "Warning",
        count=series.get("count") or it.get("count") or 1,
        last=seconds(last) or 0.0,
        by=it.get("reportingComponent") or source.get("component") or "",
    )


def name_of(it: Object) -> str:
    return str(it["metadata"]["name"])


def namespace_of(it: Object) -> str:
    """Its namespace; empty for what has none."""
    return str(it["metadata"].get("namespace") or "")


def labels_of(it: Object) -> Mapping[str, str]:
    return it["metadata"].get("labels") or {}


def reference(it: Object) -> str:
    """`Kind/name`."""
    return f"{it['kind']}/{name_of(it)}"


def spec_of(it: Object) -> Mapping[str, Any]:
    return it.get("spec") or {}


def status_of(it: Object) -> Mapping[str, Any]:
    return it.get("status") or {}


def holds(it: Object, kind: str) -> bool:
    """Whether a condition of the status is True."""
    return condition(it, kind).get("status") == "True"


def fails(it: Object, kind: str) -> Mapping[str, Any]:
    """A condition of the status that is False, with its reason and message; empty when it isn't."""
    found = condition(it, kind)
    return found if found.get("status") == "False" else {}


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a selector with matchLabels alone, or a Service's plain one, takes these labels."""
    return selector.items() <= labels.items()


def one_line(text: str) -> str:
    """Text of a program, for one line of ours."""
    return " ".join(text.split())


def duration(length_seconds: float) -> str:
    """A length of time for people, in one unit."""
    length = max(0, round(length_seconds))
    for unit, size, until in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 172800)):
        if length < until:
            return f"{length // size} {unit}"
    return f"{length // 86400} days"
