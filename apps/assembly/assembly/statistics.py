"""What an assembly is like, in the figures that people compare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def contigs(path: Path) -> Iterator[str]:
    """The sequences of a FASTA file."""
    sequence: list[str] = []
    with path.open() as file:
        for line in file:
            if line.startswith(">"):
                if sequence:
                    yield "".join(sequence)
                sequence = []
            else:
                sequence.append(line.strip())
    if sequence:
        yield "".join(sequence)


def statistics(path: Path) -> dict[str, float | int]:
    """Number, total, longest and mean length of the contigs; N50, N90, L50; share of G and C in percent."""
    lengths, gc, total = [], 0, 0
    for contig in contigs(path):
        lengths.append(len(contig))
        total += len(contig)
        gc += sum(contig.count(base) for base in "GCgc")
    lengths.sort(reverse=True)
    n50, l50 = reaches(lengths, 0.5)
    n90, _ = reaches(lengths, 0.9)
    return {
        "contigs": len(lengths),
        "total_bases": total,
        "longest_bases": lengths[0] if lengths else 0,
        "mean_bases": round(total / len(lengths), 1) if lengths else 0,
        "n50_bases": n50,
        "n90_bases": n90,
        "l50_contigs": l50,
        "gc_percent": round(100 * gc / total, 2) if total else 0,
    }


def reaches(lengths: list[int], share: float) -> tuple[int, int]:
    """The length at which the longest contigs hold this share of all bases, and how many those are."""
    held = 0
    for number, length in enumerate(lengths, 1):
        held += length
        if held >= share * sum(lengths):
            return length, number
    return 0, 0
