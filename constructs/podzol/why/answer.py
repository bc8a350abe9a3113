"""Defines `Answer`: whether it runs, the likeliest reason why not, what else was found; in words and as plain data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from podzol.why.case import Case
from podzol.why.causes import CAUSES
from podzol.why.evidence import Object, labels_of, reference, selects, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.health import pod_runs

MOST_SEEN = 3
MOST_NAMED = 3
"""Of objects with the same reason so many are named."""


@dataclass(frozen=True)
class Answer:
    """Of one question."""

    name: str
    namespace: str
    states: tuple[tuple[str, bool, str], ...]
    """`Kind/name`, whether it runs as it should, and how it is."""
    findings: tuple[Finding, ...]
    """The likeliest reason first."""
    partly: bool
    """Whether some pod runs."""
    unseen: dict[str, str]
    """Kinds that we may not read, and what the API said."""

    @property
    def runs(self) -> bool:
        """Whether all of it runs as wanted."""
        return all(runs for _, runs, _ in self.states) and not any(each.stops for each in self.findings)

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        if not self.states:
            return "there is nothing of it that could run"
        if self.runs:
            return "it runs"
        workloads = [each for each in self.states if not each[0].startswith("PersistentVolumeClaim/")] or self.states
        broken = [name for name, runs, _ in workloads if not runs]
        if not broken:
            return "it runs, but not all of it works"
        if len(broken) < len(workloads):
            return f"not all of it is running: {', '.join(broken)}"
        return "it runs only in part" if self.partly else "it isn't running"

    def to_json(self) -> dict[str, Any]:
        """Plain data, for programs."""
        return {
            "name": self.name,
            "namespace": self.namespace,
            "runs": self.runs,
            "answer": self.headline,
            "states": [{"name": name, "runs": runs, "state": words} for name, runs, words in self.states],
            "findings": [
                {
                    "cause": each.cause,
                    "likelihood": each.rank.name.lower(),
                    "stops": each.stops,
                    "about": list(each.about),
                    "reason": each.reason,
                    "todo": each.todo,
                    "seen": list(each.seen),
                }
                for each in self.findings
            ],
            "unseen": self.unseen,
        }


def answer(case: Case) -> Answer:
    """Ask every cause."""
    found = without_guesses(merged(left_behind(case, [finding for cause in CAUSES for finding in cause(case)])))
    order = sorted(found, key=lambda finding: finding.rank)  # stable: the table's order counts among equals
    states = [(part.name, part.state.runs, part.state.words) for part in case.parts]
    for claim in case.claims:
        phase = status_of(claim).get("phase")
        states.append((reference(claim), phase == "Bound" or waits_rightly(claim, order), f"it is {phase}"))
    for service in case.services if not case.parts else ():
        states.append((reference(service), *leads_somewhere(case, service)))
    forbidden = {kind: why for kind, why in case.evidence.unseen.items() if "forbidden" in why}
    partly = any(pod_runs(pod) for _, pod in case.pods)
    return Answer(case.name, case.namespace, tuple(states), tuple(order), partly, forbidden)


def waits_rightly(claim: Object, findings: Iterable[Finding]) -> bool:
    """Whether a claim that isn't bound waits for its first pod, as it should."""
    return any(each.cause == "volumes" and not each.stops and reference(claim) in each.about for each in findings)


def leads_somewhere(case: Case, service: Object) -> tuple[bool, str]:
    """Whether a Service has pods that are Ready, and how many."""
    selector = spec_of(service).get("selector") or {}
    pods = [pod for pod in case.evidence.all("Pod", case.namespace) if selector and selects(selector, labels_of(pod))]
    ready = sum(map(pod_runs, pods))
    return bool(ready) or not selector, f"{ready} of {len(pods)} pods behind it are ready"


def left_behind(case: Case, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Pods that aren't needed any more, for their workload runs without them: what they say stops nothing."""
    spare = {reference(pod) for part in case.parts if part.state.runs for pod in part.pods}
    for each in findings:
        if not spare.issuperset(each.about) or not each.stops:
            yield each
        elif each.rank == Rank.SAID:
            yield replace(each, rank=Rank.ASIDE)


def without_guesses(findings: list[Finding]) -> list[Finding]:
    """What may be the reason is left out of whatever a better reason is known for."""
    known = {name for each in findings if each.rank < Rank.MAYBE for name in each.about}
    return [each for each in findings if each.rank != Rank.MAYBE or not known.issuperset(each.about)]


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """The same reason told once, of everything that it is about."""
    found: dict[tuple[str, str], Finding] = {}
    for each in findings:
        key = (each.cause, each.reason)
        if key in found:
            about = dict.fromkeys((*found[key].about, *each.about))
            found[key] = replace(found[key], about=tuple(about))
        else:
            found[key] = each
    return list(found.values())


def text(answer: Answer) -> Iterator[str]:
    """The answer as lines for people."""
    yield f"{answer.name} in {answer.namespace}: {answer.headline}"
    for name, _, words in answer.states:
        yield f"  {name}: {words}"
    first, *others = answer.findings or (None,)
    if first is not None and first.stops:
        yield ""
        yield f"The likeliest reason: {about(first)}: {first.reason}"
        if first.todo:
            yield f"  What to do: {first.todo}"
        yield from (f"  Seen: {each}" for each in first.seen[:MOST_SEEN])
    elif first is not None:
        others = [first, *others]
    elif not answer.runs:
        yield ""
        yield "Nothing says why: it may only have begun. Ask again in a moment, or look at its log."
    if others:
        yield ""
        yield "Also:" if first is not None and first.stops else "To know:"
        for each in others:
            yield f"  {about(each)}: {each.reason}" + (f"; {each.todo}" if each.todo else "")
    if answer.unseen:
        yield ""
        yield f"Not looked at, for want of rights: {', '.join(sorted(answer.unseen))}"


def about(finding: Finding) -> str:
    """Who, in a few names."""
    named, more = finding.about[:MOST_NAMED], len(finding.about) - MOST_NAMED
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
