"""Defines what is told of events that no object's state shows, and of what whoever recorded had to say."""

import re
from collections.abc import Iterator

from podzol.elasticity.lives import lives
from podzol.elasticity.moments import Moment
from podzol.elasticity.records import seconds
from podzol.elasticity.timeline import Timeline

TOLD = {
    "TriggeredScaleUp": "the Cluster Autoscaler adds nodes for {name}",
    "NotTriggerScaleUp": "the Cluster Autoscaler can't help {name}: {message}",
    "ScaleDown": "the Cluster Autoscaler removes {name}",
    "NoCompatibleInstanceTypes": "Karpenter finds no machine for {name} that the cloud has",
    "JobAlreadyActive": "a run of {name} has to wait, for the one before still runs",
    "Preempting": "{name} gives way: {message}",
    "SpotInterrupted": "the cloud gives notice that it takes the spot machine of {name} back",
    "MachineFailed": "the machine of {name} fails, without notice",
    "ZoneLost": "{message}",
    "InsufficientCapacity": "{message}",
    "CapacityRestored": "{message}",
    "Restarted": "{message}",
}
"""Reason of an event -> clause. Sources: the Cluster Autoscaler's FAQ ("What events are emitted by CA?"),
https://karpenter.sh/docs/troubleshooting/ (2026-11-23); the last five are those of Podzol's own faults."""
SHOWN_OTHERWISE = (
    "FailedScheduling",
    "FailedDraining",
    "Evicted",
    "FailedGetResourceMetric",
    "FailedGetContainerResourceMetric",
    "FailedComputeMetricsReplicas",
    "BackoffLimitExceeded",
    "NodeNotReady",
    "FailedToUpdateEndpointSlices",
    "InvalidDiskCapacity",
)
"""Warnings that the states of objects tell better, or that pass by themselves."""


def events(timeline: Timeline) -> Iterator[Moment]:
    """Events with something to say, and every warning that isn't told otherwise."""
    for event in lives(timeline.records, "Event"):
        state = event.last
        reason, warning = state.get("reason", ""), state.get("type") == "Warning"
        if reason in SHOWN_OTHERWISE or not (warning or reason in TOLD) or event.namespace == "kube-system":
            continue
        if (seconds(state.get("last")) or event.began) < timeline.start - 1:
            continue
        kind, name = state.get("about", ""), state.get("about_name", "")
        about = timeline.short_names.get(name, f"{kind} {name}".strip())
        clause = TOLD.get(reason, "{name}: {message}")
        message = with_short_names(timeline, state.get("message", "").rstrip("."))

        def many(n: int, clause: str = clause, kind: str = kind, message: str = message) -> str:
            return clause.format(name=f"{n}× {kind}", message=message)

        yield Moment(event.began, clause.format(name=about, message=message), f"{reason} {kind}", many)


def remarks(timeline: Timeline) -> Iterator[Moment]:
    """What whoever recorded it had to say (kind `Note`)."""
    for record in timeline.records:
        if record.kind == "Note" and record.fields.get("text"):
            yield Moment(record.at, with_short_names(timeline, record.fields["text"].rstrip(".")))


def with_short_names(timeline: Timeline, text: str) -> str:
    """A text in which nodes have the names that the rest of the story calls them by."""
    for name, words in timeline.short_names.items():
        if name in text:
            text = re.sub(rf"(?:\bnode )?(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", words, text)
    return text
