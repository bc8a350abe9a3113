"""What a checkpoint holds: weights, optimiser state and step, written by Orbax, and the settings they belong to."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp

from lifecycle import Final

ARRAYS, SETTINGS = "arrays", "settings.json"
ALONE = ocp.options.MultiprocessingOptions(primary_host=0, active_processes={0}, barrier_sync_key_prefix="first")
"""Only the first pod saves and loads: what it holds is the same on every device, and only it needs the volume."""
logging.getLogger("absl").setLevel(logging.CRITICAL)  # Orbax writes a traceback of what it raises anyway


@dataclass
class State:
    """Host copies of everything a run needs to go on."""

    arrays: Any
    """A tree of the weights and of the optimiser's state."""
    settings: dict[str, Any]
    """What must not change between two tries, for the result to be the unbroken run's."""

    def write(self, folder: Path) -> None:
        """Save into a new folder."""
        with checkpointer() as orbax, os_errors():
            orbax.save((folder / ARRAYS).absolute(), args=ocp.args.StandardSave(jax.tree.map(np.asarray, self.arrays)))
        (folder / SETTINGS).write_text(json.dumps(self.settings, indent=1) + "\n")

    def read(self, folder: Path) -> Any:
        """The arrays that `write` saved. Raises Final when they were learned with other settings."""
        saved = json.loads((folder / SETTINGS).read_text())
        for name, value in self.settings.items():
            if saved.get(name) != value:
                raise Final(
                    f"{folder}: was learned with {name} {saved.get(name)}, got {value}; "
                    "keep the setting, or start anew in another --out"
                )
        with checkpointer() as orbax:
            like = jax.tree.map(lambda array: np.zeros(array.shape, array.dtype), self.arrays)
            return orbax.restore((folder / ARRAYS).absolute(), args=ocp.args.StandardRestore(like))


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
