"""Clusters that Podzol's Helm charts fit: one `ClusterSpec`, generated for EKS, GKE and the local cluster.

spec = load_spec("soil")                       # a bundled name or a file; UserError with every fault
node_shapes(spec, spec.pools[0], "gke")        # what a node of the pool is: labels, taints, allocatable, price
"""

from podzol.clusters.machines import Machine, machines
from podzol.clusters.nodes import NodeShape, node_shapes
from podzol.clusters.resources import Resources
from podzol.clusters.spec import ClusterSpec, Pool, Provider
from podzol.clusters.specs import bundled, load_spec, parse_spec

__all__ = [
    "ClusterSpec",
    "Machine",
    "NodeShape",
    "Pool",
    "Provider",
    "Resources",
    "bundled",
    "load_spec",
    "machines",
    "node_shapes",
    "parse_spec",
]
