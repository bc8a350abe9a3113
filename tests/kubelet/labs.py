"""The pages of docs/ that are exercises on pods that really run: each runs as it stands there, several at once."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

ROOT = Path(__file__).parents[2]
LABS = {path.stem: path for path in sorted((ROOT / "docs/labs").glob("[a-z]*.md"))}
PAGES = LABS | {"run": ROOT / "docs/run.md"}
LONGEST = ("autoscaling", "distributed-training", "soil-programs")
"""They begin first. The first of them waits for metrics most of its time, the others compute."""
AT_ONCE = 4
SHORTER = {"sleep 60": "sleep 2"}
"""A training of a minute is right for a person who watches, and long for a test."""

Done = CompletedProcess[str]


def begin(pool: ThreadPoolExecutor, do: Callable[[str, str], Done], blocks: Callable[[Path], list[str]]) -> "Pages":
    """Begin with every page; gives what becomes of each.

    Args:
        do: runs a script of a page, by the page's name.
    """
    others = [name for name in PAGES if name not in LONGEST]
    return {name: pool.submit(do, name, script_of(blocks(PAGES[name]))) for name in (*LONGEST, *others)}


def script_of(blocks: list[str]) -> str:
    """The commands of a page."""
    script = "\n".join(blocks)
    for long, short in SHORTER.items():
        script = script.replace(long, short)
    return script


Pages = dict[str, "Future[Done]"]
