"""Defines `Service`: a data API that grows with its load, how a scenario drives it, and what it may claim of that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from podzol.elasticity.words import number
from podzol.kubernetes.accelerators import CPU_POOL
from podzol.local.load.driver import Driver
from podzol.local.load.shapes import shaped
from podzol.scenarios import points
from podzol.scenarios.claims import Claim, all_served, in_order, only_on, pool_from_to, replicas_from_to, within
from podzol.scenarios.seen import Seen
from podzol.scenarios.settings import SLACK_SECONDS, Settings
from podzol.scenarios.stage import NAMESPACE, Stage

TARGET_PERCENT = 50
"""Of the CPU request: the HPA's target."""
COST_CORE_SECONDS = 0.02
"""CPU of a request to the data API."""
NEARLY = 0.97
"""Of what brings one replica more: the load is put just below."""
FOREVER_SECONDS = 3600.0
"""A load that a scenario ends by itself."""
DATA = "spectra"
"""Release of the dataset that the service reads."""


@dataclass(frozen=True)
class Service:
    """A release of `cpu-autoscaled-service` on cpu-pool, and how far its load makes it grow."""

    release: str
    cpu_milli: int
    """Request of a replica."""
    limit_milli: int | None
    """None: as much as its node has."""
    least: int
    most: int
    """Replicas: the bounds of its HPA."""
    grown: int
    """Replicas that the load makes necessary."""
    nodes: int
    """Of cpu-pool that those need."""

    @property
    def requests(self) -> float:
        """A second, at the peak: so many that `grown` replicas are just below the HPA's target."""
        cores = self.grown * self.cpu_milli / 1000 * TARGET_PERCENT / 100 * NEARLY
        return cores / COST_CORE_SECONDS

    def values(self, settings: Settings) -> dict[str, Any]:
        """Of the Helm chart; the rest as it has it."""
        limits = {"limits": {"cpu": f"{self.limit_milli}m"}} if self.limit_milli else {}
        window = {"stabilizationWindowSeconds": settings.scale_down_window}
        return {
            "fullnameOverride": self.release,
            "pool": CPU_POOL,
            "datasets": [{"claim": DATA, "path": "/data", "readOnly": True}],
            "resources": {"requests": {"cpu": f"{self.cpu_milli}m", "memory": "256Mi"}, **limits},
            "autoscaling": {
                "minReplicas": self.least,
                "maxReplicas": self.most,
                "targetCpuPercent": TARGET_PERCENT,
                "scaleDown": window,
            },
            "podAnnotations": {"podzol.dev/simulated-startup": f"{settings.startup}s"},
        }


def drive(stage: Stage, service: Service) -> None:
    """Install it, put the load on until all of it is served for a while, end the load, and wait until all is back."""
    settings, release = stage.settings, service.release
    stage.say(
        f"The Helm chart cpu-autoscaled-service is installed as {release}: {service.least} to {service.most} replicas "
        f"on {CPU_POOL}, each asking for {number(service.cpu_milli / 1000)} CPUs; more when they use over "
        f"{TARGET_PERCENT} % of them"
    )
    stage.install(DATA, "dataset-volume", {"fullnameOverride": DATA})
    stage.install(release, "cpu-autoscaled-service", service.values(settings))
    stage.until(f"{service.least} replicas are ready", ready(release, service.least), settings.capacity(CPU_POOL))
    with stage.load(release, shaped("step", service.requests, FOREVER_SECONDS, COST_CORE_SECONDS)) as driver:
        growing = 3 * settings.answer + settings.capacity(CPU_POOL)
        stage.until(f"{service.grown} replicas serve all of the load", serves_all(driver, service.grown), growing)
        stage.say(f"All of the load is served; it goes on for {settings.hold} s and ends")
        stage.pause(settings.hold)
    back = f"{release} is back at {service.least} replicas"
    stage.until(back, ready(release, service.least, True), settings.scale_down_window + settings.answer)
    stage.until_back(CPU_POOL)
    moved = settings.startup + SLACK_SECONDS  # the last node may have held one of them
    stage.until(back, ready(release, service.least, True), moved)


def ready(release: str, replicas: int, nothing_else: bool = False) -> Callable[[Seen], bool]:
    """Whether so many pods of a release are ready, and, if that is meant, no other one is there."""

    def holds(seen: Seen) -> bool:
        phases = seen.phases(NAMESPACE, release)
        return phases["running"] >= replicas and (not nothing_else or phases.total() == replicas)

    return holds


def serves_all(driver: Driver, replicas: int) -> Callable[[Seen], bool]:
    """Whether so many pods are there and leave nothing unserved."""

    def holds(seen: Seen) -> bool:
        _, done = driver.answered[-1]
        return len(done.cpu_cores) >= replicas and done.unserved <= 1e-6 * done.offered

    return holds


def service_claims(service: Service, settings: Settings) -> list[Claim]:
    """What is true of a service that was driven, whatever its size."""
    release = service.release
    begins, ends = points.load_begins(), points.load_ends()
    grown, shrunk = points.grown(release, service.grown), points.shrunk(release, service.least)
    claims = [
        replicas_from_to(release, service.least, service.grown, service.most),
        within(settings.answer, begins, points.wanted(release, service.least + 1)),
        all_served(release, grown, ends),
        within(settings.scale_down_window + settings.answer, ends, shrunk),
        only_on(CPU_POOL, release),
    ]
    floor = settings.floor(CPU_POOL)
    if service.nodes <= floor:
        return [*claims, in_order(begins, grown, ends, shrunk), pool_from_to(CPU_POOL, floor, floor, floor)]
    room, placed, back = points.no_room(release), points.all_placed(release), points.back(CPU_POOL, floor)
    order = (begins, points.wanted(release, service.least + 1), room, points.ordered(CPU_POOL))
    return [
        *claims,
        in_order(*order, points.joined(CPU_POOL), placed, ends, shrunk, back),
        pool_from_to(CPU_POOL, floor, service.nodes, settings.most(CPU_POOL)),
        within(settings.capacity(CPU_POOL), points.last_without_room(release), placed),
        within(settings.removal, shrunk, back),
    ]
