"""Defines what a recorded state of an object says: a pod's phase, a node's pool, whose a pod is, what an HPA scales.

A state is the `fields` of a record, as `kinds` makes them. Pure functions.
"""

from podzol.elasticity.kinds import Fields
from podzol.elasticity.lives import Life
from podzol.elasticity.no_room import is_of_volume

SYSTEM_NAMESPACES = ("kube-system", "kube-node-lease", "kube-public")
SYSTEM_OWNERS = ("DaemonSet/", "Node/")
OTHER_POOL = "no pool"
"""Nodes without a label that names a pool."""
PHASES = ("running", "stopping", "starting", "no room", "failed", "completed")
"""Of pods. `no room`: no node fits; `starting`: until ready, with or without a node, or a volume."""
ENDED = ("Succeeded", "Failed")


def system(life: Life) -> bool:
    """Whether a pod is the system's, not a workload's."""
    return life.namespace in SYSTEM_NAMESPACES or life.last.get("owner", "").startswith(SYSTEM_OWNERS)


def pool(state: Fields) -> str:
    """The pool of a node or of a claim."""
    return state.get("pool") or OTHER_POOL


def phase(state: Fields) -> str:
    """Which of `PHASES` a pod is in."""
    said = state.get("phase")
    if said in ENDED:
        return "completed" if said == "Succeeded" else "failed"
    if state.get("leaving"):
        return "stopping"
    if state.get("ready"):
        return "running"
    lacks = state.get("unschedulable")
    return "no room" if lacks and not state.get("node") and not is_of_volume(lacks) else "starting"


def holds_node(state: Fields) -> bool:
    """Whether a pod takes room on a node."""
    return bool(state.get("node")) and state.get("phase") not in ENDED


def whose(pod: Life) -> str:
    """The workload that a pod is of, as people call it."""
    kind, _, name = pod.last.get("owner", "").partition("/")
    return f"the job {name}" if kind == "Job" else name or pod.name


def scaled_by(scaler: Life) -> tuple[str, str]:
    """Namespace and name of the Deployment that an HPA scales."""
    kind, _, name = scaler.last.get("target", "").partition("/")
    return (scaler.namespace, name) if kind == "Deployment" else ("", "")
