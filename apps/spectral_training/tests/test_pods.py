"""Several pods that train as one, over gloo on this machine."""

import json
import os
import signal
import socket
import subprocess
import sys

import numpy as np
import pytest
from spectral_training.supervisor import SUPERVISED


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


def test_a_port_in_use_is_said_and_may_be_tried_again(train):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        place = {"JAX_COORDINATOR_ADDRESS": f"127.0.0.1:{port}", "JAX_NUM_PROCESSES": "2", "JAX_PROCESS_ID": "0"}
        ended = train(**place, **{SUPERVISED: "1"})
    line = f"can't listen for the other pods on port {port}: Address already in use; name another port"
    assert (ended.code, ended.error) == (1, f"spectral-training: {line}\n")


@pytest.fixture
def alone(soil, tmp_path):
    """Begin the first of two pods, of which the other never comes: the whole program with its supervisor, as JAX's
    native code aborts the process that it is in."""

    def begin(port, wait_seconds):
        place = {"WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        options = ["--data", soil, "--out", tmp_path, "--rendezvous-seconds", wait_seconds]
        return subprocess.Popen(
            [sys.executable, "-m", "spectral_training", *map(str, options)],
            env=os.environ | place | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


def test_a_pod_that_never_comes_is_said_in_one_line(alone):
    process = alone(29871, wait_seconds=1)
    out, error = process.communicate(timeout=90)
    assert (process.returncode, error) == (
        1,
        "spectral-training: not all 2 pods came in time; see that each can run, and raise --rendezvous-seconds "
        "if they are slow\n",
    )
    said = [json.loads(line) for line in out.splitlines()]
    assert said[0] == {"event": "meeting", "rank": 0, "pods": 2, "at": "127.0.0.1:29871", "wait_seconds": 1}
    assert {line["event"] for line in said[1:]} <= {"native_log"}


def test_a_stop_while_it_waits_for_the_others_is_heard(alone):
    process = alone(29872, wait_seconds=300)
    assert process.stdout
    assert json.loads(process.stdout.readline())["event"] == "meeting"
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (143, "spectral-training: stopped before there was anything to save\n")
