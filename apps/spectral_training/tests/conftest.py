"""The program as a process of its own, forked after JAX is imported and before it has started anything."""

import os
import shutil
import signal
import socket
import tempfile

import numpy as np
import pytest

os.environ.update(NPROC="1", OPENBLAS_NUM_THREADS="1", JAX_PLATFORMS="cpu")
# XLA's own cache on disk, so that one fork compiles and the others load; JAX looks at these when it is imported
os.environ.update(JAX_COMPILATION_CACHE_DIR=tempfile.mkdtemp(prefix="xla-"))
os.environ.update(JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS="0", JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES="-1")

import mlflow  # noqa: F401  (this and the next are imported here once, not by every fork)
import spectral_training.train  # noqa: F401
from lifecycle.trial import Trial
from soil_dataset.simulate import simulate
from spectral_training.__main__ import main
from spectral_training.state import checkpointer
from spectral_training.supervisor import SUPERVISED

SMALL = ["--channels", 8, 8, "--steps", 12, "--batch-size", 8, "--checkpoint-steps", 3, "--log-steps", 1]

QUICKLY_COMPILED = "--xla_backend_optimization_level=0"
"""For several pods: each compiles by itself, and their sums differ by rounding from one pod's anyway."""


@pytest.fixture(scope="session", autouse=True)
def _compiled_is_removed():
    yield
    shutil.rmtree(os.environ["JAX_COMPILATION_CACHE_DIR"])


@pytest.fixture(scope="session")
def soil(tmp_path_factory):
    """60 simulated samples."""
    folder = tmp_path_factory.mktemp("soil")
    simulate(60, seed=4).write(folder)
    return folder


@pytest.fixture
def begin(tmp_path, soil):
    """Begin `spectral-training` on a small network; 12 steps, a checkpoint every 3."""

    def run(*extra, out=tmp_path / "out", data=soil, log="log", **environment) -> Trial:
        return Trial(main, ["--data", data, "--out", out, *SMALL, *extra], tmp_path / log, environment)

    return run


@pytest.fixture
def train(begin):
    """Run `spectral-training` to its end."""
    return lambda *extra, **where: begin(*extra, **where).end()


@pytest.fixture
def begin_pods(begin):
    """Begin `count` pods of some devices on 127.0.0.1 that train as one; they are killed when the test ends."""
    begun = []

    def run(count, *extra, devices=1, **where) -> list[Trial]:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        for rank in range(count):
            environment = {
                "JAX_COORDINATOR_ADDRESS": address,
                "JAX_NUM_PROCESSES": str(count),
                "JAX_PROCESS_ID": str(rank),
                SUPERVISED: "1",
                "KUBERNETES_SERVICE_HOST": "10.0.0.1",  # as in a pod
                "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices} {QUICKLY_COMPILED}",
            }
            begun.append(begin(*extra, log=f"log-{rank}", **environment, **where))
        return begun[-count:]

    yield run
    for trial in begun:
        try:
            os.kill(trial.pid, signal.SIGKILL)
            os.waitpid(trial.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # its end was waited for


@pytest.fixture
def weights(tmp_path):
    """A function: the arrays of a run's last checkpoint, by name."""
    return lambda out: read_weights(out, tmp_path)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, soil):
    """The folder of a run of one pod that nothing disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    ended = Trial(main, ["--data", soil, "--out", folder / "out", *SMALL], folder / "log").end()
    assert ended.code == 0, ended.error
    return folder / "out"


@pytest.fixture(scope="session")
def unbroken(undisturbed, tmp_path_factory):
    """Its final weights."""
    return read_weights(undisturbed, tmp_path_factory.mktemp("unbroken"))


@pytest.fixture
def trained(undisturbed, tmp_path):
    """A copy of that run in `tmp_path/out`, to go on from."""
    return shutil.copytree(undisturbed, tmp_path / "out")


def read_weights(out, folder):
    """Read in a fork: a process that has started JAX can't be forked any more."""
    found = folder / "weights.npz"

    def restore():
        newest = max((out / "checkpoints").glob("step-*[0-9]"))
        with checkpointer() as orbax:
            np.savez(found, **flat(orbax.restore((newest / "arrays").absolute())))
        raise SystemExit(0)

    ended = Trial(restore, [], folder / "log-weights").end()
    assert ended.code == 0, ended.error
    with np.load(found) as arrays:
        return dict(arrays)


def flat(tree, name=""):
    """A tree of dicts and lists as {path: array}."""
    if isinstance(tree, dict):
        return {k: v for key in sorted(tree) for k, v in flat(tree[key], f"{name}/{key}").items()}
    if isinstance(tree, list | tuple):
        return {k: v for index, item in enumerate(tree) for k, v in flat(item, f"{name}/{index}").items()}
    return {} if tree is None else {name: tree}
