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
    assert [len(end.events) for end in ended[1:]] == [0] * (count - 1), "only the first pod reports"
    assert close(weights(tmp_path / "out"), unbroken)


def test_a_lost_pod_ends_the_others_and_all_go_on_from_the_checkpoint(begin_pods, tmp_path, weights, unbroken):
    first, second = begin_pods(2)
    first.wait_for("metrics")
    second.send(signal.SIGKILL)
    lost = first.end()
    assert lost.code in (1, -signal.SIGABRT)
    if lost.code == 1:
        assert lost.error.splitlines()[-1].startswith(
            "spectral-training: a pod of the 2 is lost; all start again from the checkpoint: "
        )
    again = [trial.end() for trial in begin_pods(2)]
    assert [end.code for end in again] == [0, 0]
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
    assert step % 10 == 0


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


def test_a_pod_that_never_comes_is_said_in_one_line(soil, tmp_path):
    """The whole program with its supervisor, as JAX's native code aborts the process here."""
    done = subprocess.run(
        [sys.executable, "-m", "spectral_training", "--data", soil, "--out", tmp_path, "--rendezvous-seconds", "1"],
        env={**os.environ, "WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29871"},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "spectral-training: not all 2 pods came in time; see that each can run, and raise --rendezvous-seconds "
        "if they are slow\n",
    )
    assert all(json.loads(line)["event"] == "native_log" for line in done.stdout.splitlines())
