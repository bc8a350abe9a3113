"""Plays every scenario many times in a row, as a user does: `python -m benchmarks.scenarios --rounds 10`.

Each run is a process of `podzol scenario run` with a cluster of its own, started and taken down; `--lanes` run side by
side. Each end is a line of build/rounds/runs.jsonl; what a failed run left (its output, recording, report)
stays there. Writes benchmarks/scenarios-results.json and its table in docs/benchmarks.md; exit code 1: a run failed.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from threading import local

from benchmarks.figures import show

from podzol.scenarios.catalogue import SCENARIOS

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "rounds"
RESULTS = Path(__file__).parent / "scenarios-results.json"
PODZOL = str(Path(sys.executable).parent / "podzol")


@dataclass(frozen=True)
class Run:
    """One run of a scenario, from the command to its exit."""

    scenario: str
    form: str
    """`fast` or `real`."""
    seconds: float
    code: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="NAME", help="of `podzol scenario list`; all without")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--lanes", type=int, default=1, help="runs side by side: they wait more than they work")
    parser.add_argument("--real", action="store_true", help="machines and pods take their time, not seconds")
    asked = parser.parse_args()
    form = "real" if asked.real else "fast"
    names = [name for _ in range(asked.rounds) for name in asked.scenarios or SCENARIOS]
    OUT.mkdir(parents=True, exist_ok=True)
    lanes = Lanes(form)
    with ThreadPoolExecutor(asked.lanes) as pool:
        runs = list(pool.map(lambda name: play(name, form, lanes.mine()), names))
    save(runs, asked.lanes)
    return max(run.code != 0 for run in runs)


class Lanes:
    """A name for each thread's clusters."""

    def __init__(self, form: str) -> None:
        self.form, self.numbers, self.thread = form, count(1), local()

    def mine(self) -> str:
        if not hasattr(self.thread, "name"):
            self.thread.name = f"{self.form}-{next(self.numbers)}"
        return self.thread.name


def play(name: str, form: str, lane: str) -> Run:
    """Run a scenario, keep what it left when it failed, and say how it ended."""
    folder = OUT / f"{name}-{form}-{time.strftime('%H%M%S')}-{lane}"
    command = [PODZOL, "scenario", "run", name, "--report", str(folder), "--name", lane]
    start = time.perf_counter()
    process = subprocess.run(
        [*command, "--fast"] if form == "fast" else command, capture_output=True, text=True, check=False
    )
    run = Run(name, form, round(time.perf_counter() - start, 1), process.returncode)
    if run.code:
        folder.mkdir(exist_ok=True)
        (folder / "output.txt").write_text(process.stdout + process.stderr, encoding="utf-8")
    with (OUT / "runs.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(run)) + "\n")
    print(f"{name} {form}: {run.seconds} s, " + (f"exit code {run.code}: {folder}" if run.code else "held"), flush=True)
    return run


def save(runs: list[Run], lanes: int) -> None:
    """Add to the results, a line for each scenario and form, and write the table of the page from all of them."""
    content = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name, form in sorted({(run.scenario, run.form) for run in runs}):
        mine = [run for run in runs if (run.scenario, run.form) == (name, form)]
        seconds = [run.seconds for run in mine]
        content[f"{name} {form}"] = {
            "runs": len(mine),
            "held": sum(run.code == 0 for run in mine),
            "median_seconds": round(statistics.median(seconds)),
            "slowest_seconds": round(max(seconds)),
            "side_by_side": lanes,
        }
    RESULTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    show("scenarios", table(content))


def table(content: dict[str, dict[str, int]]) -> str:
    """The results as a Markdown table, in the order of `podzol scenario list`."""
    lines = ["| scenario | form | runs in a row | held | median | slowest |", "|---|---|---|---|---|---|"]
    for name in SCENARIOS:
        for form in ("fast", "real"):
            if row := content.get(f"{name} {form}"):
                times = f"{row['median_seconds']} s | {row['slowest_seconds']} s"
                lines.append(f"| `{name}` | {form} | {row['runs']} | {row['held']} | {times} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
