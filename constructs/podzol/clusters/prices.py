"""Defines what a cluster costs an hour, at its least and at its most: control plane and machines.

Disks, traffic, the NAT gateway and logs come on top. Prices are those of one region (`machines.PRICE_REGIONS`).
Does not define what a workload costs over a month.
"""

import functools
from dataclasses import dataclass

from podzol.clusters import tables
from podzol.clusters.nodes import node_shapes
from podzol.clusters.spec import Cloud, ClusterSpec, Pool, Provider
from podzol.clusters.system_pool import nodes_at_least, pools_of


@dataclass(frozen=True)
class HourlyPrice:
    """US dollars an hour; None where a machine's price isn't known."""

    least: float | None
    """With every pool at its min."""
    most: float | None
    """With every pool at its max."""


@functools.cache
def control_plane_usd(cloud: Cloud) -> float:
    """Fee of a control plane an hour."""
    return next(float(row["usd_hour"]) for row in tables.rows("fees.csv") if row["cloud"] == cloud)


def pool_price(spec: ClusterSpec, pool: Pool, provider: Provider) -> HourlyPrice:
    """Price of a pool: its cheapest machine type at min, its dearest at max."""
    least = nodes_at_least(spec, pool, provider)
    prices = [shape.price_usd for shape in node_shapes(spec, pool, provider)]
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        return HourlyPrice(None if least else 0.0, None)
    return HourlyPrice(least * min(known), pool.max * max(known))


def cluster_price(spec: ClusterSpec, provider: Provider) -> HourlyPrice:
    """Price of a cluster."""
    pools = [pool_price(spec, pool, provider) for pool in pools_of(spec, provider)]
    fee = control_plane_usd(spec.cloud_of(provider))
    return HourlyPrice(_sum(fee, [each.least for each in pools]), _sum(fee, [each.most for each in pools]))


def _sum(fee: float, prices: list[float | None]) -> float | None:
    known = [price for price in prices if price is not None]
    return fee + sum(known) if len(known) == len(prices) else None


def written(price: float | None) -> str:
    """A price for people."""
    return "unknown" if price is None else f"{price:.2f}"
