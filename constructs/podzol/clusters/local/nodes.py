"""Defines the Node objects of the local cluster that are there from the start: those of a pool's floor, and any others.

Does not define the nodes that come and go: Karpenter makes them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from podzol.clusters.local.instance_types import instance_type_name
from podzol.clusters.local.pace import Join
from podzol.clusters.nodes import NodeShape, node_shapes
from podzol.clusters.spec import ClusterSpec, Pool
from podzol.kubernetes.node_labels import HOSTNAME, INSTANCE_TYPE, ZONE

SIMULATED = {"kwok.x-k8s.io/node": "fake"}
"""Annotation of a node that kwok plays. Source: https://kwok.sigs.k8s.io/docs/user/kwok-manage-nodes-and-pods/
(2026-11-23)."""
RUN = "podzol.dev/run"
"""Label of a node whose pods really run (its value is "true"): kwok leaves it alone, and an agent is its kubelet."""
FLOOR = "floor"
"""In the name of a node that Karpenter knows nothing of."""


def simulated_node(
    name: str,
    labels: Mapping[str, str],
    taints: Sequence[Mapping[str, str]],
    resources: Mapping[str, str],
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A Node object with all that a kubelet would tell of its machine, to be played by kwok."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {**SIMULATED, **(annotations or {})},
            "labels": {**labels, HOSTNAME: name},
        },
        **({"spec": {"taints": [dict(taint) for taint in taints]}} if taints else {}),
        "status": {"capacity": dict(resources), "allocatable": dict(resources)},
    }


def floor_nodes(spec: ClusterSpec) -> list[dict[str, Any]]:
    """The nodes that are always there, spread over their pool's zones."""
    return [
        floor_node(spec, node_shapes(spec, pool, "local")[0], number)
        for pool in spec.pools
        for number in range(pool.min)
    ]


def floor_node(
    spec: ClusterSpec, shape: NodeShape, number: int, annotations: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A node that Karpenter knows nothing of: it has no label of Karpenter's, so it is never removed."""
    own = {key: value for key, value in shape.cloud_labels.items() if not key.startswith("karpenter.sh/")}
    labels = {
        **own,
        INSTANCE_TYPE: instance_type_name(spec, shape),
        ZONE: shape.zones[number % len(shape.zones)],
        **shape.labels,
    }
    taints = [taint.model_dump() for taint in shape.taints]
    resources = shape.allocatable.quantities()
    return simulated_node(f"{shape.pool}-{FLOOR}-{number}", labels, taints, resources, annotations)


def joining(pool: Pool, join: Join) -> dict[str, str]:
    """The annotations of a node that takes its time to be Ready: `podzol/local/manifests/nodes.yaml` reads them."""
    simulated = {"ready": f"{join.ready}s"}
    if pool.accelerator:
        simulated |= {"gpu": f"{join.gpu}s", "gpus": str(pool.accelerator.count)}
    return {f"podzol.dev/simulated-{name}": value for name, value in simulated.items()}
