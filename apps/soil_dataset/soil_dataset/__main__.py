"""The command: `soil-dataset simulate` and `soil-dataset fermentation` each write a dataset into a folder."""

from __future__ import annotations

from pathlib import Path

import lifecycle
from lifecycle import Arguments, between, say

NAME = "soil-dataset"


def main() -> None:
    lifecycle.run(NAME, program)


def program(argv: list[str]) -> None:
    parser = Arguments(prog=NAME, description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    simulated = verbs.add_parser("simulate", help="simulated podzols with visible and near-infrared spectra")
    simulated.add_argument("--samples", type=between(1, 10_000_000), default=2000, help="number of samples")
    simulated.add_argument("--seed", type=between(0, 2**31 - 1), default=0, help="the same seed gives the same numbers")
    measured = verbs.add_parser("fermentation", help="measured infrared spectra of a fermentation (from chemotools)")
    for verb in (simulated, measured):
        verb.add_argument("--data", type=Path, required=True, help="folder to write the dataset into")
    options = parser.parse_args(argv)
    if options.verb == "simulate":
        from soil_dataset.simulate import simulate

        dataset = simulate(options.samples, options.seed)
    else:
        from soil_dataset.measured import fermentation

        dataset = fermentation()
    try:
        dataset.write(options.data)
    except OSError as error:
        raise lifecycle.Failed(f"{options.data}: can't write the dataset: {error.strerror or error}") from error
    say("dataset_written", folder=str(options.data), name=dataset.name, samples=len(dataset.spectra))


if __name__ == "__main__":
    main()
