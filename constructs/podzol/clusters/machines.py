"""Defines `Machine`: what a machine type of EC2 or Compute Engine has and costs, from `tables/machines-*.csv`.

Does not define what a Kubernetes node on it offers (`allocatable.py`).
"""

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from podzol.clusters import tables
from podzol.clusters.spec import Accelerator, CapacityType, Cloud

PRICE_REGIONS: Mapping[Cloud, str] = {"eks": "us-east-1", "gke": "us-central1"}
"""Regions whose prices the tables hold; other regions differ by some percent."""
ATTACHED_COUNTS = (1, 2, 4)
"""T4 GPUs that an N1 machine takes. Source: https://cloud.google.com/compute/docs/gpus#t4-gpus (2026-11-23)."""


@dataclass(frozen=True)
class Machine:
    """A machine type."""

    cloud: Cloud
    name: str
    kind: Literal["general", "compute", "memory", "storage", "gpu"]
    vcpu: int
    memory_gib: float
    arch: Literal["amd64", "arm64"]
    accelerator: str
    """GPU type built in; empty when there is none."""
    gpus: int
    attaches: str
    """GPU type that can be added (N1 machines on Google Cloud); empty when none can."""
    local_ssd_gb: int
    """Built-in local disks, in all; 0 when there are none."""
    boot_disk: str
    """Type of the boot disk; newer machines on Google Cloud take Hyperdisk only."""
    max_pods: int
    """EKS: by network interfaces. GKE: the default of 110 a node."""
    on_demand_usd: float | None
    """List price an hour; None when no source that can be cited has one."""
    spot_usd: float | None
    """Typical spot price an hour; None when no source that can be cited has one."""

    def price_usd(self, capacity_type: CapacityType, accelerator: Accelerator | None = None) -> float | None:
        """Price an hour in US dollars, attached GPUs included; None when it isn't known."""
        price = self.spot_usd if capacity_type == "spot" else self.on_demand_usd
        if price is None or accelerator is None or not self.attaches:
            return price
        gpu = attached_gpu_usd(accelerator.type, capacity_type)
        return None if gpu is None else price + gpu * accelerator.count

    def carries(self, accelerator: Accelerator | None) -> bool:
        """Whether a node on this machine has exactly these GPUs."""
        if self.attaches:
            return accelerator is None or (accelerator.type == self.attaches and accelerator.count in ATTACHED_COUNTS)
        if accelerator is None:
            return not self.gpus
        return (accelerator.type, accelerator.count) == (self.accelerator, self.gpus)


def machines(cloud: Cloud) -> Mapping[str, Machine]:
    """Every machine type of a cloud that is known, by name."""
    return _machines(cloud)


def nearest(cloud: Cloud, name: str) -> list[str]:
    """Names close to one that isn't known, best first."""
    return difflib.get_close_matches(name, machines(cloud), n=3, cutoff=0.6)


@functools.cache
def _machines(cloud: Cloud) -> Mapping[str, Machine]:
    table = "machines-ec2.csv" if cloud == "eks" else "machines-gce.csv"
    return {row["machine"]: _machine(cloud, row) for row in tables.rows(table)}


def _machine(cloud: Cloud, row: Mapping[str, str]) -> Machine:
    return Machine(
        cloud=cloud,
        name=row["machine"],
        kind=row["kind"],  # type: ignore[arg-type]
        vcpu=int(row["vcpu"]),
        memory_gib=float(row["memory_gib"]),
        arch=row["arch"],  # type: ignore[arg-type]
        accelerator=row["accelerator"],
        gpus=int(row["gpus"] or 0),
        attaches=row["attaches"],
        local_ssd_gb=int(row["local_ssd_gb"] or 0),
        boot_disk=row["boot_disk"],
        max_pods=int(row["max_pods"]),
        on_demand_usd=_price(row["on_demand_usd"]),
        spot_usd=_price(row["spot_usd"]),
    )


def _price(cell: str) -> float | None:
    return float(cell) if cell else None


@functools.cache
def accelerators() -> Mapping[str, Mapping[str, str]]:
    """Rows of `accelerators.csv` by GPU type."""
    return {row["accelerator"]: row for row in tables.rows("accelerators.csv")}


def attached_gpu_usd(accelerator: str, capacity_type: CapacityType) -> float | None:
    """Price an hour of one GPU added to an N1 machine."""
    row = accelerators()[accelerator]
    return _price(row["attach_spot_usd"] if capacity_type == "spot" else row["attach_on_demand_usd"])
