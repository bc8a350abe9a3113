"""The table of causes: each a pure function from a case to findings, in the order in which a pod comes to life."""

from collections.abc import Callable, Iterator

from podzol.why.case import Case
from podzol.why.causes import (
    admission,
    autoscaling,
    containers,
    controllers,
    cron,
    deletion,
    disruption,
    images,
    interruptions,
    jobs,
    nodes,
    pools,
    probes,
    queue,
    quota,
    references,
    release,
    rollout,
    scale,
    services,
    starting,
    volumes,
)
from podzol.why.findings import Finding

CAUSES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    deletion.causes,
    scale.causes,
    queue.causes,
    cron.causes,
    controllers.causes,
    quota.causes,
    admission.causes,
    volumes.causes,
    references.causes,
    interruptions.causes,
    nodes.causes,
    pools.causes,
    images.causes,
    containers.causes,
    probes.causes,
    autoscaling.causes,
    services.causes,
    jobs.causes,
    rollout.causes,
    release.causes,
    starting.causes,
    disruption.causes,
)
"""Of two findings of one rank the earlier is the likelier reason: what is later in a pod's life waits for it."""
