"""The command: `spectral-training --data FOLDER --out FOLDER` learns from the last checkpoint on, to the last step."""

from __future__ import annotations

import os
from pathlib import Path

import lifecycle
from lifecycle import Arguments, Limits, between
from spectral_training.place import place
from spectral_training.supervisor import is_child, supervise

NAME = "spectral-training"


def main() -> None:
    lifecycle.run(NAME, program)


def program(argv: list[str]) -> None:
    options = arguments().parse_args(argv)
    _, count, _ = place(os.environ)
    if count > 1 and not is_child():
        return supervise(NAME, argv, count)
    prepare_environment()
    from spectral_training.train import train  # JAX reads the environment when it is imported

    train(options)


def prepare_environment() -> None:
    """Have JAX take this container's CPUs, not the node's, give the same bits each time, and log only its faults."""
    os.environ.setdefault("NPROC", str(Limits.of_container().cpus))
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_gpu_deterministic_ops" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_gpu_deterministic_ops=true".strip()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def arguments() -> Arguments:
    parser = Arguments(prog=NAME, description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder of the dataset (see soil-dataset)")
    parser.add_out("checkpoints, metrics and the model card")
    add("--targets", nargs="+", default=["organic_carbon_percent", "clay_percent"], help="properties to predict")
    add("--test-percent", type=between(1, 90), default=20, help="share of the samples that are kept for the scores")
    add("--test-site", help="score on all samples of this site, and learn from the others, instead")
    add("--steps", type=between(1, 10**9), default=2000, help="batches to learn")
    add("--batch-size", type=between(1, 10**6), default=64, help="samples of a step, over all devices of all pods")
    add("--learning-rate", type=between(1e-9, 1e9, float), default=2e-3, help="highest rate; it warms up and decays")
    add("--weight-decay", type=between(0, 10, float), default=1e-4, help="of AdamW")
    add("--channels", nargs="+", type=between(1, 4096), default=[16, 32, 64], help="of each convolution")
    treatment = "of each spectrum: standard normal variate (brightness out), or first derivative (baseline out)"
    add("--treatment", choices=["snv", "derivative"], default="snv", help=treatment)
    add("--dropout", type=between(0, 0.9, float), default=0.1, help="share of the features left out in a step")
    add(
        "--precision",
        choices=["auto", "float32", "bfloat16"],
        default="auto",
        help="auto: bfloat16 on GPUs that have it",
    )
    add("--require-gpu", action="store_true", help="fail where there is no GPU; else it trains on the CPU then")
    add("--seed", type=between(0, 2**31 - 1), default=0, help="the same seed gives the same weights")
    add("--checkpoint-steps", type=between(1, 10**9), default=200, help="steps between two checkpoints")
    add("--keep", type=between(1, 1000), default=3, help="checkpoints kept")
    add("--log-steps", type=between(1, 10**9), default=50, help="steps between two lines of metrics")
    add("--rendezvous-seconds", type=between(1, 86400), default=300, help="how long to wait for the other pods")
    return parser


if __name__ == "__main__":
    main()
