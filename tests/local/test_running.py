"""Which nodes of a cluster are real, and what is refused."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from podzol.faults import UserError
from podzol.local.nodes import DEFAULT_POOLS
from podzol.local.processes import end_all
from podzol.local.running import Run, asked

NODES = [node for pool in DEFAULT_POOLS for node in pool.nodes()]


def real(run: Run) -> list[str]:
    """Names of the nodes that are real."""
    return [
        node["metadata"]["name"]
        for node in run.mark(NODES)
        if node["metadata"]["labels"].get("podzol.dev/run") == "true"
    ]


@pytest.mark.parametrize(
    ("wishes", "names"),
    [
        ([], ["cpu-pool-0", "cpu-pool-1"]),
        (["1"], ["cpu-pool-0"]),
        (["gpu-pool=1"], ["gpu-pool-0"]),
        (["1", "gpu-pool=5"], ["cpu-pool-0", "gpu-pool-0"]),
    ],
)
def test_the_nodes_that_are_asked_for_are_real(wishes: list[str], names: list[str]) -> None:
    run = asked(True, wishes, None, DEFAULT_POOLS)
    assert run
    assert real(run) == names


def test_kwok_plays_the_others_only() -> None:
    played = [
        node["metadata"]["name"]
        for node in Run({"cpu-pool": 1}).mark(NODES)
        if "kwok.x-k8s.io/node" in node["metadata"]["annotations"]
    ]
    assert played == ["cpu-pool-1", "gpu-pool-0"]
    assert "podzol.dev/run" not in NODES[0]["metadata"]["labels"]


def test_without_run_there_is_none() -> None:
    assert asked(False, [], None, DEFAULT_POOLS) is None


def test_options_that_go_with_run_only_are_refused_without_it() -> None:
    with pytest.raises(UserError) as caught:
        asked(False, ["1"], Path("images.yaml"), DEFAULT_POOLS)
    assert str(caught.value) == "--run-nodes: must go with --run\n--images: must go with --run"


def test_wishes_that_can_not_be_met_are_refused_all_at_once() -> None:
    with pytest.raises(UserError) as caught:
        asked(True, ["tpu-pool=1", "many"], None, DEFAULT_POOLS)
    assert str(caught.value) == (
        '--run-nodes: must name one of cpu-pool, gpu-pool, got "tpu-pool"\n'
        '--run-nodes: must be a number, or POOL=NUMBER, got "many"'
    )


def test_a_process_that_a_pod_left_behind_is_ended_with_its_cluster(tmp_path: Path) -> None:
    folders = [tmp_path, tmp_path.with_name("other")]
    left, other = (
        subprocess.Popen(["sleep", "600"], env=os.environ | {"PODZOL_POD": f"{folder}/kubelet/pods/u-1"})
        for folder in folders
    )
    threading.Thread(target=left.wait).start()  # nobody else reaps it
    assert end_all(tmp_path) == 1
    assert other.poll() is None
    other.kill()
    assert (left.wait(), other.wait()) == (-9, -9)
