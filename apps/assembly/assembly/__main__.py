"""The command: `assembly --reads FOLDER --out FOLDER` goes on from the first stage that isn't done."""

from __future__ import annotations

from pathlib import Path

import lifecycle
from assembly.pipeline import Plan, assemble
from assembly.reads import find
from lifecycle import Arguments, Limits, between

NAME = "assembly"


def main() -> None:
    lifecycle.run(NAME, program)


def program(argv: list[str]) -> None:
    options = arguments().parse_args(argv)
    limits = Limits.of_container()
    plan = Plan(
        reads=find(options.reads),
        out=options.out,
        scratch=options.scratch,
        threads=options.threads or limits.cpus,
        memory_bytes=int(limits.memory_bytes * options.memory_percent / 100),
        shortest_contig=options.shortest_contig,
        shortest_read=options.shortest_read,
        low_quality_percent=options.low_quality_percent,
        most_n=options.most_n,
        preset=options.preset,
    )
    assemble(plan)


def arguments() -> Arguments:
    parser = Arguments(prog=NAME, description=__doc__)
    add = parser.add_argument
    add("--reads", type=Path, required=True, help="folder of FASTQ files, gzipped or not; NAME_1 and NAME_2 are a pair")
    parser.add_out("the stages and the result")
    add("--scratch", type=Path, help="folder for MEGAHIT's temporary files, best on the node's disk; none: in --out")
    add("--threads", type=between(0, 1024), default=0, help="0: the container's CPUs")
    add("--memory-percent", type=between(10, 95), default=80, help="of the container's memory, for MEGAHIT")
    add("--shortest-contig", type=between(100, 10**6), default=500, help="shorter contigs are left out")
    add("--shortest-read", type=between(15, 1000), default=50, help="shorter reads are left out after trimming")
    add("--low-quality-percent", type=between(0, 100), default=40, help="reads with more bases below Q15 are left out")
    add("--most-n", type=between(0, 50), default=5, help="reads with more unknown bases are left out")
    add("--preset", choices=["none", "meta-sensitive", "meta-large"], default="none", help="of MEGAHIT")
    return parser


if __name__ == "__main__":
    main()
