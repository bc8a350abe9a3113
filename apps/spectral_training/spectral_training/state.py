"""What a checkpoint holds: the weights and the optimiser's state, written by Orbax."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp

ARRAYS = "arrays"
ALONE = ocp.options.MultiprocessingOptions(primary_host=0, active_processes={0}, barrier_sync_key_prefix="first")
"""Only the first pod saves and loads: what it holds is the same on every device, and only it needs the volume."""
logging.getLogger("absl").setLevel(logging.CRITICAL)  # Orbax writes a traceback of what it raises anyway


def write(folder: Path, arrays: Any) -> None:
    """Save a tree of arrays into a new folder."""
    with checkpointer() as orbax, os_errors():
        orbax.save((folder / ARRAYS).absolute(), args=ocp.args.StandardSave(jax.tree.map(np.asarray, arrays)))


def read(folder: Path, like: Any) -> Any:
    """The tree that `write` saved, which has the shapes of `like`."""
    with checkpointer() as orbax:
        empty = jax.tree.map(lambda array: np.zeros(array.shape, array.dtype), like)
        return orbax.restore((folder / ARRAYS).absolute(), args=ocp.args.StandardRestore(empty))


@contextmanager
def os_errors() -> Iterator[None]:
    """Orbax's storage says "no space left" inside a ValueError; the checkpoints need it as the OSError it is."""
    try:
        yield
    except ValueError as error:
        code = re.search(r"os_error_code='(\d+)'", str(error))
        if not code:
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1]))) from error


def checkpointer() -> ocp.Checkpointer:
    return ocp.Checkpointer(ocp.StandardCheckpointHandler(multiprocessing_options=ALONE), multiprocessing_options=ALONE)
