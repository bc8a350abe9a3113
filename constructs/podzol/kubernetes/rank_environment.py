"""Defines: what the program of a rank is told: how many there are, which it is, and where the first one is found.

A pod has the host name JOB-RANK in one headless Service, whatever object holds it, so all are told the same.

Sources, read on 2026-11-23:
- host names of an Indexed Job: https://kubernetes.io/docs/tasks/job/job-with-pod-to-pod-communication/
- torchrun reads PET_*: https://docs.pytorch.org/docs/stable/elastic/run.html; MASTER_ADDR, WORLD_SIZE and the rest:
  https://docs.pytorch.org/docs/stable/distributed.html#environment-variable-initialization
- jax.distributed: https://docs.jax.dev/en/latest/_autosummary/jax.distributed.initialize.html; JAX_NUM_PROCESSES and
  JAX_PROCESS_ID are Trainer's words: https://github.com/kubeflow/trainer/blob/v2.3.0/pkg/runtime/framework/plugins/jax/jax.go
"""

from typing import Any

from podzol.kubernetes.labels import object_name
from podzol.kubernetes.retries import NAME_OF_ITS_JOB
from podzol.template import to_str, when

SUFFIX = "-ranks"
"""Of the headless Service, which is the subdomain of the pods."""
JOB_NAME = "PODZOL_JOB_NAME"


def rank_environment(v: Any, release: Any, devices: Any) -> list[Any]:
    """The environment entries of a rank. `devices`: processes of a torchrun."""
    d = v.distributed
    first = f"$({JOB_NAME})-0." + object_name(release, SUFFIX)
    told = variables(first, to_str(d.port), to_str(d.nodes), to_str(devices))
    return [when(d.enabled, {"name": name, **entry}) for name, entry in told.items()]


def variables(first: Any, port: Any, nodes: Any, devices: Any) -> dict[str, dict[str, Any]]:
    """Variables by name, in the order that `$(...)` needs."""
    rank = {
        "valueFrom": {"fieldRef": {"fieldPath": "metadata.annotations['batch.kubernetes.io/job-completion-index']"}}
    }
    return {
        JOB_NAME: {"valueFrom": NAME_OF_ITS_JOB},
        "MASTER_ADDR": {"value": first},
        "MASTER_PORT": {"value": port},
        "WORLD_SIZE": {"value": nodes},
        "RANK": rank,
        "PET_NNODES": {"value": nodes},
        "PET_NODE_RANK": rank,
        "PET_NPROC_PER_NODE": {"value": devices},
        "PET_MASTER_ADDR": {"value": first},
        "PET_MASTER_PORT": {"value": port},
        "JAX_COORDINATOR_ADDRESS": {"value": first + ":" + port},
        "JAX_NUM_PROCESSES": {"value": nodes},
        "JAX_PROCESS_ID": rank,
    }


NAMES = tuple(variables("", "", "", ""))
"""Variables that a rank is told, which the values must not set."""
