"""Defines where the pins are: the folder `toolchain/` of the source tree, with go.mod, go.sum and Go's own version."""

import os
from pathlib import Path

from podzol.faults import Failure


def pins_folder() -> Path:
    """The folder `toolchain/` of the repository, or the one that PODZOL_TOOLCHAIN names.

    Raises:
        Failure: this isn't a clone of the repository.
    """
    own = os.environ.get("PODZOL_TOOLCHAIN")
    folder = Path(own) if own else Path(__file__).parents[4] / "toolchain"
    if not (folder / "go.mod").is_file():
        raise Failure(
            f"{folder} has no go.mod, so the tools can't be built; run from a clone of the repository, "
            "or set PODZOL_TOOLCHAIN to its folder toolchain/"
        )
    return folder
