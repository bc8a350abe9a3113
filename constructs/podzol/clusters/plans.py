"""Defines what the scripts say before they do anything: what is made, and what it costs an hour."""

from collections.abc import Iterator

from podzol.clusters.machines import PRICE_REGIONS
from podzol.clusters.prices import cluster_price, pool_price, written
from podzol.clusters.spec import Cloud, ClusterSpec, Pool
from podzol.clusters.system_pool import nodes_at_least, pools_of

SERVICE = {"eks": "EKS", "gke": "GKE"}


def creation_plan(spec: ClusterSpec, cloud: Cloud) -> str:
    """What create.sh will do."""
    place, price = spec.place(cloud), cluster_price(spec, cloud)
    assert place is not None
    return "\n".join(
        [
            f"This makes the {SERVICE[cloud]} cluster {spec.name} in {place.region}, "
            f"Kubernetes {spec.kubernetes_version}:",
            "- a network with private nodes behind a NAT gateway, and a control plane",
            *(f"- {line}" for line in _pools(spec, cloud)),
            *(f"- the bucket {bucket.name}" for bucket in spec.buckets),
            f"It costs {written(price.least)} to {written(price.most)} USD an hour for machines and control plane",
            f"(list prices of {PRICE_REGIONS[cloud]}; disks, NAT gateway, logs and traffic come on top).",
        ]
    )


def deletion_plan(spec: ClusterSpec, cloud: Cloud) -> str:
    """What delete.sh will do."""
    place = spec.place(cloud)
    assert place is not None
    return "\n".join(
        [
            f"This deletes the {SERVICE[cloud]} cluster {spec.name} in {place.region} with all that runs on it.",
            "Buckets and the disks of retained volumes stay.",
        ]
    )


def _pools(spec: ClusterSpec, cloud: Cloud) -> Iterator[str]:
    for pool in pools_of(spec, cloud):
        price = pool_price(spec, pool, cloud)
        yield (
            f"{pool.name}: {nodes_at_least(spec, pool, cloud)} to {pool.max} {pool.capacity_type} nodes of "
            f"{machine_words(pool, cloud)}, "
            f"{written(price.least)} to {written(price.most)} USD an hour"
        )


def machine_words(pool: Pool, cloud: Cloud) -> str:
    """Machine types and GPUs of a pool, for people."""
    gpus = f" with {pool.accelerator.count} {pool.accelerator.type}" if pool.accelerator else ""
    return " or ".join(pool.machines.of(cloud)) + gpus
