"""Defines `pass_through`: a cluster of kwokctl's own with a container engine, for people who have one. It is not one of
ours: `podzol local status` and `down` know nothing of it.

Source: https://kwok.sigs.k8s.io/docs/user/kwokctl-manage-cluster/ (2026-11-23).
"""

import shutil
import subprocess

from podzol.faults import Failure, Fault, UserError
from podzol.local.steps import Steps
from podzol.local.toolchain import require

ENGINES = {
    "docker": "docker",
    "kind": "docker",
    "podman": "podman",
    "kind-podman": "podman",
    "nerdctl": "nerdctl",
    "kind-nerdctl": "nerdctl",
}
"""Runtime of kwokctl -> the container engine that it needs."""
LOOK_SECONDS = 20.0


def pass_through(name: str, runtime: str, steps: Steps) -> None:
    """Have kwokctl make a cluster with a container engine.

    Raises:
        UserError: kwokctl has no such runtime.
        Failure: the engine isn't there or doesn't answer, or kwokctl can't.
    """
    if runtime not in ENGINES:
        raise UserError([Fault("--runtime", f"must be one of {', '.join(ENGINES)}", runtime)])
    check_engine(ENGINES[runtime])
    with steps.step(f"kwokctl, {runtime}") as step:
        command = [str(require("kwokctl")), "create", "cluster", "--name", name, "--runtime", runtime]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"kwokctl did not make the cluster: {done.stderr.strip()[-500:]}")
        step.note = f"context kwok-{name}; `kwokctl delete cluster --name {name}` ends it"


def check_engine(engine: str) -> None:
    """Make sure that a container engine answers.

    Raises:
        Failure: it doesn't.
    """
    other = "leave --runtime out: `podzol local up --run` needs no engine"
    if shutil.which(engine) is None:
        raise Failure(f"there is no container engine {engine} on this machine; {other}")
    try:
        done = subprocess.run([engine, "info"], capture_output=True, text=True, timeout=LOOK_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{engine} does not answer within {LOOK_SECONDS:.0f} s; {other}") from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["it says nothing"]
        raise Failure(f"{engine} does not work: {said[0]}; {other}")
