"""Command-line arguments whose mistakes are final: the same pod with the same arguments can't do better."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from lifecycle.exits import Final


class Arguments(argparse.ArgumentParser):
    """An ArgumentParser that raises `Final` with one line, and shows every default."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.ArgumentDefaultsHelpFormatter, allow_abbrev=False, **options)

    def add_out(self, holds: str) -> None:
        """`--out`, on a volume that outlives the pod. The Helm charts name it by PODZOL_CHECKPOINT_DIR."""
        out = os.environ.get("PODZOL_CHECKPOINT_DIR")
        self.add_argument("--out", type=Path, default=out, required=not out, help=f"folder of {holds}, on a volume")

    def error(self, message: str) -> NoReturn:
        raise Final(f"{message}; --help lists the arguments")


def between(least: float, most: float, kind: type = int) -> Callable[[str], Any]:
    """An argument's type: a number of `kind` from `least` to `most`, both allowed."""

    def number(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be a number from {least} to {most}, got {text}")
        return value

    return number
