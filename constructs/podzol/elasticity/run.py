"""Defines `Run`: a recording with everything that a report says of it, and `runs`, which tells two apart."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from podzol.elasticity.narrative import Sentence, narrative
from podzol.elasticity.pictures import Picture, pictures
from podzol.elasticity.records import iso, read
from podzol.elasticity.scales import busiest
from podzol.elasticity.spending import Spending, spending
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.times import Measure, times
from podzol.elasticity.words import duration, listed, money, several
from podzol.faults import each_of


class Run:
    """A recording, read.

    Raises:
        UserError: the folder holds no recording.
    """

    def __init__(self, folder: Path, name: str = "") -> None:
        self.name = name or folder.resolve().name
        """What it is called beside another one."""
        self.timeline = Timeline(read(folder))

    @cached_property
    def spent(self) -> Spending:
        """What its nodes cost."""
        return spending(self.timeline)

    @cached_property
    def pictures(self) -> list[Picture]:
        """Its pictures."""
        return pictures(self.timeline, self.spent)

    @cached_property
    def story(self) -> list[Sentence]:
        """Its narrative."""
        return narrative(self.timeline)

    @cached_property
    def measures(self) -> list[Measure]:
        """Its times that matter."""
        return times(self.timeline)

    @property
    def title(self) -> str:
        """What a scenario says of itself in a sentence; empty for another recording."""
        return self.about[0].rstrip(".") if self.about else ""

    @property
    def when(self) -> str:
        """When and for how long it was recorded, on which Kubernetes."""
        first = next((record.fields for record in self.timeline.records if record.kind == "Run"), {})
        server = f", on Kubernetes {first['kubernetes']}" if first.get("kubernetes") else ""
        return f"Recorded from {iso(self.timeline.start)} for {duration(self.timeline.seconds)}{server}."

    @property
    def about(self) -> list[str]:
        """What a scenario says of itself, paragraph by paragraph; nothing for another recording."""
        said = next((record.fields for record in self.timeline.records if record.kind == "Scenario"), {})
        first, *rest = said.get("story", "").strip().split("\n\n")
        pace = ["Played fast: machines and pods take seconds where a cloud takes minutes."] if said.get("fast") else []
        return [" ".join(each.split()) for each in (first, *rest) if each] + pace

    @property
    def claims(self) -> list[tuple[str, str, str]]:
        """What a scenario claimed: each sentence, what speaks against it, and what was measured (kind `Claim`)."""
        found = [record for record in self.timeline.records if record.kind == "Claim"]
        return [(each.name, each.fields.get("against", ""), each.fields.get("measured", "")) for each in found]

    @property
    def holds(self) -> bool:
        """Whether everything that a scenario claimed holds."""
        return not any(against for _, against, _ in self.claims)

    @property
    def verdict(self) -> str:
        """How many of a scenario's claims hold, in words."""
        broken = sum(bool(against) for _, against, _ in self.claims)
        return f"{broken} of {len(self.claims)} claims do not hold" if broken else f"All {len(self.claims)} claims hold"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The few figures that come first: value and what it is."""
        facts = []
        for pool, steps in sorted(self.timeline.nodes_by_pool.items()):
            values = [value for _, value in steps]
            least, most = min(values), max(values)
            facts.append((f"{least:g} to {most:g}" if least < most else f"{most:g}", f"nodes in {pool}"))
        for scale in busiest(self.timeline.scales):
            facts.append((f"{scale.peak:g}", f"ready replicas of {scale.name} at most"))
        for load in self.timeline.loads:
            asked, answered = load.requests
            if asked:
                what = "core-seconds for" if load.in_cores else "requests to"
                facts.append((f"{100 * answered / asked:.1f} %", f"of {asked:,.0f} {what} {load.name} were served"))
        offered, used = self.timeline.gpu_seconds
        if offered:
            idle = duration(max(0.0, offered - used))
            facts.append((f"{100 * used / offered:.0f} %", f"of the GPU time was used: {duration(used)}, {idle} idle"))
        if self.spent.by_pool:
            facts.append((money(self.spent.total), "for nodes, at list prices"))
        return facts

    @property
    def notes(self) -> list[str]:
        """What to know when reading the figures."""
        notes = ["Times are those at which the recorder saw a change, in seconds since the recording began."]
        if unshown := len(self.timeline.scales) - len(busiest(self.timeline.scales)):
            notes.append(f"{several(unshown, 'more workload')} with other numbers of replicas over time aren't shown.")
        if self.spent.by_pool:
            pools = listed(f"{money(usd)} in {pool}" for pool, usd in sorted(self.spent.by_pool.items()))
            notes.append(
                f"Cost: {pools}; list prices of us-east-1 or us-central1, from a node's order until it is gone; "
                "disks, traffic and the control plane come on top."
            )
        if self.spent.unpriced:
            nodes = listed(
                f"{several(count, 'node')} of {machine}" for machine, count in sorted(self.spent.unpriced.items())
            )
            notes.append(f"No price is known for {nodes}.")
        return notes


def runs(folders: Iterable[Path]) -> list[Run]:
    """The recordings of these folders, called by the folders' names; with their parents' where these are the same.

    Raises:
        UserError: every folder that holds no recording.
    """
    paths = [folder.resolve() for folder in folders]
    alike = len({path.name for path in paths}) < len(paths)
    return each_of(lambda path: Run(path, f"{path.parent.name}/{path.name}" if alike else path.name), paths)
