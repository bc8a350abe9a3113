"""Bad reads end with one line and 42: no other try can do better."""

import gzip
import os
import shutil

import pytest

from lifecycle import claim

RECORD = "@r/1\nACGTACGT\n+\nIIIIIIII\n"


def last_words(ended):
    assert ended.error.startswith("assembly: ")
    assert ended.error.count("\n") == 1
    return ended.code, ended.error.removeprefix("assembly: ").strip()


def test_a_missing_folder(assemble, tmp_path):
    line = f"{tmp_path}/x: there is no such folder; mount the reads there, or name another with --reads"
    assert last_words(assemble(tmp_path / "x")) == (42, line)


def test_a_folder_without_reads(assemble, tmp_path):
    (tmp_path / "notes.txt").touch()
    line = f"{tmp_path}: holds no .fastq, .fq, .fastq.gz or .fq.gz file; the dataset is empty, or elsewhere"
    assert last_words(assemble(tmp_path)) == (42, line)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (">contig\nACGT\n", "isn't FASTQ: record 1 must begin with @"),
        (RECORD + "@r2\nAC-T\n+\nIIII\n", "isn't FASTQ: record 2 must have bases on its second line"),
        ("@r\nACGT\nIIII\n@s\n", "isn't FASTQ: record 1 must have + on its third line"),
        ("@r\nACGT\n+\nIII\n", "isn't FASTQ: record 1 must have as many qualities as bases, got 3 and 4"),
        ("", "is empty; a library must have reads"),
    ],
)
def test_reads_that_arent_fastq(assemble, tmp_path, text, fault):
    path = tmp_path / "soil.fastq"
    path.write_text(text)
    assert last_words(assemble(tmp_path)) == (42, f"{path}: {fault}")


@pytest.mark.parametrize("name", ["soil 1", "soil,2", "$(soil)"])
def test_a_name_that_megahit_cant_read(assemble, tmp_path, name):
    path = tmp_path / f"{name}.fastq"
    path.write_text(RECORD)
    fault = "must have only letters, digits and . _ + - in its name, for MEGAHIT; rename it"
    assert last_words(assemble(tmp_path)) == (42, f"{path}: {fault}")


def test_an_out_that_megahit_cant_read(assemble, tmp_path):
    (tmp_path / "soil.fastq").write_text(RECORD)
    out = tmp_path / "my contigs"
    fault = "must have only letters, digits and . _ + - in its name, for MEGAHIT; rename it"
    assert last_words(assemble(tmp_path, "--out", out)) == (42, f"{out}: {fault}")
    assert not out.exists()


def test_a_gzip_file_that_is_cut_off(assemble, tmp_path):
    path = tmp_path / "soil.fq.gz"
    path.write_bytes(gzip.compress(RECORD.encode() * 50)[:-12])
    code, line = last_words(assemble(tmp_path))
    assert code == 42
    assert line.startswith(f"{path}: is cut off or damaged: ")


def test_a_gzip_file_that_is_cut_off_far_inside(assemble, lambda_reads):
    """fastp itself takes such a file for a whole one."""
    path = lambda_reads / "reads_2.fq.gz"
    path.write_bytes(path.read_bytes()[:600_000])
    why = "Compressed file ended before the end-of-stream marker was reached"
    line = f"{path}: is cut off or damaged: {why}; copy it again"
    assert last_words(assemble(lambda_reads)) == (42, line)


def test_a_file_that_is_cut_off_inside_a_record(assemble, tmp_path):
    path = tmp_path / "soil.fastq"
    path.write_text(RECORD * 1001 + "@r\nACGT\n")
    line = f"{path}: isn't FASTQ: it has 4006 lines, no multiple of four; it is cut off or damaged"
    assert last_words(assemble(tmp_path)) == (42, line)


def test_a_broken_record_after_the_first_thousand(assemble, tmp_path):
    good = f"@r\n{'ACGT' * 30}\n+\n{'I' * 120}\n"
    (tmp_path / "soil.fastq").write_text(good * 1500 + "garbage\n" * 4 + good * 10)
    code, line = last_words(assemble(tmp_path))
    assert code == 42
    assert line == "soil: fastp saw 1510 of 1511 reads; a record after the first thousand is broken"


def test_mates_of_different_number(assemble, tmp_path):
    (tmp_path / "soil_1.fastq").write_text(RECORD * 1001)
    (tmp_path / "soil_2.fastq").write_text(RECORD * 1000)
    line = "soil: both mates must have the same number of reads, got 1001 in soil_1.fastq and 1000 in soil_2.fastq"
    assert last_words(assemble(tmp_path)) == (42, line)


def test_a_mate_that_is_missing(assemble, tmp_path):
    (tmp_path / "soil_R1.fastq").write_text(RECORD)
    line = "soil: must be two mates (NAME_1 and NAME_2) or one file (NAME), got soil_R1.fastq; rename or add one"
    assert last_words(assemble(tmp_path)) == (42, line)


def test_mates_in_another_order(assemble, tmp_path):
    (tmp_path / "soil_1.fastq").write_text(RECORD)
    (tmp_path / "soil_2.fastq").write_text(RECORD.replace("@r/1", "@q/2"))
    line = f"{tmp_path}/soil_2.fastq: its reads aren't the mates of soil_1.fastq's, in the same order"
    assert last_words(assemble(tmp_path)) == (42, line)


def test_reads_of_which_none_is_good(assemble, tmp_path):
    (tmp_path / "soil.fastq").write_text(RECORD)
    line = f"none of the 1 reads passes quality control; see {tmp_path}/out/.quality for why"
    assert last_words(assemble(tmp_path)) == (42, line)


def test_settings_that_changed(assemble, community, tmp_path):
    folder, _ = community
    assemble(folder)
    line = f"{tmp_path}/out/quality: was made with other shortest_read; keep them, or start anew in another --out"
    assert last_words(assemble(folder, "--shortest-read", 60)) == (42, line)


def test_an_out_that_cant_be_written(assemble, community, tmp_path):
    folder, _ = community
    (tmp_path / "file").touch()
    line = f"{tmp_path}/file: can't write here: File exists; mount a writable volume with room"
    assert last_words(assemble(folder, out=tmp_path / "file")) == (42, line)


def test_a_second_program_on_the_same_out_is_refused(assemble, community, tmp_path):
    """A pod whose node was thought lost, and its replacement."""
    folder, _ = community
    held = claim(tmp_path / "out")
    line = f"{tmp_path}/out: another program works here; wait for it to end"
    assert last_words(assemble(folder)) == (1, line)
    os.close(held)


def test_a_tool_that_is_missing(assemble, community, monkeypatch):
    folder, _ = community
    monkeypatch.setenv("PATH", "/nowhere")
    line = "fastp isn't installed; take the program's container, or install the Debian package fastp"
    assert last_words(assemble(folder)) == (42, line)


def test_a_full_disk_during_quality_control_is_said_and_loses_nothing(assemble, community, tmp_path, monkeypatch):
    """fastp itself takes no notice of one. Its second output goes to a device that is always full."""
    folder, _ = community
    (tmp_path / "bin").mkdir()
    full, second = tmp_path / "bin/fastp", tmp_path / "out/.quality/soil_2.fastq.gz"
    run = f'ln -s /dev/full "{second}"; {shutil.which("fastp")} "$@"; code=$?'
    full.write_text(f'#!/bin/sh\n{run}; rm "{second}"; touch "{second}"; exit $code\n')
    full.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}/bin", prepend=os.pathsep)
        line = f"{tmp_path}/out/.quality: not all reads that fastp kept are there"
        assert last_words(assemble(folder)) == (1, line)
    again = assemble(folder)
    assert again.code == 0, again.error
    assert [line["stage"] for line in again.named("stage_started")] == ["quality", "contigs", "result"]


def test_a_tool_that_fails_on_a_full_volume_names_it(assemble, community, tmp_path, monkeypatch):
    folder, _ = community
    monkeypatch.setattr(shutil, "disk_usage", lambda path: (200 << 30, 199 << 30, 1 << 30))
    monkeypatch.setattr("assembly.pipeline.fastp", lambda *_: ["sh", "-c", "echo no luck; exit 7"])
    line = (
        "sh failed (exit code 7), and its volume has 1024 MiB left; give it more room: no luck; "
        f"all it said is in {tmp_path}/out/.quality/fastp.log"
    )
    assert last_words(assemble(folder)) == (1, line)


@pytest.mark.parametrize("end", ["kill -KILL $$", "exit 247"])
def test_a_tool_that_is_killed_wants_more_memory(assemble, community, monkeypatch, end):
    """By itself, or within MEGAHIT, whose exit code is then minus 9."""
    folder, _ = community
    monkeypatch.setattr("assembly.pipeline.fastp", lambda *_: ["sh", "-c", end])
    line = "sh was killed, most likely for its memory; give the container more, or fewer threads"
    assert last_words(assemble(folder)) == (137, line)


def test_a_scratch_that_cant_be_made_may_be_tried_again(assemble, community, tmp_path):
    folder, _ = community
    (tmp_path / "scratch").touch()
    code, line = last_words(assemble(folder, "--scratch", tmp_path / "scratch"))
    assert code == 1
    assert line == f"{tmp_path}/out/.contigs: stage contigs can't write: File exists; see to the volume"
