"""docs/labs/: every lab runs as it stands there, all at once on one cluster whose pods really run."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from podzol.local.cluster import Cluster

ROOT = Path(__file__).parents[2]
RUN = ROOT / "docs/run.md"
LABS = {path.stem: path for path in sorted((ROOT / "docs/labs").glob("[a-z]*.md"))}
SHORTER = {"sleep 60": "sleep 2"}
"""A training of a minute is right for a person who watches, and long for a test."""
PROGRAMS = ("assembly", "data_api", "incremental_regression", "soil_dataset", "spectral_training")
LEAST_LINES = 5
"""Commands of a lab; fewer would mean that its blocks aren't found."""


Done = CompletedProcess[str]
Blocks = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def pages(
    real: Cluster,
    shell: Callable[[str, Path], Done],
    blocks: Blocks,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, "Future[Done]"]]:
    """Every page, being done; the longest, which waits for metrics, comes first."""

    def do(page: Path) -> Done:
        script = "\n".join(blocks(page))
        for long, short in SHORTER.items():
            script = script.replace(long, short)
        return shell(script, tmp_path_factory.mktemp(page.stem))

    order = sorted([*LABS.values(), RUN], key=lambda page: page.stem != "autoscaling")
    with ThreadPoolExecutor(3) as pool:
        yield {page.stem: pool.submit(do, page) for page in order}


@pytest.mark.cluster
@pytest.mark.parametrize("name", [*LABS, "run"])
def test_a_page_does_what_it_says(name: str, pages: "dict[str, Future[Done]]") -> None:
    done = pages[name].result()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", LABS)
def test_the_index_of_the_labs_names_each(name: str, blocks: Blocks) -> None:
    assert f"]({name}.md)" in (ROOT / "docs/labs/README.md").read_text(encoding="utf-8")
    assert len("".join(blocks(LABS[name])).splitlines()) > LEAST_LINES


def test_every_lab_shows_what_it_promises() -> None:
    """Words that a lab can't do without, so that one that was cut short doesn't pass."""
    promised = {
        "autoscaling": ["currentReplicas}=10", "currentReplicas}=1'", "hey "],
        "cron-job": ['"*/2 * * * *"', "Forbid"],
        "distributed-training": ["distributed: {enabled: true, nodes: 2}", "pkill -KILL", "grep resumed", "diff "],
        "first-deployment": ["kubectl expose", "curl"],
        "job": ["echo 'Training...'", "sleep 60", "Training complete!", "kubectl logs"],
        "memory-ladder": ["memoryLadder: [64Mi, 512Mi]", "grep 'reason: OOMKilled'", "grep enough"],
        "restartable-training": ["kubectl delete pod", "grep resumed"],
        "soil-programs": [f"--values apps/{name}/values.yaml" for name in PROGRAMS],
        "static-volume": ["hostPath: {path: /mnt/data}", "/var/ml_model", "manual"],
        "volume": ["Hello from persistent storage!", "kubectl delete pod", "/data/hello.txt"],
    }
    assert promised.keys() == LABS.keys()
    texts = {name: path.read_text(encoding="utf-8") for name, path in LABS.items()}
    assert [(name, word) for name, words in promised.items() for word in words if word not in texts[name]] == []
