"""Several pods that train as one, over gloo on this machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest
from spectral_training.supervisor import SUPERVISED
from spectral_training.train import Run


def close(ours, theirs):
    """Sums in another order differ by rounding, and only by that."""
    assert ours.keys() == theirs.keys()
    return all(np.allclose(ours[name], theirs[name], atol=1e-4) for name in ours)


@pytest.mark.parametrize(("count", "devices"), [(1, 4), (2, 2), (4, 1)])
def test_pods_and_their_devices_give_the_single_pods_result(begin_pods, tmp_path, weights, unbroken, count, devices):
    ended = [trial.end() for trial in begin_pods(count, devices=devices)]
    assert [end.code for end in ended] == [0] * count
    started = {"event": "started", "step": 0, "pods": count, "devices": count * devices, "device": "cpu"}
    assert ended[0].named("started") == [started]
    assert {line["event"] for end in ended[1:] for line in end.events} <= {"meeting"}, "only the first pod reports"
    assert "kubernetes" not in "".join(end.error for end in ended).lower(), "JAX looks for no cluster by itself"
    assert close(weights(tmp_path / "out"), unbroken)


def test_a_lost_pod_ends_the_others_and_all_go_on_from_the_checkpoint(begin_pods, tmp_path, weights, unbroken):
    first, second = begin_pods(2)
    first.wait_for("metrics", times=4)  # the checkpoint of step 3 is saved
    second.send(signal.SIGKILL)
    lost = first.end()
    assert lost.code in (1, -signal.SIGABRT)
    if lost.code == 1:
        assert lost.error.splitlines()[-1].startswith(
            "spectral-training: a pod of the 2 is lost; all start again from the checkpoint: "
        )
    again = [trial.end() for trial in begin_pods(2)]
    assert [end.code for end in again] == [0, 0]
    assert again[0].named("resumed")[0]["step"] >= 3
    assert close(weights(tmp_path / "out"), unbroken)


def test_a_stop_of_one_pod_stops_all_at_one_step(begin_pods, tmp_path):
    first, second = begin_pods(2, "--steps", 5000)
    first.wait_for("metrics")
    second.send(signal.SIGTERM)
    ends = [first.end(), second.end()]
    assert [end.code for end in ends] == [143, 143]
    words = {end.error.splitlines()[-1] for end in ends}
    step = max(int(path.name.split("-")[1]) for path in (tmp_path / "out/checkpoints").glob("step-*"))
    assert words == {f"spectral-training: stopped at step {step} as asked; the next try goes on from there"}


def test_a_batch_that_doesnt_fit_the_devices_is_final(begin_pods):
    ends = [trial.end() for trial in begin_pods(2, "--batch-size", 7)]
    assert [end.code for end in ends] == [42, 42]
    line = "spectral-training: --batch-size must be a multiple of the 2 devices, got 7"
    assert ends[0].error.splitlines()[-1] == line


@pytest.mark.parametrize("slow", [0, 1])
def test_a_pod_that_is_slower_than_the_others_ends_as_they_do(begin_pods, monkeypatch, slow):
    def start(options, pods, *more, at_once=Run.start):
        time.sleep(3 if pods.rank == slow else 0)  # a busy machine
        return at_once(options, pods, *more)

    monkeypatch.setattr(Run, "start", start)
    assert [trial.end().code for trial in begin_pods(2, "--batch-size", 7)] == [42, 42]


def test_a_port_in_use_is_said_and_may_be_tried_again(train):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        place = {"JAX_COORDINATOR_ADDRESS": f"127.0.0.1:{port}", "JAX_NUM_PROCESSES": "2", "JAX_PROCESS_ID": "0"}
        ended = train(**place, **{SUPERVISED: "1"})
    line = f"can't listen for the other pods on port {port}: Address already in use; name another port"
    assert (ended.code, ended.error) == (1, f"spectral-training: {line}\n")


@pytest.fixture
def begin_whole(soil, tmp_path):
    """Begin one of two pods: the whole program with its supervisor, as JAX's native code aborts the process that it is
    in."""

    def begin(rank, port, wait_seconds):
        place = {"WORLD_SIZE": "2", "RANK": str(rank), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        options = ["--data", soil, "--out", tmp_path, "--rendezvous-seconds", wait_seconds, "--steps", 4]
        return subprocess.Popen(
            [sys.executable, "-m", "spectral_training", *map(str, options)],
            env=os.environ | place | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


def test_a_pod_that_never_comes_is_said_in_one_line(begin_whole):
    process = begin_whole(0, 29871, wait_seconds=1)
    out, error = process.communicate(timeout=90)
    assert (process.returncode, error) == (
        1,
        "spectral-training: not all 2 pods came in time; see that each can run, and raise --rendezvous-seconds "
        "if they are slow\n",
    )
    said = [json.loads(line) for line in out.splitlines()]
    assert said[0] == {"event": "meeting", "rank": 0, "pods": 2, "at": "127.0.0.1:29871", "wait_seconds": 1}
    assert {line["event"] for line in said[1:]} <= {"native_log"}


def test_a_stop_while_it_waits_for_the_others_is_heard(begin_whole):
    process = begin_whole(0, 29872, wait_seconds=300)
    assert process.stdout
    assert json.loads(process.stdout.readline())["event"] == "meeting"
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (143, "spectral-training: stopped before there was anything to save\n")


def test_an_error_of_one_pod_soon_ends_the_other_too(begin_whole, tmp_path):
    (tmp_path / "metrics.jsonl").mkdir()  # an error that only the first pod meets, and that nobody foresaw
    first, second = begin_whole(0, 29873, wait_seconds=90), begin_whole(1, 29873, wait_seconds=90)
    try:
        errors = [process.communicate(timeout=90)[1] for process in (first, second)]  # JAX itself waits for 5 minutes
    finally:
        for process in (first, second):
            process.kill()
    assert (first.returncode, second.returncode) == (1, 1)
    assert errors[0].startswith("spectral-training: unexpected IsADirectoryError at ")
    assert errors[1].startswith("spectral-training: a pod of the 2 is lost")
