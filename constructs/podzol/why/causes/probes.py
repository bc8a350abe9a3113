"""A pod that runs but isn't Ready: a probe fails, a gate is closed, or it starts slowly.

Source: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ (2026-11-23).
"""

import re
from collections.abc import Iterator

from podzol.elasticity.kinds import condition
from podzol.why.case import Case, Part
from podzol.why.evidence import Event, Object, duration, holds, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

PROBE = re.compile(r"^(?P<kind>Readiness|Liveness|Startup) probe (?:failed|errored):? ?(?P<said>.*)", re.S)


def causes(case: Case) -> Iterator[Finding]:
    for part, pod in case.sick:
        if status_of(pod).get("phase") != "Running" or holds(pod, "Ready") or pod["metadata"].get("deletionTimestamp"):
            continue
        kinds: dict[str, Event] = {}
        for event in case.evidence.events(pod, "Unhealthy"):
            if found := PROBE.search(event.message):
                kinds.setdefault(found["kind"], event)
        for kind, event in kinds.items():
            yield _probe(case, part, pod, kind, event)
        if not kinds:
            yield from _gates(case, pod)


def _probe(case: Case, part: Part, pod: Object, kind: str, event: Event) -> Finding:
    found = PROBE.search(event.message)
    said = one_line(found["said"]) if found else ""
    asked = what(pod, f"{kind.lower()}Probe")
    does = {
        "Readiness": "so it gets no requests",
        "Liveness": "so the kubelet restarts it",
        "Startup": "so the kubelet restarts it after the last try",
    }[kind]
    value = f"{kind.lower()}Probe"
    todo = change(
        case,
        part,
        f"{value}.path",
        f"and `port` to what the program serves, or `{value}.failureThreshold` higher if it is only slow,",
        f"let it ask for what the program serves, or raise its failureThreshold ({value}) if the program is only slow",
    )
    return Finding(
        "probes",
        Rank.SAID,
        (reference(pod),),
        f"its {kind.lower()} probe fails{asked}: {said}; {does}",
        todo,
        (case.evidence.told(event),),
    )


def what(pod: Object, probe: str) -> str:
    """What a probe of the pod asks for."""
    for container in spec_of(pod).get("containers") or ():
        asks = container.get(probe) or {}
        if http := asks.get("httpGet"):
            return f" (GET {http.get('path', '/')} on port {http.get('port')})"
        if tcp := asks.get("tcpSocket"):
            return f" (connecting to port {tcp.get('port')})"
        if asks.get("exec"):
            return f" (`{' '.join(asks['exec'].get('command') or ())[:60]}`)"
    return ""


def _gates(case: Case, pod: Object) -> Iterator[Finding]:
    """No probe has failed: a readiness gate is closed, or nobody has said why."""
    for gate in spec_of(pod).get("readinessGates") or ():
        if not holds(pod, gate["conditionType"]):
            reason = f"its readiness gate {gate['conditionType']} is closed"
            todo = "look at the controller that opens it, often a load balancer's"
            yield Finding("probes", Rank.SAID, (reference(pod),), reason, todo)
            return
    ready = condition(pod, "Ready")
    since = duration(case.evidence.since(ready.get("lastTransitionTime")))
    restarts = any(int(each.get("restartCount") or 0) for each in status_of(pod).get("containerStatuses") or ())
    if not restarts:
        reason = f"it runs, but hasn't been Ready for {since}, and no probe has said why"
        yield Finding("probes", Rank.MAYBE, (reference(pod),), reason, "wait for its probes; then look at its log")
