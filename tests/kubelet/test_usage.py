"""What processes use, as the agent measures it."""

import os
import subprocess
import sys

from podzol.kubelet.metrics import Spent, text
from podzol.kubelet.usage import processes, proportional, tree, used

BUSY = """
import subprocess, sys, time
taken = bytearray(50_000_000)
while time.process_time() < 0.2: pass
child = subprocess.Popen([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.2: pass"])
child.wait()
print("done", flush=True)
sys.stdin.read()
"""


def test_cpu_and_memory_of_a_program_and_its_ended_children_are_counted() -> None:
    process = subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"done\n"
    every = processes()
    found = used(process.pid, every)
    assert 0.35 < found.cpu_seconds < 5
    assert 50_000_000 < found.memory_bytes < 150_000_000
    assert 50_000_000 < proportional([process.pid]) <= found.memory_bytes
    assert process.pid in tree(os.getpid(), every)
    process.communicate()


def test_a_process_that_has_gone_uses_nothing() -> None:
    assert used(2**22 + 1, processes()).memory_bytes == 0
    assert proportional([2**22 + 1]) == 0


def test_what_a_node_has_used_never_falls_when_a_container_ends() -> None:
    spent = Spent()
    assert spent.with_those_of({"a": 2.0, "b": 1.0}) == 3.0
    assert spent.with_those_of({"b": 1.5}) == 3.5
    assert spent.with_those_of({}) == 3.5


def test_a_node_without_containers_uses_what_its_kubelet_does() -> None:
    said = dict(line.split()[:2] for line in text([], 1.0, Spent()).splitlines())
    assert float(said["node_cpu_usage_seconds_total"]) > 0
    assert float(said["node_memory_working_set_bytes"]) > 2**20
