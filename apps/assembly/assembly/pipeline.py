"""The stages: check of the reads, quality control, assembly, result."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assembly import tools
from assembly.reads import Library, count, lines, must_be_plain
from assembly.stages import Stage, fingerprint, run
from assembly.statistics import statistics
from lifecycle import Failed, Final, Stop, claim, say, sha256

FASTP_THREADS = 16
"""The most that fastp takes. Source: fastp --help, 0.23.2, 2026-11-23."""


@dataclass(frozen=True)
class Plan:
    """What to assemble, where, and with how much of the machine."""

    reads: list[Library]
    out: Path
    scratch: Path | None
    threads: int
    memory_bytes: int
    shortest_contig: int
    shortest_read: int
    low_quality_percent: int
    most_n: int
    preset: str


def assemble(plan: Plan) -> None:
    """From reads to contigs; stages that are done are not done again. Raises Stopped when asked to stop."""
    must_be_plain(str(plan.out.absolute()), plan.out)
    claim(plan.out)
    stop = Stop()
    say("started", libraries=len(plan.reads), threads=plan.threads, memory_bytes=plan.memory_bytes)
    files = {path.name: fingerprint(path) for library in plan.reads for path in library.files}
    counts = run(Stage("check", {"files": files}, lambda folder: check(plan, stop)), plan.out)["figures"]
    limits = {name: getattr(plan, name) for name in ("shortest_read", "low_quality_percent", "most_n")}
    work = Stage("quality", {"files": files, **limits}, lambda folder: control(plan, folder, counts, stop))
    quality = run(work, plan.out)
    settings = {"reads": quality["files"], "preset": plan.preset, "shortest_contig": plan.shortest_contig}
    contigs = run(Stage("contigs", settings, lambda folder: megahit(plan, folder, stop)), plan.out)
    result = run(Stage("result", {"contigs": contigs["files"]}, lambda folder: report(plan, folder)), plan.out)
    say("done", **result["figures"])


def check(plan: Plan, stop: Stop) -> dict[str, Any]:
    """The number of reads of each library, all of them read."""
    with ThreadPoolExecutor(plan.threads) as pool:
        counts = pool.map(lambda library: count(library, stop), plan.reads)
        return {library.name: found for library, found in zip(plan.reads, counts, strict=True)}


def control(plan: Plan, folder: Path, counts: dict[str, int], stop: Stop) -> dict[str, Any]:
    """fastp on each library: adapters, poor ends and poor reads are cut away. Libraries done by an earlier try stay."""
    after = 0
    for library in plan.reads:
        report = folder / f"{library.name}.json"
        if not report.exists():
            working = folder / f"{library.name}.working.json"
            tools.run(fastp(plan, library, folder, working), folder / "fastp.log", stop)
            must_be_whole(working, kept_reads(folder, library), stop)
            working.rename(report)
        summary = json.loads(report.read_text())["summary"]
        seen = summary["before_filtering"]["total_reads"]
        if seen != counts[library.name]:
            seen_of = f"{seen} of {counts[library.name]} reads"
            raise Final(f"{library.name}: fastp saw {seen_of}; a record after the first thousand is broken")
        after += summary["after_filtering"]["total_reads"]
    (folder / "fastp.log").unlink(missing_ok=True)
    if not after:
        raise Final(f"none of the {sum(counts.values())} reads passes quality control; see {folder} for why")
    return {"reads_before": sum(counts.values()), "reads_after": after}


def fastp(plan: Plan, library: Library, folder: Path, report: Path) -> list[str | Path]:
    command: list[str | Path] = ["fastp", "--thread", str(min(plan.threads, FASTP_THREADS)), "--json", report]
    command += ["--html", "/dev/null", "--length_required", str(plan.shortest_read)]
    command += ["--unqualified_percent_limit", str(plan.low_quality_percent), "--n_base_limit", str(plan.most_n)]
    kept = kept_reads(folder, library)
    command += ["--in1", library.files[0], "--out1", kept[0]]
    if len(kept) == 2:
        command += ["--in2", library.files[1], "--out2", kept[1], "--detect_adapter_for_pe"]
    return command


def must_be_whole(report: Path, kept: list[Path], stop: Stop) -> None:
    """Raise Failed unless the volume holds every read that fastp kept, as fastp takes no notice of a full one."""
    try:
        said = json.loads(report.read_text())["summary"]["after_filtering"]["total_reads"]
        found = sum(lines(path, stop) for path in kept) // 4
    except (ValueError, Final):
        said, found = 1, 0  # the report or the reads are cut off
    if found != said:
        raise Failed(f"{report.parent}: not all reads that fastp kept are there{tools.room(report.parent)}")


def kept_reads(folder: Path, library: Library) -> list[Path]:
    """Where a library's reads are after quality control."""
    names = [f"{library.name}_{mate}" for mate in (1, 2)] if len(library.files) == 2 else [library.name]
    return [folder / f"{name}.fastq.gz" for name in names]


def megahit(plan: Plan, folder: Path, stop: Stop) -> dict[str, Any]:
    """MEGAHIT, which goes on from its own last checkpoint when an earlier try left a good one."""
    working, log = folder / "megahit", folder / "megahit.log"
    if (working / "options.json").exists():
        try:
            tools.run(["megahit", "--continue", "--out-dir", working], log, stop)
        except Failed as error:
            say("megahit_begins_anew", reason=str(error))
            begin_megahit(plan, working, log, stop)
    else:
        begin_megahit(plan, working, log, stop)
    made = working / "final.contigs.fa"
    if not made.is_file():
        raise Failed(f"megahit left no contigs: {tools.last_line(log)}; all it said is in {log}")
    if not made.stat().st_size:
        raise Final(f"no contig has {plan.shortest_contig} bases; the reads are too few, or lower --shortest-contig")
    made.rename(folder / "contigs.fa")
    shutil.rmtree(working)
    log.unlink()
    return {}


def begin_megahit(plan: Plan, working: Path, log: Path, stop: Stop) -> None:
    shutil.rmtree(working, ignore_errors=True)
    command: list[str | Path] = ["megahit", "--out-dir", working, *megahit_reads(plan)]
    command += ["--num-cpu-threads", str(plan.threads), "--memory", str(plan.memory_bytes)]
    command += ["--min-contig-len", str(plan.shortest_contig)]
    if plan.preset != "none":
        command += ["--presets", plan.preset]
    if plan.scratch:
        plan.scratch.mkdir(parents=True, exist_ok=True)
        command += ["--tmp-dir", plan.scratch]
    tools.run(command, log, stop)


def megahit_reads(plan: Plan) -> list[str]:
    """The reads as MEGAHIT takes them: comma-separated first mates, second mates, single reads."""
    kept = [kept_reads(plan.out / "quality", library) for library in plan.reads]
    pairs, singles = [files for files in kept if len(files) == 2], [files[0] for files in kept if len(files) == 1]
    arguments = []
    for option, files in (("-1", [pair[0] for pair in pairs]), ("-2", [pair[1] for pair in pairs]), ("-r", singles)):
        if files:
            arguments += [option, ",".join(map(str, files))]
    return arguments


def report(plan: Plan, folder: Path) -> dict[str, Any]:
    """contigs.fa, statistics.json and checksums.sha256, which `sha256sum -c` checks."""
    shutil.copyfile(plan.out / "contigs/contigs.fa", folder / "contigs.fa")
    figures = statistics(folder / "contigs.fa")
    (folder / "statistics.json").write_text(json.dumps(figures, indent=1) + "\n")
    sums = [f"{sha256(folder / name)}  {name}\n" for name in ("contigs.fa", "statistics.json")]
    (folder / "checksums.sha256").write_text("".join(sums))
    return figures
