"""The command: `incremental-regression generate` makes a stream of tables, `train` learns from one."""

from __future__ import annotations

from pathlib import Path

import lifecycle
from lifecycle import Arguments, between

NAME = "incremental-regression"


def main() -> None:
    lifecycle.run(NAME, program)


def program(argv: list[str]) -> None:
    options = arguments().parse_args(argv)
    if options.verb == "generate":
        from incremental_regression.generate import generate

        generate(options.data, options.files, options.rows, options.seed)
    else:
        from incremental_regression.train import train

        train(options)


def arguments() -> Arguments:
    parser = Arguments(prog=NAME, description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)

    learn = verbs.add_parser("train", help="learn every row of the stream once, from the last checkpoint on")
    learn.add_argument("--data", type=Path, required=True, help="folder of CSV files, learned in order of name")
    learn.add_out("checkpoints, scores and the model")
    learn.add_argument("--target", default="organic_carbon_percent", help="column to predict; all others are features")
    learn.add_argument("--batch-rows", type=between(1, 1_000_000), default=100, help="rows of one partial_fit")
    learn.add_argument("--checkpoint-steps", type=between(1, 10**9), default=50, help="batches between two checkpoints")
    learn.add_argument("--keep", type=between(1, 1000), default=3, help="checkpoints kept")
    learn.add_argument("--learning-rate", type=between(1e-9, 10, float), default=0.01, help="eta0 of SGDRegressor")
    learn.add_argument("--alpha", type=between(0, 1e6, float), default=1e-4, help="L2 penalty of SGDRegressor")
    learn.add_argument("--seed", type=between(0, 2**31 - 1), default=0, help="order of the rows inside a batch")
    learn.add_argument("--pause-seconds", type=between(0, 3600, float), default=0.0, help="wait after each batch")

    make = verbs.add_parser("generate", help="make a stream of simulated soil tables")
    make.add_argument("--data", type=Path, required=True, help="folder to write into")
    make.add_argument("--files", type=between(1, 9999), default=4, help="number of CSV files")
    make.add_argument("--rows", type=between(1, 10**7), default=2500, help="rows of each file")
    make.add_argument("--seed", type=between(0, 2**31 - 1), default=0, help="the same seed gives the same bytes")
    return parser


if __name__ == "__main__":
    main()
