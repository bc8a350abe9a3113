"""Defines: ranks whose programs start only when all of them have a machine, by an init container. Does not define: what
it does (`await_ranks.py`), nor a queue that admits all or none (Kueue's, by `queueName`).
Source: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/, 2026-11-23.
"""

from pathlib import Path
from typing import Any

from podzol.kubernetes.container import Image, image_reference
from podzol.kubernetes.labels import object_name
from podzol.kubernetes.rank_environment import JOB_NAME, SUFFIX
from podzol.kubernetes.retries import NAME_OF_ITS_JOB, PYTHON
from podzol.kubernetes.security import container_security_context
from podzol.template import all_of, or_else, pick, to_str, when
from podzol.values import Values

PROGRAM = Path(__file__).with_name("await_ranks.py").read_text(encoding="utf-8")


class StartTogether(Values):
    """An init container that waits until every rank has a machine."""

    enabled: bool = False
    """Whether it does. Else a program waits for the others by itself, for as long as it is made to."""
    image: Image = PYTHON
    """Container image with Python 3.8 or newer; nothing else is needed of it."""


def awaiting_container(v: Any, release: Any) -> Any:
    """The init container, if it is asked for."""
    d = v.distributed
    return when(
        all_of(d.enabled, d.start_together.enabled),
        {
            "name": "await-ranks",
            "image": image_reference(d.start_together.image),
            "imagePullPolicy": d.start_together.image.pull_policy,
            "command": ["python3", "-c", PROGRAM],
            "env": [
                {"name": JOB_NAME, "valueFrom": NAME_OF_ITS_JOB},
                {"name": "SERVICE", "value": object_name(release, SUFFIX)},
                {"name": "NODES", "value": to_str(d.nodes)},
            ],
            "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "32Mi"}},
            "securityContext": container_security_context(v.security_context),
        },
    )


def what_awaits(d: Any) -> Any:
    """A text that changes with the init container, empty without one."""
    image = d.start_together.image
    told = image.repository + ":" + image.tag + "@" + or_else(image.digest, "") + " " + image.pull_policy
    return pick(d.start_together.enabled, told, "")
