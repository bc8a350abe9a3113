"""Real programs on real reads: the genome comes back, and a stop costs no stage that was done."""

import json
import os
import signal
import subprocess
import time

from lifecycle import Limits

QUALITY_DONE = 'stage_done", "stage": "quality'
NOISY = ["--low-quality-percent", 60, "--most-n", 8]
"""The reads of lambda phage are made with poor qualities on purpose."""


def test_recovers_lambda_phage(assemble, lambda_reads, lambda_genome, recovered, tmp_path):
    """The reads' makers changed the genome a little on purpose, so a word of 31 bases in twenty differs."""
    ended = assemble(lambda_reads, *NOISY)
    assert ended.code == 0, ended.error
    statistics = json.loads((tmp_path / "out/result/statistics.json").read_text())
    assert statistics["longest_bases"] > 0.99 * len(lambda_genome)
    assert abs(statistics["gc_percent"] - 49.9) < 0.5
    (of_genome,), of_result = recovered(lambda_genome)
    assert of_genome ** (1 / 31) > 0.997, "base for base"
    assert of_result ** (1 / 31) > 0.997
    check = subprocess.run(["sha256sum", "-c", "checksums.sha256"], cwd=tmp_path / "out/result", check=False)
    assert check.returncode == 0


def test_recovers_a_community_and_does_nothing_twice(assemble, community, recovered):
    folder, genomes = community
    ended = assemble(folder)
    assert ended.code == 0, ended.error
    assert [line["stage"] for line in ended.named("stage_done")] == ["check", "quality", "contigs", "result"]
    of_genomes, of_result = recovered(*genomes)
    assert min(of_genomes) > 0.95
    assert of_result > 0.99
    again = assemble(folder)
    assert [line["stage"] for line in again.named("stage_skipped")] == ["check", "quality", "contigs", "result"]
    assert again.events[-1] == ended.events[-1]


def test_a_kill_during_the_assembly_goes_on_from_there(begin, assemble, community, recovered):
    folder, genomes = community
    killed = begin(folder).wait_for(QUALITY_DONE).send(signal.SIGKILL, after_seconds=0.3).end()
    assert killed.code == -signal.SIGKILL
    ended = assemble(folder)
    assert ended.code == 0, ended.error
    assert [line["stage"] for line in ended.named("stage_skipped")] == ["check", "quality"]
    assert ended.named("stage_started")[0] == {"event": "stage_started", "stage": "contigs", "resumed": True}
    assert min(recovered(*genomes)[0]) > 0.95


def test_a_stop_reaches_the_tool_and_the_next_try_goes_on(begin, assemble, community):
    folder, _ = community
    begun = time.monotonic()
    stopped = begin(folder).wait_for(QUALITY_DONE).send(signal.SIGTERM, after_seconds=0.2).end()
    assert (stopped.code, stopped.error) == (
        143,
        "assembly: stopped while megahit ran, as asked; the next try goes on from there\n",
    )
    assert time.monotonic() - begun < 60
    assert assemble(folder).code == 0


def test_a_damaged_stage_is_made_again(assemble, community, tmp_path):
    folder, _ = community
    assemble(folder)
    contigs = tmp_path / "out/result/contigs.fa"
    contigs.write_text(contigs.read_text()[:-50])
    ended = assemble(folder)
    assert ended.named("stage_broken") == [
        {"event": "stage_broken", "stage": "result", "reason": "its files are not what was written"}
    ]
    assert [line["stage"] for line in ended.named("stage_skipped")] == ["check", "quality", "contigs"]
    assert ended.code == 0


def test_an_assembly_that_cant_go_on_begins_anew(begin, assemble, community, recovered, tmp_path):
    folder, genomes = community
    begin(folder).wait_for(QUALITY_DONE).send(signal.SIGTERM, after_seconds=0.2).end()
    for left in (tmp_path / "out/.contigs/megahit").rglob("*"):
        if left.is_file() and left.name != "options.json":
            left.write_text("broken")
    ended = assemble(folder)
    assert ended.code == 0, ended.error
    assert min(recovered(*genomes)[0]) > 0.95


def test_the_containers_limits_reach_the_tools(assemble, community, monkeypatch, tmp_path):
    """What it runs in a container of 3 CPUs and 10 GB; a script stands for MEGAHIT."""
    folder, _ = community
    monkeypatch.setattr(Limits, "of_container", lambda: Limits(cpus=3, memory_bytes=10**10))
    told = tmp_path / "told"
    (tmp_path / "bin").mkdir()
    for tool in ("fastp", "megahit"):
        script = f'#!/bin/sh\necho {tool} "$@" >>{told}\nPATH=${{PATH#*:}}\n'
        (tmp_path / "bin" / tool).write_text(script + ('exec fastp "$@"\n' if tool == "fastp" else ""))
        (tmp_path / "bin" / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin", prepend=os.pathsep)
    ended = assemble(folder, "--threads", 0)
    assert ended.error.startswith("assembly: megahit left no contigs: ")
    assert ended.named("started")[0] == {"event": "started", "libraries": 1, "threads": 3, "memory_bytes": 8 * 10**9}
    fastp, megahit = told.read_text().splitlines()
    assert fastp.startswith("fastp --thread 3 ")
    assert " --num-cpu-threads 3 --memory 8000000000 " in megahit
