"""Defines `Program`, one of the programs that make up a cluster, and how a dead one is started again.

kwokctl starts a cluster's programs and then leaves; it does not look after them. Each is started through a link in the
cluster's own folder, so the path of a process's program tells whose it is, and its record stays: kwokctl's own, or a
file of ours for what kwokctl doesn't know.
"""

import json
import os
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

from podzol.faults import Failure
from podzol.local.cluster import Cluster
from podzol.local.logs import last_error
from podzol.local.processes import ids_under
from podzol.local.waiting import within

TRIES = 3
"""How often a program that dies is started again before we give up."""
SETTLE_SECONDS = 1.0
"""A program that lives so long has found what it needs: those that die at the start do so within half a second."""
LOOK_SECONDS = 0.05
APPEAR_SECONDS = 0.002


@dataclass(frozen=True)
class Program:
    """A program of a cluster, as it is started."""

    name: str
    """Also the name of its link in `Cluster.links`, and of its log."""
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    """What is added to ours."""


def of(cluster: Cluster) -> dict[str, Program]:
    """The programs of a cluster, by name."""
    record = yaml.safe_load((cluster.home / "kwok.yaml").read_text(encoding="utf-8"))
    programs = [
        Program(each["name"], each.get("args", []), {env["name"]: env["value"] for env in each.get("envs", [])})
        for each in record["components"]
    ]
    programs += [Program(**json.loads(path.read_text(encoding="utf-8"))) for path in cluster.further_records]
    return {program.name: program for program in programs}


def add(cluster: Cluster, program: Program, binary: Path) -> None:
    """Start a program that kwokctl doesn't know; from now on the cluster runs only while it does."""
    link = cluster.links / program.name
    link.symlink_to(binary)
    cluster.write(f"programs/{program.name}.json", json.dumps(asdict(program), indent=2) + "\n")
    start(cluster, program)


def start(cluster: Cluster, program: Program) -> int:
    """Start a program that doesn't run, in a session of its own; it outlives us. Gives its id.

    Raises:
        Failure: it isn't where it was.
    """
    link, log = cluster.links / program.name, cluster.logs / f"{program.name}.log"
    if not link.exists():
        remedy = f"install it anew, or remove the cluster with `podzol local down{cluster.option}`"
        raise Failure(f"{link.readlink()} is gone, which {cluster.name} was started with; {remedy}")
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb") as output:
        process = subprocess.Popen(
            [link, *program.arguments],
            cwd=cluster.home,
            env=os.environ | program.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )
    while process.poll() is None and program.name not in ids_under(cluster.folder):
        time.sleep(APPEAR_SECONDS)  # for a moment a new process has no command line, by which it is known
    pid_file = cluster.home / "pids" / f"{program.name}.pid"  # where kwokctl keeps it
    pid_file.touch(mode=0o600)
    pid_file.write_text(str(process.pid), encoding="utf-8")
    return process.pid


def dead(cluster: Cluster) -> list[str]:
    """Names of the programs that should run and don't."""
    running = ids_under(cluster.folder)
    return [name for name in cluster.programs if name not in running]


def revive(cluster: Cluster) -> list[str]:
    """Start what has died, until all lives; gives the names.

    Raises:
        Failure: a program dies every time; the message ends in the last errors of its log.
    """
    programs, revived = of(cluster), []
    for _ in range(TRIES):
        names = dead(cluster)
        for name in names:
            start(cluster, programs[name])
        revived += [name for name in names if name not in revived]
        if not names or stay_alive(cluster):
            return revived
    died = dead(cluster)
    said = "\n  ".join(f"{name}: {last_error(cluster, name)}" for name in died)
    raise Failure(f"{' and '.join(died)} of {cluster.name} died {TRIES} times:\n  {said}")


def stay_alive(cluster: Cluster) -> bool:
    """Whether all programs live through the first moment."""
    return not within(SETTLE_SECONDS, lambda: dead(cluster), LOOK_SECONDS)
