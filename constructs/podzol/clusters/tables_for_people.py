"""Defines the tables that `podzol cluster show` and `podzol cluster machines` print."""

from rich.table import Table

from podzol.clusters.machines import ATTACHED_COUNTS, PRICE_REGIONS, Machine, machines
from podzol.clusters.nodes import node_shapes
from podzol.clusters.prices import cluster_price, control_plane_usd, pool_price, written
from podzol.clusters.resources import GIB
from podzol.clusters.spec import Cloud, ClusterSpec, Provider
from podzol.clusters.system_pool import nodes_at_least, pools_of
from podzol.faults import Fault, UserError


def pool_table(spec: ClusterSpec, provider: Provider) -> Table:
    """A row a pool and machine type: what the machine has, what its node leaves for workloads, what it costs."""
    table = Table(title=title(spec, provider), title_justify="left", box=None)
    for column in ("pool", "nodes", "machine", "has", "leaves for pods", "USD/h", "pool USD/h"):
        table.add_column(column, no_wrap=column not in ("has", "leaves for pods"))
    for pool in pools_of(spec, provider):
        price = pool_price(spec, pool, provider)
        nodes = f"{nodes_at_least(spec, pool, provider)}..{pool.max} {pool.capacity_type}"
        for number, shape in enumerate(node_shapes(spec, pool, provider)):
            table.add_row(
                *((pool.name, nodes) if number == 0 else ("", "")),
                shape.machine.name,
                f"{shape.machine.vcpu} CPU, {shape.machine.memory_gib:g} GiB" + _gpu_count(shape.allocatable.gpus),
                f"{shape.free.cpu_milli / 1000:.2f} CPU, {shape.free.memory_bytes / GIB:.1f} GiB",
                _price(shape.price_usd) or "unknown",
                f"{written(price.least)}..{written(price.most)}" if number == 0 else "",
            )
    return table


def title(spec: ClusterSpec, provider: Provider) -> str:
    """Which cluster, where."""
    cloud = spec.cloud_of(provider)
    place = spec.place(cloud)
    where = f"like {cloud.upper()}" if provider == "local" else place.region if place else ""
    return f"{spec.name} on {provider.upper() if provider != 'local' else 'the local cluster'}, {where}"


def closing_line(spec: ClusterSpec, provider: Provider) -> str:
    """The sum, and what it leaves out."""
    cloud, price = spec.cloud_of(provider), cluster_price(spec, provider)
    return (
        f"{written(price.least)} to {written(price.most)} USD an hour with the control plane "
        f"({control_plane_usd(cloud):.2f}); list prices of {PRICE_REGIONS[cloud]}, without disks, NAT and traffic"
    )


def machine_table(cloud: str, only_gpus: bool) -> Table:
    """Every machine type of a cloud. Raises UserError for another word."""
    if cloud not in PRICE_REGIONS:
        raise UserError([Fault("CLOUD", "must be eks or gke", cloud)])
    of: Cloud = "eks" if cloud == "eks" else "gke"
    table = Table(box=None)
    for column in ("machine", "kind", "vCPU", "GiB", "GPUs", "USD/h", "spot USD/h"):
        table.add_column(column, no_wrap=True)
    for machine in machines(of).values():
        if machine.gpus or machine.attaches or not only_gpus:
            table.add_row(
                machine.name,
                machine.kind,
                str(machine.vcpu),
                f"{machine.memory_gib:g}",
                _gpus(machine),
                _price(machine.on_demand_usd),
                _price(machine.spot_usd),
            )
    return table


def _gpus(machine: Machine) -> str:
    if machine.attaches:
        return f"up to {max(ATTACHED_COUNTS)} {machine.attaches}"
    return f"{machine.gpus} {machine.accelerator}" if machine.gpus else ""


def _gpu_count(gpus: int) -> str:
    return f", {gpus} GPU" if gpus else ""


def _price(price: float | None) -> str:
    return "" if price is None else f"{price:.3f}"
