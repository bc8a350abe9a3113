"""Which pod of how many this is.

Reads JAX's own variables or torchrun's, whichever the cluster sets; none of them means one pod:
JAX_COORDINATOR_ADDRESS, JAX_NUM_PROCESSES, JAX_PROCESS_ID, or MASTER_ADDR, MASTER_PORT, WORLD_SIZE, RANK.
Sources: https://docs.jax.dev/en/latest/_autosummary/jax.distributed.initialize.html,
https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables (2026-11-23)
"""

from __future__ import annotations

from collections.abc import Mapping

from lifecycle import Final


def place(environment: Mapping[str, str]) -> tuple[str, int, int]:
    """The coordinator's address (HOST:PORT), the number of pods, this pod's rank. Raises Final on half an answer."""
    if "JAX_COORDINATOR_ADDRESS" in environment:
        names, where = ("JAX_NUM_PROCESSES", "JAX_PROCESS_ID"), "JAX_COORDINATOR_ADDRESS"
        address = environment["JAX_COORDINATOR_ADDRESS"]
    elif "WORLD_SIZE" in environment:
        names, where = ("WORLD_SIZE", "RANK"), "MASTER_ADDR and MASTER_PORT"
        address = f"{environment.get('MASTER_ADDR', '')}:{environment.get('MASTER_PORT', '')}"
    else:
        return "", 1, 0
    try:
        count, rank = (int(environment[name]) for name in names)
    except (KeyError, ValueError) as error:
        line = f"{' and '.join(names)} must both be numbers where one is set; check the Job's environment"
        raise Final(line) from error
    if not 0 <= rank < count:
        raise Final(f"{names[1]} must be from 0 to {count - 1}, got {rank}; {names[0]} is {count}")
    host, _, port = address.rpartition(":")
    if count > 1 and not (host and port.isdecimal()):
        raise Final(f"{where} must name a host and a port, got {address!r}; check the Job's environment")
    return address, count, rank
