"""Defines the live view of a run: pools, nodes with their pods, replicas, load, and what was just decided and why.

On a terminal it is redrawn four times a second; elsewhere each decision is a line.
"""

import time
from collections import Counter, deque
from dataclasses import replace
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from podzol.elasticity.records import Record
from podzol.elasticity.states import phase, pool
from podzol.scenarios.decisions import Decision, decision
from podzol.scenarios.names import Names
from podzol.scenarios.played import View
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.seen import Seen
from podzol.scenarios.settings import Settings

DECISIONS, NODES = 12, 14
"""Lines shown of them, where the terminal has so many."""
FEWEST = 3
"""Lines of each that are always shown."""
OTHER_LINES = 10
"""The head, four headings, four empty lines, and one that the terminal keeps for the cursor."""
AGAIN_SECONDS = 20.0
"""The same decision isn't told again within this time: the scheduler repeats itself in other words."""
COLOURS = {
    "scenario": "bold",
    "HPA": "cyan",
    "Karpenter": "magenta",
    "scheduler": "yellow",
    "Job": "green",
    "cloud": "red",
}
PHASE_COLOURS = {"running": "green", "starting": "yellow", "no room": "red", "stopping": "bright_black"}


def view(scenario: Scenario, settings: Settings, console: Console) -> "Lines | Screen":
    """The view that fits the console."""
    return Screen(scenario, settings, console) if console.is_terminal else Lines(console)


class Lines(View):
    """A line a decision."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.started = time.monotonic()
        self.told: dict[str, float] = {}
        self.names = Names()
        self.listed = False

    def __enter__(self) -> Self:
        self.started = time.monotonic()
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is left to do."""

    def take(self, record: Record) -> None:
        """Tell of the decision, if it is one."""
        if record.kind == "Run" and record.fields["what"] == "listed":
            self.listed = True  # what was decided before isn't news
        self.names.take(record)
        made, now = decision(record) if self.listed else None, time.monotonic()
        if made:
            made = replace(made, what=self.names.within(made.what))
        if made and now - self.told.get(made.gist, -AGAIN_SECONDS) >= AGAIN_SECONDS:
            self.told[made.gist] = now
            self.tell(now - self.started, made)

    def tell(self, second: float, made: Decision) -> None:
        """Print it."""
        self.console.print(line(second, made), soft_wrap=True)


class Screen(Lines):
    """All of it at once, redrawn."""

    def __init__(self, scenario: Scenario, settings: Settings, console: Console) -> None:
        super().__init__(console)
        self.scenario, self.settings = scenario, settings
        self.seen = Seen()
        self.decisions: deque[tuple[float, Decision]] = deque(maxlen=DECISIONS)
        self.live = Live(get_renderable=self.drawn, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        super().__enter__()
        self.live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.live.stop()
        for second, made in self.decisions:
            self.console.print(line(second, made))

    def take(self, record: Record) -> None:
        """Take it into the picture."""
        self.seen.take(record)
        super().take(record)

    def tell(self, second: float, made: Decision) -> None:
        """Keep it for the picture."""
        self.decisions.append((second, made))

    def drawn(self) -> RenderableType:
        """The picture as it is now."""
        elapsed = time.monotonic() - self.started
        head = Text.assemble((f"{elapsed:4.0f} s  ", "bold"), (f"{self.scenario.name}  ", "bold"), self.scenario.title)
        head.truncate(self.console.width, overflow="ellipsis")
        pools, workloads = self.pools(), self.workloads()
        free = self.console.height - pools.row_count - workloads.row_count - OTHER_LINES
        nodes = self.nodes(min(NODES, max(FEWEST, free // 2)))
        decided = self.just_decided(max(FEWEST, free - nodes.row_count))
        return Group(head, "", pools, "", nodes, "", workloads, "", decided)

    def pools(self) -> Table:
        """A row a pool."""
        table = listing("pool", "nodes", "ordered", "bounds")
        claims = Counter(pool(claim.fields) for claim in self.seen.objects("NodeClaim"))
        for each in self.settings.elastic.spec.pools:
            nodes = self.seen.nodes(each.name)
            ready = sum(bool(node.fields.get("ready")) for node in nodes)
            coming = max(0, claims[each.name] + each.min - ready)
            bar = Text("■" * ready, "green") + Text("□" * coming, "yellow") + Text(f" {ready}")
            table.add_row(each.name, bar, str(coming or ""), f"{each.min} to {each.max}")
        return table

    def nodes(self, most: int) -> Table:
        """A row a node: its pods, a mark each; those with pods first, where there are too many."""
        table = listing("node", "machine", "zone", "pods")
        pods = self.seen.pods()
        nodes = sorted(self.seen.objects("Node"), key=lambda node: pool(node.fields))
        waiting = [pod for pod in pods if not pod.fields.get("node")]
        rows = most - bool(waiting)
        if len(nodes) > rows:
            held = Counter(pod.fields.get("node") for pod in pods)
            nodes.sort(key=lambda node: -held[node.name])
            rows -= 1
        for node in nodes[:rows]:
            state = node.fields
            colour = "default" if state.get("ready") else "yellow"
            own = [pod for pod in pods if pod.fields.get("node") == node.name]
            machine = state.get("machine", "") + (" spot" if state.get("spot") else "")
            name = Text(self.names.of_node(node.name), colour)
            table.add_row(name, machine, state.get("zone", ""), marks(own))
        if len(nodes) > rows:
            table.add_row(f"and {len(nodes) - rows} more")
        if waiting:
            table.add_row(Text("no node yet", "red"), "", "", marks(waiting))
        return table

    def workloads(self) -> Table:
        """A row an HPA, with the load on it, and a row a Job."""
        table = listing("workload", "replicas", "wanted", "bounds", "CPU", "target", "requests served")
        for scaler in self.seen.objects("HorizontalPodAutoscaler"):
            state = scaler.fields
            name = state.get("target", "/").partition("/")[2]
            cpu = next((each for each in state.get("metrics", []) if each["name"] == "cpu"), None)
            current, target = (percent(cpu[key]) if cpu else "" for key in ("current", "target"))
            had, wanted = (str(state.get(key, 0)) for key in ("had", "wanted"))
            table.add_row(name, had, wanted, f"{state['min']} to {state['max']}", current, target, self.load(name))
        for job in self.seen.objects("Job"):
            done = "complete" if job.fields.get("complete") else f"{job.fields.get('active', 0)} active"
            table.add_row(job.name, done)
        return table

    def load(self, name: str) -> Text:
        """What is offered to a service, and served."""
        record = self.seen.last("Load", name)
        if not record or not record.fields["offered"]:
            return Text("")
        state = record.fields
        latency = f", {1000 * state['latency_seconds']:,.0f} ms" if state.get("latency_seconds") else ""
        colour = "red" if state["served"] < state["offered"] * 0.999 else "green"
        return Text(f"{state['served']:,.0f} of {state['offered']:,.0f}/s{latency}", colour)

    def just_decided(self, most: int) -> RenderableType:
        """The last decisions, the newest last."""
        last = list(self.decisions)[-most:]
        lines = [line(second, made) for second, made in last]
        for each in lines:
            each.truncate(self.console.width, overflow="ellipsis")
        return Group(Text("just decided", "dim"), *lines)


def percent(value: float | None) -> str:
    """`48 %`, or that it isn't known yet."""
    return "unknown" if value is None else f"{value:.0f} %"


def listing(*columns: str) -> Table:
    """A table without lines; what is too long for the terminal is cut."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, no_wrap=True, overflow="ellipsis")
    return table


def marks(pods: list[Record]) -> Text:
    """A mark a pod, in the colour of its phase, and how many of each workload."""
    names = Counter(pod.fields.get("release") or pod.name for pod in pods)
    drawn = Text.assemble(*(("●", PHASE_COLOURS.get(phase(pod.fields), "default")) for pod in pods))
    return drawn + Text(f" {', '.join(f'{count} {name}' for name, count in names.items())}" if pods else "", "dim")


def line(second: float, made: Decision) -> Text:
    """A decision as a line."""
    colour = COLOURS.get(made.who, "default")
    return Text.assemble((f"{second:5.0f} s  ", "dim"), (f"{made.who:<10}", colour), made.what)
