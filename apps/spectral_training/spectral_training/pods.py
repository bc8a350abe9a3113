"""Several pods that train as one: how they meet, and what they tell each other."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import jax
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from lifecycle import Failed, Final, Stopped, exits, say
from spectral_training.place import place

HEARTBEAT_SECONDS = 60
"""A pod that is silent this long counts as lost (a busy machine may be silent for a while); a broken connection is
noticed at once."""
FAREWELL_SECONDS = 10
"""How long a pod waits at its end for the others: all come to it at the same step, one on a busy machine later."""


@dataclass(frozen=True)
class Pods:
    """All pods of the run, and the devices of all of them as one line (`data`) to split a batch over."""

    rank: int
    count: int
    mesh: Mesh

    @classmethod
    def meet(cls, wait_seconds: int) -> Pods:
        """Wait for the other pods, if there are any. Raises Failed when one doesn't come in time."""
        coordinator, count, rank = place(os.environ)
        if count > 1:
            if rank == 0:
                must_be_free(coordinator)
            say("meeting", rank=rank, pods=count, at=coordinator, wait_seconds=wait_seconds)
            jax.config.update("jax_cpu_collectives_implementation", "gloo")  # without effect on GPUs, which take NCCL
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # Python isn't heard while JAX waits; nothing is to save yet
            try:
                jax.distributed.initialize(
                    coordinator,
                    count,
                    rank,
                    cluster_detection_method="deactivate",  # the environment says all; asking Kubernetes takes rights
                    initialization_timeout=wait_seconds,
                    heartbeat_timeout_seconds=HEARTBEAT_SECONDS,
                )
            except Exception as error:
                leave(Failed(f"not all {count} pods met at {coordinator} within {wait_seconds} s: {error}"))
        return cls(rank, count, Mesh(np.array(jax.devices()), ("data",)))

    @property
    def is_first(self) -> bool:
        """The first pod alone reads and writes checkpoints, metrics and the model card."""
        return self.rank == 0

    def split(self, batch: np.ndarray) -> jax.Array:
        """A batch that every pod knows, as one array split over all devices; this pod hands in its own rows."""
        own = len(batch) // self.count
        rows = batch[self.rank * own : (self.rank + 1) * own]
        return jax.make_array_from_process_local_data(
            NamedSharding(self.mesh, PartitionSpec("data")), rows, batch.shape
        )

    def everywhere(self, tree: Any) -> Any:
        """The same arrays on every device, taken from the first pod."""
        if self.count > 1:
            tree = multihost_utils.broadcast_one_to_all(tree)
        return jax.device_put(tree, NamedSharding(self.mesh, PartitionSpec()))

    def agree(self, asked: bool, steps: int) -> tuple[bool, int]:
        """Whether any pod was asked to stop, as none can go on alone; and after how many steps to talk again."""
        if self.count == 1:
            return asked, 1
        said = multihost_utils.process_allgather(np.array([asked, steps], np.int32))
        return bool(said[:, 0].any()), int(said[0, 1])

    @contextmanager
    def together(self) -> Iterator[None]:
        """However one of several pods fails, it says why and is gone soon, as none of the others can go on without it.
        One pod alone ends as any program does."""
        try:
            yield
        except BaseException as error:
            if self.count == 1:
                raise
            if isinstance(error, jax.errors.JaxRuntimeError):
                error = Failed(f"a pod of the {self.count} is lost; all start again from the checkpoint: {error}")
            leave(error)


def must_be_free(coordinator: str) -> None:
    """The first pod listens there for the others. Raises Failed, as JAX itself doesn't name the cause."""
    port = int(coordinator.rpartition(":")[2])
    try:
        socket.create_server(("", port)).close()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise Failed(f"can't listen for the other pods on port {port}: {why}; name another port") from error


def leave(error: BaseException) -> NoReturn:
    """Say why, and end without JAX's own farewell, which waits minutes for pods that won't answer."""
    code, line = exits.told(error)
    try:
        exits.say_why("spectral-training", line)
        if isinstance(error, Final | Stopped):  # the others come to the same end, each by itself
            say_farewell()
    finally:
        os._exit(code)


def say_farewell() -> None:
    """Wait until all pods are here: the first has JAX's coordinator, without which the others are aborted."""
    farewell = threading.Thread(target=jax.distributed.shutdown, daemon=True)
    farewell.start()
    farewell.join(FAREWELL_SECONDS)
