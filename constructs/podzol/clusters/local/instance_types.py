"""Defines the instance types of Karpenter's kwok provider: the spec's machines, what they offer, and their prices.

Source: kwok/cloudprovider/helpers.go of sigs.k8s.io/karpenter v1.14.1 (2026-11-23).
"""

from typing import Any

from podzol.clusters.nodes import NodeShape, node_shapes
from podzol.clusters.resources import MIB, Resources
from podzol.clusters.spec import ClusterSpec
from podzol.kubernetes.node_labels import ZONE

KWOK_OVERHEAD = Resources(cpu_milli=100, memory_bytes=10 * MIB)
"""What the kwok provider takes off every machine; it is added first, so that nodes offer what the cloud's would."""
NODES = "nodes"
"""By this name Karpenter counts a pool's nodes, of which its limits can say the most. A machine is one; without that
being said, Karpenter would order as many at once as it likes. By CPU it can't count here: the kwok provider takes what
a machine was asked for as all that it has."""
UNKNOWN_PRICE_USD = 1_000.0
"""For a machine whose price no source has: Karpenter wants a number, and takes the cheapest that fits."""


def instance_types(spec: ClusterSpec) -> list[dict[str, Any]]:
    """One entry a pool and machine type."""
    return [instance_type(spec, shape) for pool in spec.pools for shape in node_shapes(spec, pool, "local")]


def instance_type_name(spec: ClusterSpec, shape: NodeShape) -> str:
    """The machine's name; with the pool's where two pools have it, for disks and GPUs may differ."""
    pools = [pool for pool in spec.pools if shape.machine.name in pool.machines.of(shape.machine.cloud)]
    return shape.machine.name if len(pools) == 1 else f"{shape.machine.name}.{shape.pool}"


def instance_type(spec: ClusterSpec, shape: NodeShape) -> dict[str, Any]:
    """A machine as the kwok provider reads it. The keys' case is the provider's own."""
    price = UNKNOWN_PRICE_USD if shape.price_usd is None else shape.price_usd
    return {
        "name": instance_type_name(spec, shape),
        "architecture": shape.machine.arch,
        "operatingSystems": ["linux"],
        "resources": {**(shape.allocatable + KWOK_OVERHEAD).quantities(), NODES: "1"},
        "offerings": [
            {
                "Price": price,
                "Available": True,
                "Requirements": [
                    _one_of("karpenter.sh/capacity-type", shape.capacity_type),
                    _one_of(ZONE, zone),
                ],
            }
            for zone in shape.zones
        ],
    }


def _one_of(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": [value]}
