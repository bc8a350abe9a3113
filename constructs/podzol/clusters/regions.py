"""Defines the regions and zones of each cloud, from `tables/regions.csv`, and the Kubernetes versions it runs."""

import functools
from collections.abc import Mapping

from podzol.clusters import tables
from podzol.clusters.spec import Cloud


@functools.cache
def regions(cloud: Cloud) -> Mapping[str, tuple[str, ...]]:
    """Zones by region."""
    return {row["region"]: tuple(row["zones"].split()) for row in tables.rows("regions.csv") if row["cloud"] == cloud}


@functools.cache
def kubernetes_versions(cloud: Cloud) -> tuple[str, ...]:
    """Minor versions of Kubernetes that a cloud runs, oldest first."""
    return tuple(row["version"] for row in tables.rows("kubernetes-versions.csv") if row["cloud"] == cloud)
