"""Several pods that train as one: how they meet, and what they tell each other."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import jax
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import lifecycle
from lifecycle import Failed, say
from spectral_training.place import place

HEARTBEAT_SECONDS = 60
"""A pod that is silent this long counts as lost (a busy machine may be silent for a while); a broken connection is
noticed at once."""


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
                leave_at_once(Failed(f"not all {count} pods met at {coordinator} within {wait_seconds} s: {error}"))
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
        """Turns a lost pod into Failed, and ends this one without waiting for it."""
        try:
            yield
        except jax.errors.JaxRuntimeError as error:
            if self.count == 1:
                raise
            leave_at_once(Failed(f"a pod of the {self.count} is lost; all start again from the checkpoint: {error}"))
        except lifecycle.Ending as ending:
            if self.count == 1:
                raise
            leave_at_once(ending)


def must_be_free(coordinator: str) -> None:
    """The first pod listens there for the others. Raises Failed, as JAX itself doesn't name the cause."""
    port = int(coordinator.rpartition(":")[2])
    try:
        socket.create_server(("", port)).close()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise Failed(f"can't listen for the other pods on port {port}: {why}; name another port") from error


def leave_at_once(ending: lifecycle.Ending) -> NoReturn:
    """End without JAX's farewell, which waits for pods that won't answer."""
    try:
        lifecycle.exits.leave("spectral-training", str(ending), ending.code)
    finally:
        os._exit(ending.code)
