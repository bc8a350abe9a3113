"""The program as a process of its own, reads to feed it, and a measure of what it recovers."""

import gzip
import random
import shutil
from pathlib import Path

import pytest
from assembly.__main__ import main
from assembly.statistics import contigs
from lifecycle.trial import Trial

LAMBDA = Path("/usr/share/doc/bowtie2/examples")
"""Reads and genome of lambda phage, from Debian's bowtie2-examples."""
WORD = 31
COMPLEMENT = str.maketrans("ACGT", "TGCA")


@pytest.fixture
def begin(tmp_path):
    """Begin `assembly` on a folder of reads."""

    def run(reads, *extra, out=tmp_path / "out") -> Trial:
        return Trial(main, ["--reads", reads, "--out", out, "--threads", 2, *extra], tmp_path / "log")

    return run


@pytest.fixture
def assemble(begin):
    """Run `assembly` to its end."""
    return lambda *arguments, **where: begin(*arguments, **where).end()


@pytest.fixture
def lambda_reads(tmp_path):
    """10,000 pairs of lambda phage."""
    folder = tmp_path / "lambda"
    folder.mkdir()
    for mate in (1, 2):
        shutil.copy(LAMBDA / f"reads/reads_{mate}.fq.gz", folder)
    return folder


@pytest.fixture(scope="session")
def lambda_genome():
    with gzip.open(LAMBDA / "reference/lambda_virus.fa.gz", "rt") as file:
        return "".join(line.strip() for line in file if not line.startswith(">"))


@pytest.fixture
def community(tmp_path):
    """A simulated community: three genomes of 6,000 bases, at 30, 20 and 10 fold coverage, and their reads."""
    chance = random.Random(11)
    genomes = ["".join(chance.choices("ACGT", k=6000)) for _ in range(3)]
    pairs = [
        pair for genome, fold in zip(genomes, (30, 20, 10), strict=True) for pair in sequenced(genome, fold, chance)
    ]
    chance.shuffle(pairs)
    folder = tmp_path / "community"
    folder.mkdir()
    for mate in (0, 1):
        records = (f"@pair{i}/{mate + 1}\n{pair[mate]}\n+\n{'I' * len(pair[mate])}\n" for i, pair in enumerate(pairs))
        (folder / f"soil_R{mate + 1}.fastq").write_text("".join(records))
    return folder, genomes


def sequenced(genome, fold, chance, length=120, insert=350):
    """Read pairs of a genome, with an error in two hundred bases."""
    for _ in range(fold * len(genome) // (2 * length)):
        begin = chance.randrange(len(genome) - insert)
        fragment = genome[begin : begin + insert]
        yield tuple(with_errors(read, chance) for read in (fragment[:length], reverse(fragment[-length:])))


def with_errors(read, chance):
    return "".join(chance.choice("ACGT") if chance.random() < 0.005 else base for base in read)


def reverse(sequence):
    return sequence.translate(COMPLEMENT)[::-1]


def words(sequence):
    """All words of 31 bases, each as the lesser of itself and its reverse complement."""
    both = (sequence[i : i + WORD] for i in range(len(sequence) - WORD + 1))
    return {min(word, reverse(word)) for word in both}


@pytest.fixture
def recovered(tmp_path):
    """A function: the share of a genome that the result holds, and the share of the result that is of the genomes."""

    def measure(*genomes):
        result = set().union(*(words(contig) for contig in contigs(tmp_path / "out/result/contigs.fa")))
        true = [words(genome) for genome in genomes]
        return [len(one & result) / len(one) for one in true], len(result & set().union(*true)) / len(result)

    return measure
