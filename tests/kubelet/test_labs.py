"""docs/labs/: its index, and what each lab can't do without. That they run, test_cluster.py shows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from labs import LABS, ROOT

LEAST_LINES = 5
"""Commands of a lab; fewer would mean that its blocks aren't found."""
PROGRAMS = ("assembly", "data_api", "incremental_regression", "soil_dataset", "spectral_training")


@pytest.mark.parametrize("name", LABS)
def test_the_index_of_the_labs_names_each(name: str, blocks: Callable[[Path], list[str]]) -> None:
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
